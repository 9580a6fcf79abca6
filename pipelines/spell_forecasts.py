"""The weekly word of the released model: spell risks, prices and reasons of every series, kept and read back.

It speaks on Sundays, from what the Sunday knew; the days after it use that word until the next one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.fitting import KIND
from pipelines.knowledge import Knowledge
from pipelines.market_grid import weeks_of_frames
from pipelines.reported_weeks import with_reports
from pipelines.sundays import last_sunday
from warning.cases import Case, nearest_cases
from warning.catalog import Catalog, Market
from warning.drivers import Driver
from warning.forecast_level import ForecastWord, SpellChance
from warning.forecast_reasons import forecast_reasons
from warning.situations import CaseSeries, past_weeks
from warning.store.artifacts import Artifact, read_artifact, released_as_of
from warning.store.engine import Store
from warning.store.forecast_lines import forecast_lines_of
from warning.store.markets import registered_markets
from warning.store.releases import Release, release_for, releases_of
from warning.store.risk_reasons import RiskReasons, reasons_of_day, write_risk_reasons
from warning.store.spell_risks import SpellRisks, latest_spell_risks, spoken_on, write_spell_risks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.market_weeks import MarketWeeks
    from models.reasons import Reasons
    from models.speaker import Spoken
    from models.study import Study

GRADE_WORDS = np.array(["borrowed", "short", "own"])
REASON_WEEKS = 4
"""The horizon whose reasons are told."""
NEVER = 2.0
"""No probability passes it: where no line was chosen, nothing is warned of."""


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """The model's price quantiles of one issue day: series ids, and by horizon in weeks series × 3."""

    series_id: np.ndarray
    quantiles: Mapping[int, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class SundayWord:
    """Everything the released model says on one Sunday."""

    artifact: Artifact
    releases: tuple[Release, ...]
    products: Mapping[int, str]
    """Product of each series that was spoken of."""
    risks: SpellRisks
    prices: Prices
    reasons: list[RiskReasons]


def speak_sunday(store: Store, catalog: Catalog, knowledge: Knowledge, sunday: dt.date) -> SundayWord | None:
    """What the model released by `sunday` says of every series with a price then; None where none is released."""
    from models.artifact import from_bytes
    from models.features.reported import SINCE_WEEKS
    from models.reasons import LINE, reasons
    from models.speaker import speak
    from models.spell_risk import LINES
    from models.study import study

    with store.session() as session:
        artifact = released_as_of(session, KIND, sunday)
        releases = () if artifact is None else releases_of(session, artifact.sha256)
        markets = {**registered_markets(session), **catalog.markets}
    if artifact is None:
        return None
    weeks = weeks_of_frames(knowledge.price, knowledge.volume, knowledge.facts, markets, sunday)
    column = weeks.shape[1] - 1
    weeks = with_reports(store, catalog, weeks, sunday, since=max(column - SINCE_WEEKS, 0))
    speaker = from_bytes(read_artifact(store, artifact.sha256))
    prepared = study(weeks, LINES, since=column)
    spoken = speak(speaker, prepared, column)
    ids = np.array([int(str(place.key)) for place in weeks.places], dtype=np.int64)[spoken.rows]
    risks = _risks(prepared, spoken, ids, releases, column)
    found = reasons(speaker.fitted.risk, prepared.lined.at(LINE, spoken.cells), REASON_WEEKS)
    cases = _cases(catalog, markets, weeks, spoken.rows, sunday)
    told = [
        RiskReasons(int(series), _documents(found, place, LINE), cases.get(int(row), []))
        for place, (series, row) in enumerate(zip(ids, spoken.rows, strict=True))
    ]
    products = {int(one): weeks.places[row].product for one, row in zip(ids, spoken.rows, strict=True)}
    return SundayWord(artifact, releases, products, risks, Prices(ids, spoken.prices), told)


def to_speak(store: Store, sunday: dt.date) -> bool:
    """Whether a model is released that has not spoken on the Sunday: it was fitted after the Sunday's forecasts."""
    with store.session() as session:
        artifact = released_as_of(session, KIND, sunday)
        return artifact is not None and not spoken_on(session, sunday, artifact.sha256)


def keep_sunday(session: Session, sunday: dt.date, word: SundayWord) -> None:
    """Replace what was said on a Sunday."""
    write_spell_risks(session, sunday, word.risks, artifact=word.artifact.sha256)
    write_risk_reasons(session, sunday, word.reasons)


def price_speaks(word: SundayWord, series_id: int, horizon_days: int) -> Release | None:
    """The release under which the model's prices speak for a series; None where they may not.

    Horizons of prices that no release names are ruled by the next longer one that is named.
    """
    named = sorted({one.horizon_days for one in word.releases})
    ruling = next((days for days in named if days >= horizon_days), named[-1] if named else horizon_days)
    release = release_for(word.releases, word.products[series_id], ruling)
    return release if release is not None and release.speaks in ("champion", "point") else None


def words_of_day(store: Store, day: dt.date) -> dict[int, ForecastWord]:
    """By series, the word of the Sunday on or before a day; empty where none is held that is new enough."""
    sunday = last_sunday(day)
    with store.session() as session:
        artifact = released_as_of(session, KIND, sunday)
        if artifact is None:
            return {}
        warns = {
            (one.line, one.horizon_days): one.probability_line for one in forecast_lines_of(session, artifact.sha256)
        }
        reasons = reasons_of_day(session, sunday)
    held = latest_spell_risks(store, sunday, since=sunday)
    chances: dict[int, list[SpellChance]] = defaultdict(list)
    columns = (held.series_id, held.line, held.horizon_days, held.probability, held.speaks)
    for series, line, days, probability, speaks in zip(*(one.tolist() for one in columns), strict=True):
        chances[series].append(SpellChance(line, days, probability, warns.get((line, days), NEVER), str(speaks)))
    return {
        series: ForecastWord(tuple(found), tuple(_driver(one) for one in reasons.get(series, ())))
        for series, found in chances.items()
    }


def _risks(prepared: Study, spoken: Spoken, ids: np.ndarray, releases: Sequence[Release], column: int) -> SpellRisks:
    """The risks as columns: the model's where it is champion of the product and horizon, else the season's usual."""
    from models.climatology import climatology
    from models.outcomes import spells_at

    weeks = prepared.weeks
    products = np.array([weeks.places[row].product for row in spoken.rows], dtype=object)
    codes = weeks.codes("product")
    parts: list[tuple[np.ndarray, ...]] = []
    usual: dict[float, Any] = {}
    for (line, horizon), probability in spoken.probability.items():
        told, said = probability, ~np.isnan(probability)
        champion = champions(products, releases, 7 * horizon)
        if not champion[said].all():
            spells = usual.setdefault(line, spells_at(weeks, line))
            season = climatology(spells.onset, spells.told(horizon), weeks.sundays, codes, horizon=horizon)
            told = np.where(champion, probability, season[spoken.rows, column])
            said = said & ~np.isnan(told)
        count = int(said.sum())
        speaks = np.where(champion[said], "champion", "baseline")
        columns = (ids[said], np.full(count, line), np.full(count, 7 * horizon), told[said], speaks)
        parts.append((*columns, GRADE_WORDS[spoken.grade[said]]))
    return SpellRisks(*(np.concatenate(column_parts) for column_parts in zip(*parts, strict=True)))


def champions(products: np.ndarray, releases: Sequence[Release], horizon_days: int) -> np.ndarray:
    """Whether the model may speak for each product at a horizon."""
    found = {}
    for product in set(products.tolist()):
        release = release_for(releases, product, horizon_days)
        found[product] = release is not None and release.speaks == "champion"
    return np.array([found[product] for product in products.tolist()], dtype=bool)


def _documents(found: Reasons, place: int, line: float) -> list[dict[str, Any]]:
    """The strongest reasons of one series as documents."""
    weights = {kind: float(values[place]) for kind, values in found.weights.items()}
    values = {kind: float(values[place]) for kind, values in found.values.items()}
    return [
        {"signal": one.signal, "value": one.value, "weight": one.line, "text_zh": one.text_zh, "text_en": one.text_en}
        for one in forecast_reasons(weights, values, line)
    ]


def _driver(document: dict[str, Any]) -> Driver:
    return Driver(document["signal"], document["value"], None, document["text_zh"], document["text_en"])


def _cases(
    catalog: Catalog, markets: Mapping[str, Market], weeks: MarketWeeks, rows: np.ndarray, sunday: dt.date
) -> dict[int, list[dict[str, Any]]]:
    """By row, the nearest past cases as documents; none for a product or market that the catalog does not know."""
    known = [
        row for row, place in enumerate(weeks.places) if place.product in catalog.products and place.market in markets
    ]
    if not known:
        return {}
    series = [
        CaseSeries(catalog.products[weeks.places[row].product], markets[weeks.places[row].market]) for row in known
    ]
    past = past_weeks(weeks.price[known], weeks.sundays, series, sunday)
    at = {row: place for place, row in enumerate(known)}
    asked = [int(row) for row in rows if int(row) in at]
    found = nearest_cases(past, [past.situation(at[row]) for row in asked], events=catalog.documented_gluts.values())
    return {row: [case_document(one) for one in cases] for row, cases in zip(asked, found, strict=True)}


def case_document(case: Case) -> dict[str, Any]:
    """A past case as it is kept and served."""
    document = {name: getattr(case, name) for name in CASE_FIELDS}
    document["day"] = case.day.isoformat()
    if case.event is not None:
        document["event"] = {name: getattr(case.event, name) for name in ("id", "measures_zh", "measures_en", "source")}
    return document


CASE_FIELDS = (
    "product_id",
    "market_id",
    "anomaly",
    "price_change_4w",
    "price_change_8w",
    "spell_began_after_weeks",
    "likeness",
    "text_zh",
    "text_en",
)
