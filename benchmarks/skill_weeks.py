"""What happened in a panel's weeks and what was said of them, as the page on skill judges it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.base import Floats
from models.climatology import climatology
from models.lead_times import AlarmsAWeek, LeadTimes, alarms_a_week, lead_times
from models.market_weeks import MarketWeeks
from models.rules import anomaly_rule, miews_triggers, mirrored_alps, mirrored_ifpa
from models.skill import EventSkill, completed, event_skill
from models.tidy_panel import OWN, weeks_of_panel
from models.weekly import Bools
from warning.spells import SpellWeeks, spells_of_weeks

LEAST_DAYS, LEAST_SHARE = 4 * 365, 0.4
"""A series is judged with more days than these, and more than this share of them priced (protocol v1)."""
QUANTILES = ("price_q10", "price_q50", "price_q90")
OURS, RULE, CLIMATE = "ours", "rule (anomaly now)", "climatology"
ALPS, IFPA, MIEWS = "mirrored ALPS", "mirrored IFPA", "MIEWS triggers"
CHANCE, PERFECT = "chance", "perfect"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What happened, series × weeks: the grid, its spells, and which series the protocol judges.

    `rules` are the scores that have no horizon; they are of the judged series only, NaN elsewhere.
    """

    weeks: MarketWeeks
    spells: SpellWeeks
    counted: Bools
    products: np.ndarray
    rules: Mapping[str, Floats]

    def onset(self) -> Bools:
        """Where a spell begins."""
        return by_week(self.spells.onset)

    def columns(self, since: dt.date | pd.Timestamp) -> Bools:
        """The weeks that end on the day or after it."""
        return self.weeks.sundays >= (pd.Timestamp(since) - pd.Timestamp(0)).days

    def day(self, column: int) -> dt.date:
        """The Sunday of a column."""
        return dt.date(1970, 1, 1) + dt.timedelta(days=int(self.weeks.sundays[column]))


@dataclass(frozen=True, slots=True, eq=False)
class Horizon:
    """What was judged at one horizon: the issue weeks, what followed each, and the scores (grid, is a probability)."""

    weeks: int
    issued: Bools
    within: Bools
    onset: Bools
    scores: Mapping[str, tuple[Floats, bool]]
    quantiles: tuple[Floats, Floats, Floats] | None

    def outcome(self) -> Bools:
        """Whether a spell began, an issue week to each place."""
        return self.within[self.issued]

    def score(self, who: str) -> Floats:
        """The score at the issue weeks, gaps closed as they are judged."""
        grid, is_probability = self.scores[who]
        return completed(self.outcome(), grid[self.issued], is_probability=is_probability)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One score's skill, how early its alarms came, and how many there were."""

    skill: EventSkill
    leads: LeadTimes
    burden: AlarmsAWeek


def world_of(panel: pd.DataFrame, since: dt.date | pd.Timestamp, threshold: float = 0.8) -> World:
    """The world of a panel; the rules speak from `since` on."""
    weeks = weeks_of_panel(_to_a_sunday(panel))
    spells = spells_of_weeks(weeks.frame(), threshold)
    counted = np.isin([str(place.key) for place in weeks.places], list(_judged_keys(panel)))
    if not counted.any():
        raise SystemExit("no series has more than 4 years and more than 40 % of its days")
    first = int(np.searchsorted(weeks.sundays, (pd.Timestamp(since) - pd.Timestamp(0)).days))
    price = weeks.price[counted]
    found = {
        RULE: anomaly_rule(price),
        ALPS: mirrored_alps(price, weeks.sundays, since=first),
        IFPA: mirrored_ifpa(price, weeks.sundays, since=first),
        MIEWS: miews_triggers(price),
    }
    rules = {name: np.full(weeks.shape, np.nan) for name in found}
    for name, score in found.items():
        rules[name][counted] = score
    return World(weeks, spells, counted, np.array([place.product for place in weeks.places]), rules)


def _to_a_sunday(panel: pd.DataFrame) -> pd.DataFrame:
    """The panel with an empty row on the Sunday after its last day: the judge counts the week that its end cuts."""
    last = panel.assign(date=pd.to_datetime(panel["date"])).nlargest(1, "date")
    last = last.assign(date=last["date"] + pd.offsets.Week(n=0, weekday=6), price=np.nan)
    return pd.concat([panel.assign(date=pd.to_datetime(panel["date"])), last], ignore_index=True)


