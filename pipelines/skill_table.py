"""What the forecasts were worth, as a table for a terminal: the newest skill report of the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from warning.errors import NotFound, UnknownName
from warning.levels import Level
from warning.spell_lines import PRICES, SPELL_LINES, level_of_line
from warning.store.engine import Store
from warning.store.settings import Settings
from warning.store.skill_reports import (
    ALL_PRODUCTS,
    SkillFigure,
    SkillReport,
    SkillScope,
    newest_skill_report,
    skill_figures,
)

if TYPE_CHECKING:
    from rich.table import Table

    from warning.catalog import Catalog

EVERY = "all"
"""Asks for each product; without a product the table shows them together."""
MOST = 100_000
FORECASTERS = ("model", "rule", "alps", "ifpa", "miews", "climatology", "naive", "last_year")
"""In the order shown: ours first, then what it has to beat."""
Cell = Callable[[Mapping[str, Any]], str]


def skill_table(
    store: Store,
    settings: Settings,
    *,
    product: str | None,
    level: str | None,
    horizon_days: int | None,
    as_of: dt.date | None,
) -> Table:
    """The newest report as of a day: a row for each product, level (or prices), horizon and forecaster.

    `product` takes an id, a name or a synonym, or `EVERY`; `level` a comma list. NotFound says how to make a report
    where there is none, and what the report has where it has nothing of what is asked for.
    """
    from warning.reference import load_catalog

    catalog = load_catalog(settings.reference)
    scope = SkillScope(_product(product, catalog), _lines(level), horizon_days)
    with store.session() as session:
        report = newest_skill_report(session, as_of)
        found = skill_figures(session, report, scope, limit=MOST).items
        if not found:
            raise _nothing(report, skill_figures(session, report, SkillScope(), limit=MOST).items)
    return _table(report, found, catalog, hint=product is None)


def _product(text: str | None, catalog: Catalog) -> str | None:
    from warning.names import NameIndex

    if text == EVERY:
        return None
    return NameIndex(catalog).resolve_product(text) if text else ALL_PRODUCTS


def _lines(words: str | None) -> tuple[float, ...]:
    known = {str(word): line for word, line in SPELL_LINES.items()}
    given = [word.strip() for word in words.split(",")] if words else []
    wrong = [word for word in given if word not in known]
    if wrong:
        raise UnknownName(f"there is no level {wrong[0]!r}", where="--level", candidates=tuple(known))
    return tuple(known[word] for word in given)


def _nothing(report: SkillReport, held: Iterable[SkillFigure]) -> NotFound:
    figures = list(held)
    horizons = ", ".join(map(str, sorted({one.horizon_days for one in figures})))
    products = ", ".join(sorted({one.product_id for one in figures} - {ALL_PRODUCTS}))
    return NotFound(
        f"the skill report as of {report.as_of} has nothing of that",
        where="--product, --level, --horizon-days",
        todo=f"leave one out; it has the horizons {horizons or 'none'} and the products {products or 'none'}",
    )


def _table(report: SkillReport, found: Iterable[SkillFigure], catalog: Catalog, *, hint: bool) -> Table:
    from rich.table import Table

    title = f"{report.as_of} · 评分 {report.since} … {report.until} · scored on weeks the forecasts had not seen"
    caption = "以上为全部品种合计 · all products together; --product NAME for one, --product all for each"
    table = Table("品种", "level", "days", "forecaster", title=title, caption=caption if hint else None)
    for heading in CELLS:
        table.add_column(heading, justify="right")
    before = None
    for one in sorted(found, key=_order):
        group = (one.product_id, one.line, one.horizon_days)
        if before not in {None, group}:
            table.add_section()
        before = group
        cells = (write(one.figures) for write in CELLS.values())
        table.add_row(_name(one.product_id, catalog), _level(one.line), str(one.horizon_days), one.forecaster, *cells)
    return table


def _order(one: SkillFigure) -> tuple[str, float, int, int, str]:
    known = one.forecaster in FORECASTERS
    place = FORECASTERS.index(one.forecaster) if known else len(FORECASTERS)
    return one.product_id, -one.line, one.horizon_days, place, one.forecaster


def _name(product_id: str, catalog: Catalog) -> str:
    if product_id == ALL_PRODUCTS:
        return "全部 all"
    product = catalog.products.get(product_id)
    return product.name_zh if product else product_id


def _level(line: float) -> str:
    if line == PRICES:
        return "价格 prices"
    word = level_of_line(line)
    return f"{Level[word.upper()].name_zh} {word}" if word else f"{line:g}"


def _plain(key: str, form: str) -> Cell:
    return lambda figures: _number(figures.get(key), form)


def _number(value: Any, form: str) -> str:
    """The number in this form; nothing where it is not known."""
    return "" if value is None else format(value, form)


def _pr_auc(figures: Mapping[str, Any]) -> str:
    value, base = (_number(figures.get(key), ".3f") for key in ("pr_auc", "base_rate"))
    return f"{value} ({base})" if value and base else value


CELLS: dict[str, Cell] = {
    "ROC AUC": _plain("roc_auc", ".3f"),
    "PR AUC (base)": _pr_auc,
    "Brier skill": _plain("brier_skill", ".3f"),
    "POD": _plain("pod", ".2f"),
    "FAR": _plain("far", ".2f"),
    "CSI": _plain("csi", ".2f"),
    "2 weeks ahead": _plain("warned_2w", ".0%"),
    "alarms/week": _plain("alarms_a_week", ".1f"),
    "pinball": _plain("pinball", ".4f"),
    "WAPE": _plain("wape", ".3f"),
    "coverage": _plain("coverage_80", ".3f"),
}
"""The figures shown, by heading; the interface has them all."""
