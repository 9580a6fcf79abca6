"""The review of a model's own past forecasts: its skill beside the baselines, its lines, and who may speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.base import Floats
from models.climatology import climatology
from models.corrections import actual_changes, calibrated, corrected
from models.economic_value import economic_value
from models.forecast_lines import ProbabilityLine, probability_line
from models.lead_times import alarms_a_week, lead_times
from models.outcomes import Spells, spells_at
from models.price_skill import PriceSkill, price_skill
from models.release import LEAST_ONSETS, Verdict, verdict
from models.rolling import Rolled
from models.rules import anomaly_rule, miews_triggers, mirrored_alps, mirrored_ifpa
from models.skill import EventSkill, alarm_line, completed, event_skill
from models.study import Study
from models.weekly import Bools, Ints

EVERY = ""
"""Stands for all products together."""
DECIDING_LINE = 0.8
NAIVE_LEAST_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Figure:
    """Figures of one forecaster; `line` 0 stands for prices."""

    product: str
    line: float
    weeks: int
    forecaster: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """What was found: figures, lines by (line, weeks) with the alarms a week, verdicts by (product, weeks)."""

    figures: tuple[Figure, ...]
    lines: Mapping[tuple[float, int], tuple[ProbabilityLine, float | None]]
    verdicts: Mapping[tuple[str, int], Verdict]


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Scores of the told cells at one line and horizon, series × weeks NaN elsewhere, with what then happened."""

    line: float
    weeks: int
    first: int
    last: int
    spells: Spells
    eligible: Bools
    outcome: Bools
    scores: Mapping[str, Floats]


def review(study: Study, rolled: Rolled, first: int, last: int) -> Review:
    """The review of the forecasts of the weeks from column `first` to `last`, by what the study's grid knows."""
    rules = _rules(study, first)
    products = _products(study)
    figures: list[Figure] = []
    lines: dict[tuple[float, int], tuple[ProbabilityLine, float | None]] = {}
    words: dict[tuple[str, int], dict[str, EventSkill]] = {}
    spells = {line: spells_at(study.weeks, line) for line in rolled.lines}
    said = {line: calibrated(study, rolled.odds_at(line), line, first, last) for line in spells}
    for line, weeks in rolled.log_odds:
        judged = _judged(study, spells[line], said[line][weeks], line, weeks, (first, last), rules)
        lines[line, weeks] = _line(judged)
        for product, rows in products.items():
            found = dict(_event_figures(judged, rows))
            for name, (skill, document) in found.items():
                figures.append(Figure(product, line, weeks, name, document))
                if line == DECIDING_LINE:
                    words.setdefault((product, weeks), {})[name] = skill
    prices = dict(_price_figures(study, rolled, first, last, products))
    for (product, weeks), one in prices.items():
        figures += [Figure(product, 0.0, weeks, name, said.to_document()) for name, said in _price_words(one)]
    return Review(tuple(figures), lines, _verdicts(words, prices))


def _products(study: Study) -> dict[str, Bools]:
    """Which series are of each product, and of all."""
    names = np.array([place.product for place in study.weeks.places], dtype=object)
    return {EVERY: np.ones(len(names), dtype=bool), **{name: names == name for name in sorted(set(names))}}


def _rules(study: Study, since: int) -> dict[str, Floats]:
    """The rules' scores, series × weeks."""
    weeks = study.weeks
    return {
        "rule": anomaly_rule(weeks.price),
        "alps": mirrored_alps(weeks.price, weeks.sundays, since=since),
        "ifpa": mirrored_ifpa(weeks.price, weeks.sundays, since=since),
        "miews": miews_triggers(weeks.price),
    }


def _judged(
    study: Study,
    spells: Spells,
    probability: Floats,
    line: float,
    weeks: int,
    stretch: tuple[int, int],
    rules: Mapping[str, Floats],
) -> _Judged:
    first, last = stretch
    told = spells.told(weeks)
    eligible = told.copy()
    eligible[:, :first] = eligible[:, last + 1 :] = False
    ours = np.full(study.weeks.shape, np.nan)
    ours[study.table.rows, study.table.columns] = probability
    season = climatology(spells.onset, told, study.weeks.sundays, study.weeks.codes("product"), horizon=weeks)
    scores = {"model": ours, **rules, "climatology": season}
    return _Judged(line, weeks, first, last, spells, eligible, spells.within(weeks), scores)


def _event_figures(judged: _Judged, rows: Bools) -> Iterator[tuple[str, tuple[EventSkill, dict[str, Any]]]]:
    """(forecaster, (its skill, all its figures)) on some series."""
    eligible = judged.eligible & rows[:, np.newaxis]
    outcome = judged.outcome[eligible]
    for name, score in judged.scores.items():
        is_probability = name in ("model", "climatology")
        told = score[eligible]
        skill = event_skill(outcome, told, is_probability=is_probability)
        document = skill.to_document()
        if skill.line is not None and len(outcome):
            whole = completed(outcome, told, is_probability=is_probability)
            alarmed = np.zeros_like(eligible)
            alarmed[eligible] = whole >= (alarm_line(outcome, whole) or np.inf)
            document |= _service_figures(judged, rows, eligible, alarmed)
        if is_probability and len(outcome):
            value = economic_value(outcome, told, is_probability=True)
            if value.acting_at_ratio is not None:
                document["value"] = [list(pair) for pair in zip(value.ratios, value.acting_at_ratio, strict=True)]
        yield name, (skill, document)