def _judged_keys(panel: pd.DataFrame) -> set[str]:
    """The keys of the series that are long and dense enough to be judged."""
    own = [name for name in OWN if name in panel]
    priced = panel[panel["price"] > 0].assign(date=lambda frame: pd.to_datetime(frame["date"]))
    spans = priced.groupby(own, observed=True)["date"].agg(["nunique", "min", "max"])
    days = (spans["max"] - spans["min"]).dt.days + 1
    kept = spans.index[(days > LEAST_DAYS) & (spans["nunique"] / days > LEAST_SHARE)]
    return {"|".join(map(str, names)) for names in kept}


def grids_of(world: World, predictions: pd.DataFrame) -> dict[int, dict[str, Floats]]:
    """Probability, and price quantiles where there are any, as series × weeks by horizon; NaN where nothing was said.

    Series and weeks that the panel does not have are left out.
    """
    region = bool(world.weeks.places[0].region)
    own = [name for name in OWN if name != "region" or region]
    if missing := sorted({*own, "issue_date", "horizon_weeks", "probability"} - set(predictions)):
        raise SystemExit(f"predictions lack {', '.join(missing)}")
    keys = predictions[own[0]].astype(str)
    for name in own[1:]:
        keys = keys + "|" + predictions[name].astype(str)
    row = pd.Index([place.key for place in world.weeks.places]).get_indexer(keys)
    day = pd.to_datetime(predictions["issue_date"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    column = pd.Index(world.weeks.sundays).get_indexer(day)
    columns = ["probability", *QUANTILES] if set(QUANTILES) <= set(predictions) else ["probability"]
    found: dict[int, dict[str, Floats]] = {}
    for horizon in sorted({int(weeks) for weeks in predictions["horizon_weeks"].unique()}):
        at = (predictions["horizon_weeks"].to_numpy() == horizon) & (row >= 0) & (column >= 0)
        found[horizon] = {name: np.full(world.weeks.shape, np.nan) for name in columns}
        for name in columns:
            found[horizon][name][row[at], column[at]] = predictions[name].to_numpy(dtype=np.float64)[at]
    return found


def horizon_of(world: World, weeks: int, grids: Mapping[str, Floats], since: dt.date | pd.Timestamp) -> Horizon:
    """What is judged at a horizon of so many weeks, issue weeks from `since` on; the baselines beside ours."""
    tellable, within = by_week(world.spells.tellable(weeks)), by_week(world.spells.onset_within(weeks))
    issued = tellable & world.counted[:, None] & world.columns(since)
    if not 0 < np.count_nonzero(within[issued]) < np.count_nonzero(issued):
        raise SystemExit(f"horizon {weeks}: {np.count_nonzero(issued)} issue weeks, all with the same outcome")
    season = climatology(
        world.onset(), tellable, world.weeks.sundays, pd.factorize(world.products)[0].astype(np.int64), horizon=weeks
    )
    chance, perfect = (np.full(issued.shape, np.nan) for _ in range(2))
    # drawn as the judge draws, so that the figures are its own
    chance[issued] = np.random.default_rng(0).random(np.count_nonzero(issued))
    perfect[issued] = within[issued] + chance[issued] / 100
    scores = {OURS: (grids["probability"], True)} | {name: (grid, False) for name, grid in world.rules.items()}
    scores |= {CLIMATE: (season, True), CHANCE: (chance, False), PERFECT: (perfect, False)}
    quantiles = tuple(grids[name] for name in QUANTILES) if set(QUANTILES) <= set(grids) else None
    return Horizon(weeks, issued, within, world.onset(), scores, quantiles)


def by_week(frame: pd.DataFrame) -> np.ndarray:
    """Sundays × series as series × weeks."""
    return np.ascontiguousarray(frame.to_numpy().T)


def judged(at: Horizon, who: str, series: Bools | None = None) -> Judgement:
    """The skill of one score at its own alarm line, over all series or some."""
    issued = at.issued if series is None else at.issued & series[:, None]
    grid, is_probability = at.scores[who]
    outcome = at.within[issued]
    skill = event_skill(outcome, grid[issued], is_probability=is_probability)
    alarmed = np.zeros_like(issued)
    if skill.line is not None:
        alarmed[issued] = completed(outcome, grid[issued], is_probability=is_probability) >= skill.line
    columns = np.flatnonzero(issued.any(axis=0))
    first, last = (int(columns[0]), int(columns[-1])) if len(columns) else (0, 0)
    leads = lead_times(at.onset, alarmed, issued, horizon=at.weeks, first=first, last=last)
    return Judgement(skill, leads, alarms_a_week(alarmed, issued.any(axis=0)))
