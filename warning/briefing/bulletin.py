"""What a bulletin (简报) says, as plain values: of a day, of a 旬, or of one alert; every form is made from these."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field

from warning.absorption.plan import Totals
from warning.absorption.tasks import DepartmentTask
from warning.levels import Level

LEVELS = (Level.RED, Level.ORANGE, Level.YELLOW, Level.BLUE)
Number = float | None


class Kind(enum.StrEnum):
    """Which bulletin."""

    DAILY = "daily"
    XUN = "xun"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product under warning at its worst place."""

    product: str
    place: str
    level: Level
    since: dt.date
    type: str
    """glut, stalled, ordinary or blank."""
    surplus_t: Number
    estimated: bool
    why: tuple[str, ...]
    places: int
    """At how many places it is under warning."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """A unit's purchases reserved for the year, and how far they are drawn: tonnes or CNY."""

    unit: str
    amount: float
    drawn: float
    measure: str
    """吨 or 元."""

    @property
    def share(self) -> float:
        """Of the year's amount, 0 to 1."""
        return self.drawn / self.amount if self.amount > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """What the yearly guidance plan asks to be placed, and what of it is recorded, in tonnes."""

    name: str
    amount_t: float
    placed_t: float

    @property
    def share(self) -> float:
        """Of the year's amount; above 1 where more was placed."""
        return self.placed_t / self.amount_t


@dataclass(frozen=True, slots=True)
class Prices:
    """Weekly prices for a chart, columns of one length; None where unknown."""

    title: str
    unit: str
    weeks: tuple[dt.date, ...]
    price: tuple[Number, ...]
    reference: tuple[Number, ...]
    low: tuple[Number, ...] = ()
    middle: tuple[Number, ...] = ()
    high: tuple[Number, ...] = ()
    trusted: bool = False
    """Whether a model that has beaten the baselines speaks."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin. Numbers are the store's as of the last day; `counts` and `before` are by level, -1 to 4."""

    kind: Kind
    first: dt.date
    last: dt.date
    known_at: dt.datetime
    simulated: bool
    counts: dict[int, int]
    before: dict[int, int]
    """The counts of the day that `compared` names."""
    compared: dt.date | None
    products: tuple[ProductLine, ...]
    stale: int
    events: dict[str, int] = field(default_factory=dict)
    """Events of alerts within the span, by kind."""
    days: tuple[tuple[dt.date, dict[int, int]], ...] = ()
    """The judged days of the span with their counts."""
    tasks: tuple[DepartmentTask, ...] = ()
    totals: Totals | None = None
    """Of the plan that the tasks are from; None where none can be made."""
    placed_t: float = 0.0
    """Recorded within the span."""
    targets: tuple[Target, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    prices: Prices | None = None
    alert_id: str = ""

    @property
    def elapsed(self) -> float:
        """The share of the year that is over."""
        first, beyond = dt.date(self.last.year, 1, 1), dt.date(self.last.year + 1, 1, 1)
        return ((self.last - first).days + 1) / (beyond - first).days


def xun_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the 旬 that a day lies in: 1 to 10, 11 to 20, 21 to the month's end."""
    if day.day <= 20:
        first = day.replace(day=1 if day.day <= 10 else 11)
        return first, first + dt.timedelta(days=9)
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return day.replace(day=21), following - dt.timedelta(days=1)