def _service_figures(judged: _Judged, rows: Bools, eligible: Bools, alarmed: Bools) -> dict[str, Any]:
    """Lead times and alarms a week."""
    onset = judged.spells.onset & rows[:, np.newaxis]
    leads = lead_times(onset, alarmed, eligible, horizon=judged.weeks, first=judged.first, last=judged.last)
    columns = np.zeros(eligible.shape[1], dtype=bool)
    columns[judged.first : judged.last + 1] = True
    return leads.to_document() | {"alarms_a_week": alarms_a_week(alarmed, columns).newly_alarmed}


def _line(judged: _Judged) -> tuple[ProbabilityLine, float | None]:
    """The line of the forecast level, and how many series a week it newly alarms."""
    ours = judged.scores["model"]
    said = judged.eligible & ~np.isnan(ours)
    found = probability_line(ours[said], judged.outcome[said])
    columns = np.zeros(said.shape[1], dtype=bool)
    columns[judged.first : judged.last + 1] = True
    return found, alarms_a_week(said & (ours >= found.probability), columns).newly_alarmed


def _price_figures(
    study: Study, rolled: Rolled, first: int, last: int, products: Mapping[str, Bools]
) -> Iterator[tuple[tuple[str, int], PriceSkill]]:
    """Price skill by (product, weeks), beside the last price with the series' own past changes."""
    cells = study.cells(first, last)
    rows, columns = study.table.rows[cells], study.table.columns[cells]
    price = study.state.log_price
    for weeks, changes in rolled.changes.items():
        quantiles = np.exp(corrected(study, changes, weeks, first, last)[cells])
        actual = np.exp(price[rows, columns] + actual_changes(study, weeks)[cells])
        naive = [np.exp(price + edge)[rows, columns] for edge in _naive_edges(price, weeks, columns)]
        season = np.exp(price[rows, columns] + _last_year(price, weeks)[rows, columns])
        known = ~np.isnan(actual) & ~np.isnan(naive[0]) & ~np.isnan(season) & ~np.isnan(quantiles[:, 0])
        for product, of_product in products.items():
            some = known & of_product[rows]
            found = price_skill(
                actual[some],
                *(quantiles[some, place] for place in range(3)),
                naive_q10=naive[0][some],
                naive_q90=naive[1][some],
                last_price=np.exp(price[rows, columns])[some],
                last_year_change=season[some],
            )
            yield (product, weeks), found


def _price_words(found: PriceSkill) -> Iterator[tuple[str, PriceSkill]]:
    """(forecaster, its skill): the model's, those of the last price and of last year's change beside it."""
    yield "model", found
    if found.rows:
        yield "naive", PriceSkill(found.rows, pinball=found.pinball_naive, wape=found.wape_last_price)
        yield "last_year", PriceSkill(found.rows, wape=found.wape_last_year_change)


def _naive_edges(price: Floats, weeks: int, columns: Ints) -> tuple[Floats, Floats]:
    """10 and 90 % quantiles of the series' own past changes over `weeks` weeks, at the columns that are asked for."""
    change = np.full(price.shape, np.nan)
    change[:, weeks:] = price[:, weeks:] - price[:, :-weeks]
    low, high = np.full(price.shape, np.nan), np.full(price.shape, np.nan)
    for column in np.unique(columns):
        known = change[:, : column + 1]
        enough = np.count_nonzero(~np.isnan(known), axis=1) >= NAIVE_LEAST_WEEKS
        if enough.any():
            low[enough, column], high[enough, column] = np.nanquantile(known[enough], (0.1, 0.9), axis=1)
    return low, high


def _last_year(price: Floats, weeks: int) -> Floats:
    """What the ln price did over the same weeks a year before."""
    out = np.full(price.shape, np.nan)
    if price.shape[1] > 52:
        after = price[:, weeks : price.shape[1] - 52 + weeks]
        out[:, 52:] = after - price[:, : price.shape[1] - 52]
    return out


def _verdicts(
    words: Mapping[tuple[str, int], Mapping[str, EventSkill]], prices: Mapping[tuple[str, int], PriceSkill]
) -> dict[tuple[str, int], Verdict]:
    """The verdict on all products together, and on those with enough onsets to be judged alone."""
    found = {}
    for (product, weeks), by_name in words.items():
        ours = by_name["model"]
        if product != EVERY and (ours.base_rate or 0.0) * ours.rows < LEAST_ONSETS:
            continue
        found[product, weeks] = verdict(ours, by_name["climatology"], by_name["rule"], prices.get((product, weeks)))
    return found
