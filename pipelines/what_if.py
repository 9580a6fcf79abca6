"""What other level lines would have changed: the same readings, judged by other lines, nothing stored."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from pipelines.daily import DailyRun
from pipelines.knowledge import gather, reports_known
from warning.assess import Assessment, assess_day
from warning.errors import InvalidReference
from warning.levels import Level
from warning.thresholds import Lines, Thresholds
from warning.trace import trace_cells

if TYPE_CHECKING:
    from rich.table import Table

SHOWN = 40


def table_of_lines(thresholds: Thresholds) -> Table:
    """Every line with its value and ground."""
    from rich.table import Table

    table = Table("line", "value", "ground", title=f"thresholds {thresholds.version[:12]}")
    for name, value in dataclasses.asdict(thresholds.lines).items():
        table.add_row(name, f"{value:g}", thresholds.grounds.get(name, ""))
    for product, lines in sorted(thresholds.products.items()):
        for name, value in dataclasses.asdict(lines).items():
            if value != getattr(thresholds.lines, name):
                table.add_row(f"{product}.{name}", f"{value:g}", thresholds.grounds.get(f"{product}.{name}", ""))
    return table


def compare_thresholds(daily: DailyRun, changes: dict[str, str], first: dt.date, last: dt.date) -> Table:
    """Levels by the lines in force and by the changed ones, for each day from `first` to `last`."""
    other = daily.thresholds.replace(**_numbers(changes))
    knowledge = gather(daily.store, daily.catalog, daily.thresholds, first, last)
    trace = knowledge.trace
    changed = dataclasses.replace(
        trace, cells=trace_cells(trace.facts, trace.t1, trace.hog_ratio, other, trace.off_market)
    )
    counts: tuple[Counter[Level], Counter[Level]] = (Counter(), Counter())
    moves: Counter[tuple[str, str, Level, Level]] = Counter()
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        reports = reports_known(daily.store, day)
        before = assess_day(trace, reports, day, daily.catalog, daily.thresholds)
        after = {_subject(one): one for one in assess_day(changed, reports, day, daily.catalog, other)}
        for one in before:
            then = after[_subject(one)].level
            counts[0][one.level] += 1
            counts[1][then] += 1
            if then != one.level:
                moves[one.product_id, one.place_id, one.level, then] += 1
    return _table(changes, first, last, counts, moves)


def _numbers(changes: dict[str, str]) -> dict[str, float]:
    known = {field.name for field in dataclasses.fields(Lines)}
    for name, text in changes.items():
        if name not in known:
            raise InvalidReference(
                f"there is no line {name!r}", where="--set", todo=f"use one of {', '.join(sorted(known))}"
            )
        try:
            float(text)
        except ValueError as error:
            raise InvalidReference(f"{text!r} is no number", where=f"--set {name}") from error
    return {name: float(text) for name, text in changes.items()}


def _subject(one: Assessment) -> tuple[str, str, str]:
    return one.product_id, one.place_kind.value, one.place_id


def _table(
    changes: dict[str, str],
    first: dt.date,
    last: dt.date,
    counts: tuple[Counter[Level], Counter[Level]],
    moves: Counter[tuple[str, str, Level, Level]],
) -> Table:
    from rich.table import Table

    told = ", ".join(f"{name}={value}" for name, value in changes.items())
    table = Table("subject", "now", "then", "days", title=f"{first} to {last}, with {told}")
    for level in sorted(set(counts[0]) | set(counts[1]), reverse=True):
        table.add_row(f"all at {level.key}", f"{counts[0][level]:,}", f"{counts[1][level]:,}", "")
    for (product, place, before, after), days in moves.most_common(SHOWN):
        table.add_row(f"{product} {place}", before.key, after.key, str(days))
    return table
