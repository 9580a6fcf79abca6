"""The alerts of a day as a table for a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.folding_table import folding_table
from warning.errors import UnknownName
from warning.levels import Level
from warning.names import NameIndex
from warning.reference import load_catalog
from warning.store.alerts import AlertOnDay, alerts_on
from warning.store.engine import Store
from warning.store.markets import registered_markets
from warning.store.risk import Subjects, judged_date, worst_first
from warning.store.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

COLOURS = {Level.RED: "red", Level.ORANGE: "dark_orange", Level.YELLOW: "yellow", Level.BLUE: "blue"}


def alert_table(
    store: Store, settings: Settings, *, day: dt.date | None, levels: str, product: str | None, limit: int
) -> Table:
    """The alerts of a business date (the newest judged one where None), worst first."""
    catalog = load_catalog(settings.reference)
    with store.session() as session:
        index = NameIndex(catalog, registered_markets(session).values())
        subjects = Subjects(levels=_levels(levels), product_id=index.resolve_product(product) if product else None)
        judged = judged_date(session, day)
        page = alerts_on(session, judged, subjects, order=worst_first("alerts"), limit=limit)
    return _table(judged, page.items, index, more=page.next is not None)


def _levels(words: str) -> tuple[int, ...]:
    """The levels of a comma list; a word that is none would otherwise read as calm."""
    known = {level.key: int(level) for level in Level}
    given = [word.strip() for word in words.split(",")]
    wrong = [word for word in given if word not in known]
    if wrong:
        raise UnknownName(f"there is no level {wrong[0]!r}", where="--level", candidates=tuple(known))
    return tuple(known[word] for word in given)


def _table(day: dt.date, found: Sequence[AlertOnDay], index: NameIndex, *, more: bool) -> Table:
    told = f"the first {len(found)} alerts, there are more: --limit" if more else f"{len(found)} alerts"
    title = f"{day} · {told}" if found else f"{day} · 无可预警 · nothing to warn of"
    heads = ("level", "品种", "地点", "tier", "since", "t", "why", "first channel · lead", "id")
    table = folding_table(*heads, title=title)
    for one in found:
        judgement = one.judgement
        level = Level(judgement.level)
        why = judgement.drivers[0]["text_zh"] if judgement.drivers else ""
        first = judgement.channels[0] if judgement.channels else None
        table.add_row(
            f"[{COLOURS.get(level, 'white')}]{level.name_zh} {level.key}[/]",
            index.catalog.products[judgement.product_id].name_zh,
            _place(judgement.place_kind, judgement.place_id, index),
            judgement.tier,
            str(one.alert.raised_at),
            _tonnes(judgement.surplus_t, estimated=judgement.surplus_estimated),
            why,
            f"{first['name_zh']} · {first['lead']['name_zh']}" if first else "",
            one.alert.id,
        )
    return table


def _tonnes(surplus: float | None, *, estimated: bool) -> str:
    """What is to be placed; ~ where that is an estimate, nothing where it is not known."""
    return "" if surplus is None else f"{'~' if estimated else ''}{surplus:,.0f}"


def _place(kind: str, place: str, index: NameIndex) -> str:
    if kind == "township" and place in index.catalog.townships:
        return index.catalog.townships[place].name_zh
    if kind == "market" and place in index.markets:
        return index.markets[place].name_zh or index.markets[place].name
    return "全区" if kind == "district" else place
