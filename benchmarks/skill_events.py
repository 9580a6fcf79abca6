"""What the forecasts said about documented gluts, and about the other events beside them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from skill_tables import shown, table
from skill_weeks import World, by_week, horizon_of

from models.base import Floats
from models.skill import event_skill
from models.weekly import Bools

BEFORE_WEEKS, AFTER_WEEKS = 8, 4
EVENTS_SINCE = "2011-01-01"
QUARTER = 0.25
"""An event without a market of the panel's is alarmed where this share of its state's series is."""
CALM_WEEKS = 4
LIKE_ENOUGH = 90
GLUT = "glut"
UNHEARD = ("no forecast", "no price")
OF_OTHERS = {"warned": "alarm before", "late": "alarm after", "not warned": "no alarm"}
"""What a verdict is called where an alarm was not wanted."""
EVENT_HEADS = (
    *("event", "label", "product", "place", "series", "start", "price low from", "first alarm", "horizon"),
    *("weeks before", "verdict", "any date"),
)
EVENTS = """\
First alarm: the first Sunday from eight weeks before the start to four after it on which a series of the market (or a
quarter of the state's series of the product) passed the alarm line of its horizon and had been above the price line
for four weeks. Price low from: the first such Sunday at or below the price line. Already low: so when the eight weeks
began; the days are then those of that fall. No reference: the series was too young to know what is low. Any date: the
share of all Sundays with an alarm in the eight weeks up to them.
"""


def events_page(
    world: World, events: pd.DataFrame, grids: Mapping[int, Mapping[str, Floats]], panel_name: str = ""
) -> str:
    """What the forecasts said about documented events, in markdown."""
    spoken = np.any([~np.isnan(grid["probability"]) for grid in grids.values()], axis=0)
    said = np.flatnonzero(spoken.any(axis=0))
    alarms = alarms_of(world, grids)
    found = answers(world, events, alarms, spoken, panel_name)
    alone = {weeks: answers(world, events, {weeks: flags}, spoken, panel_name) for weeks, flags in alarms.items()}
    warned = ", ".join(
        f"{sum(one.label == GLUT and one.verdict == 'warned' for one in some)} at {weeks} weeks"
        for weeks, some in alone.items()
    )
    lines = [
        f"Forecasts from {world.day(int(said[0]))} to {world.day(int(said[-1]))}.",
        *event_counts(found),
        f"Gluts warned of by one horizon alone: {warned}.",
    ]
    parts = ["## Documented events since 2011\n", "\n".join(f"- {line}" for line in lines) + "\n", EVENTS]
    return "\n".join([*parts, table(EVENT_HEADS, event_rows(found))])


@dataclass(frozen=True, slots=True)
class Answer:
    """What the forecasts said about a documented event.

    `verdict`: warned (an alarm before the start), late (first alarm in the four weeks from the start on), already low
    (at or below the line when the window began, and no alarm in it; `alarm` is then of the eight weeks before the
    fall), not warned, no reference (no alarm, and too young a series to know what is low), no forecast (none before the
    start) or no price (none in the window). `usual`: the share of all Sundays that would have been called warned too.
    """

    event_id: str
    label: str
    product: str
    place: str
    start: dt.date
    series: int
    verdict: str
    alarm: dt.date | None = None
    horizons: tuple[int, ...] = ()
    low_since: dt.date | None = None
    usual: float | None = None

    @property
    def lead_weeks(self) -> float | None:
        """Weeks from the first alarm to the start, below 0 where it came after."""
        return None if self.alarm is None else (self.start - self.alarm).days / 7


def alarms_of(world: World, grids: Mapping[int, Mapping[str, Floats]]) -> dict[int, Bools]:
    """Where each horizon's probability passes the line that alarms a tenth of the quiet weeks of its whole period.

    A series that was at or below the price line within the last four weeks is not alarmed: its fall has begun.
    """
    lows = world.spells.low.astype(int).rolling(CALM_WEEKS, min_periods=1).sum()
    calm, found = by_week(lows == 0), {}
    for weeks, grid in grids.items():
        said = np.flatnonzero(~np.isnan(grid["probability"]).all(axis=0))
        at = horizon_of(world, weeks, grid, world.day(int(said[0])))
        issued = at.issued & (np.arange(at.issued.shape[1]) <= said[-1])
        line = event_skill(at.within[issued], grid["probability"][issued], is_probability=True).line
        found[weeks] = calm & (grid["probability"] >= (np.inf if line is None else line))
    return found


def answers(
    world: World, events: pd.DataFrame, alarms: Mapping[int, Bools], spoken: Bools, panel_name: str = ""
) -> list[Answer]:
    """An answer to each event since 2011 whose place and product the panel has; `spoken`: where there are forecasts."""
    events = events.assign(start=pd.to_datetime(events["start_date"])).sort_values(["start", "event_id"])
    found = []
    for event in events[events["start"] >= EVENTS_SINCE].to_dict("records"):
        rows, at_market = _subject(world, event, panel_name)
        if len(rows):
            found.append(_answer(world, event, rows, at_market, alarms, spoken))
    return found


def _answer(
    world: World,
    event: Mapping[str, object],
    rows: np.ndarray,
    at_market: bool,
    alarms: Mapping[int, Bools],
    spoken: Bools,
) -> Answer:
    start = pd.Timestamp(str(event["start_date"])).date()
    since_epoch, sundays = (start - dt.date(1970, 1, 1)).days, world.weeks.sundays
    first, begin = (int(np.searchsorted(sundays, since_epoch - 7 * weeks)) for weeks in (BEFORE_WEEKS, 0))
    last = int(np.searchsorted(sundays, since_epoch + 7 * AFTER_WEEKS, side="right")) - 1
    priced = by_week(world.spells.price)[rows] > 0
    traded = priced[:, first : last + 1].any(axis=1)
    if traded.any():
        rows, priced = rows[traded], priced[traded]
    names = (
        str(event["event_id"]),
        str(event["label"]),
        world.products[rows[0]],
        _place(world, rows, at_market),
        start,
    )
    if begin >= len(world.weeks.sundays) or not traded.any():
        return Answer(*names, len(rows), "no price")
    if not spoken[rows, first:begin].any():
        return Answer(*names, len(rows), "no forecast")
    least = np.finfo(float).tiny if at_market else QUARTER
    low = _share(by_week(world.spells.low)[rows], priced) >= least
    by_horizon = {weeks: _share(grid[rows], priced) >= least for weeks, grid in alarms.items()}
    alarmed = np.any(list(by_horizon.values()), axis=0)
    hits, falls = (first + np.flatnonzero(flags[first : last + 1]) for flags in (alarmed, low))
    usual = pd.Series(alarmed).rolling(BEFORE_WEEKS).max().to_numpy()[spoken[rows].any(axis=0)]
    alarm = int(hits[0]) if len(hits) else None
    if alarm is not None:
        verdict = "warned" if alarm < begin else "late"
    elif low[first]:
        verdict = "already low"
        falls = np.array([_fall(low, first)])
        before = max(falls[0] - BEFORE_WEEKS, 0) + np.flatnonzero(alarmed[max(falls[0] - BEFORE_WEEKS, 0) : falls[0]])
        alarm = int(before[0]) if len(before) else None
    else:
        anomaly = by_week(world.spells.anomaly)[rows, first : last + 1]
        verdict = "no reference" if np.isnan(anomaly).all() else "not warned"
    return Answer(
        *names,
        len(rows),
        verdict,
        alarm=None if alarm is None else world.day(alarm),
        horizons=tuple(weeks for weeks, flags in by_horizon.items() if alarm is not None and flags[alarm]),
        low_since=world.day(int(falls[0])) if len(falls) else None,
        usual=float(np.nanmean(usual)) if np.isfinite(usual).any() else None,
    )


def _fall(low: Bools, column: int) -> int:
    """Where the spell began that a low week belongs to: four weeks above the line lie before it."""
    while column and low[max(column - CALM_WEEKS, 0) : column].any():
        column = max(column - CALM_WEEKS, 0) + int(np.argmax(low[max(column - CALM_WEEKS, 0) : column]))
    return column


def _share(flags: Bools, priced: Bools) -> Floats:
    """The share of the priced series that have the flag, week by week; 0 where none is priced."""
    share: Floats = (flags & priced).sum(axis=0) / np.maximum(priced.sum(axis=0), 1)
    return share


def _subject(world: World, event: Mapping[str, object], panel_name: str) -> tuple[np.ndarray, bool]:
    """(rows of the event's series, whether they are its market's).

    Those of its market, any of which is enough; else those of its state. A panel without regions is one state where
    the event's row names it.
    """
    places = world.weeks.places
    matched = _text(event.get("dataset_match")).split("|")
    products = [_text(event.get(name)) for name in ("product", "product_local")]
    products += matched[1:2] if matched[0] == panel_name else []
    wanted = {name for text in products for name in _names(text)}
    same = np.array([bool(wanted & _names(product)) for product in world.products])
    states = {name for part in _text(event.get("region")).split(";") for name in _names(part)}
    if any(place.region for place in places):
        inside = same & np.array([bool(states & _names(place.region)) for place in places])
    else:
        inside = same & (matched[0] == panel_name)
    markets = _names(_text(event.get("market")))
    at_market = inside & np.array([_alike(markets, _names(place.market)) for place in places])
    rows = np.flatnonzero(at_market if at_market.any() else inside)
    return rows, bool(at_market.any())


def _place(world: World, rows: np.ndarray, at_market: bool) -> str:
    """The markets, or the states, of some series."""
    places = [world.weeks.places[row] for row in rows]
    return ", ".join(sorted({place.market if at_market else place.region.title() or "all markets" for place in places}))


def _names(text: str) -> set[str]:
    """The names in a text, in brackets or not, in small letters."""
    parts = re.split(r"[;,/()]", text.casefold())
    return {part.strip() for part in parts if part.strip()} - {"f&v"}


def _alike(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two spellings are of one place; Chinese and Korean names may have more around them."""
    return any(
        fuzz.ratio(one, other) >= LIKE_ENOUGH or (not one.isascii() and (one in other or other in one))
        for one in some
        for other in others
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def event_rows(found: Iterable[Answer]) -> list[list[str]]:
    """A row an event of which forecasts could speak."""
    return [
        [
            answer.event_id,
            answer.label,
            answer.product,
            answer.place,
            f"{answer.series}",
            f"{answer.start}",
            f"{answer.low_since or '–'}",
            f"{answer.alarm or '–'}",
            ", ".join(map(str, answer.horizons)) or "–",
            shown(answer.lead_weeks, 1),
            answer.verdict if answer.label == GLUT else OF_OTHERS.get(answer.verdict, answer.verdict),
            shown(answer.usual, 2),
        ]
        for answer in found
        if answer.verdict not in UNHEARD
    ]


def event_counts(found: Iterable[Answer]) -> list[str]:
    """A line on the gluts, one on the other events, and one on those of which no forecast could speak."""
    every = list(found)
    heard = [answer for answer in every if answer.verdict not in UNHEARD]
    gluts, others = ([one for one in heard if (one.label == GLUT) == glut] for glut in (True, False))
    leads = [answer.lead_weeks for answer in gluts if answer.verdict == "warned" and answer.lead_weeks is not None]
    rest = _counted(answer.verdict for answer in gluts if answer.verdict != "warned")
    early = sum(answer.verdict == "already low" and answer.alarm is not None for answer in gluts)
    lines = [
        f"Of {len(gluts)} gluts with forecasts, {len(leads)} warned"
        + (f" (median {np.median(leads):.1f} weeks before the start)" if leads else "")
        + (f", {rest}" if rest else "")
        + ".",
        f"Of as many gluts on any date, {sum(answer.usual or 0.0 for answer in gluts):.1f} would have been warned of.",
        f"Of {len(others)} other events: {_counted(OF_OTHERS.get(one.verdict, one.verdict) for one in others) or '–'}.",
    ]
    if early:
        lines.insert(
            1, f"Of the gluts that were already low, {early} had an alarm in the eight weeks before that fall."
        )
    for verdict in UNHEARD:
        names = ", ".join(answer.event_id for answer in every if answer.verdict == verdict)
        lines += [f"With {verdict} in the window: {names}."] if names else []
    return lines


def _counted(words: Iterable[str]) -> str:
    """Each word with its number, the most frequent first."""
    return ", ".join(f"{count} {word}" for word, count in Counter(words).most_common())
