"""`changxiao guidance`: when to market what is there, what not to plant more of, and the growers' sheets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.folding_table import folding_table
from pipelines.papers import ready_folder, write_papers
from pipelines.roots import DayOption, day_of, now, the_settings, the_store, wide_console, yesterday

if TYPE_CHECKING:
    from rich.table import Table

    from warning.store.guiding import Wanted

app = typer.Typer()
VERDICT_ZH = {
    "unknown": "说不准", "nothing": "无货", "sell_now": "不宜惜售", "spread": "分批卖", "no_sale": "不宜自行外运",
}  # fmt: skip


@app.command()
def guidance(
    product: Annotated[list[str] | None, typer.Option(help="id, name or synonym; may be repeated")] = None,
    township: Annotated[list[str] | None, typer.Option(help="code or name; may be repeated")] = None,
    date: DayOption = None,
    out: Annotated[Path | None, typer.Option(help="write a sheet for the growers of each township here")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the whole answer as JSON")] = False,
) -> None:
    """When to sell what is there, township by township, and what not to plant more of."""
    from warning.guidance.district_guidance import guide
    from warning.guidance.document import marketing_document, planting_document
    from warning.reference import load_catalog
    from warning.store.guiding import guiding_facts
    from warning.thresholds import load_thresholds

    folder = None if out is None else ready_folder(out)
    settings = the_settings()
    catalog = load_catalog(settings.reference)
    wanted = _wanted(catalog, product or [], township or [], date)
    facts = guiding_facts(the_store(), catalog, wanted, now=now())
    found = guide(facts, catalog, load_thresholds(settings.own_lines))
    if folder is not None:
        _write_sheets(folder, facts, found, catalog)
    marketing, planting = (make(facts, found, catalog) for make in (marketing_document, planting_document))
    if as_json:
        document = {"day": facts.day, "marketing": marketing["products"], "planting": planting["products"]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
        return
    _show(marketing, planting)


def _wanted(catalog: Any, products: list[str], townships: list[str], date: str | None) -> Wanted:
    """What is asked for by id; UnknownName where a word means nothing."""
    from warning.names import NameIndex
    from warning.store.guiding import Wanted

    names = NameIndex(catalog)
    return Wanted(
        products=tuple(one if one in catalog.products else names.resolve_product(one) for one in products),
        townships=tuple(one if one in catalog.townships else names.resolve_township(one) for one in townships),
        day=day_of(date, yesterday()) if date else None,
    )


def _write_sheets(folder: Path, facts: Any, found: Any, catalog: Any) -> None:
    from warning.guidance.district_guidance import townships_of
    from warning.guidance.grower_sheet import grower_sheet

    townships = facts.asked_townships or townships_of(found)
    sheets = ((one, grower_sheet(facts.day, one, found, facts.units, catalog)) for one in townships)
    write_papers(folder, facts.day, sheets)


def _show(marketing: dict[str, Any], planting: dict[str, Any]) -> None:
    console = wide_console()
    console.print(f"{marketing['day']}  上市时间 · when to market")
    if not marketing["products"]:
        console.print(f"{marketing['text_zh']} · {marketing['text_en']}")
    if any(one["advices"] for one in marketing["products"]):
        console.print(_schedule(marketing))
    for one in marketing["products"]:
        if one["text_zh"]:
            console.print(f"{one['product_zh']}：{one['text_zh']}")
        for advice in one["advices"]:
            console.print(f"{one['product_zh']} {advice['township_zh']}：{advice['text_zh']}")
    if planting["products"]:
        console.print("种植提示 · planting")
        console.print(_lights(planting))


def _schedule(marketing: dict[str, Any]) -> Table:
    table = folding_table("品种", "乡镇", "结论", "起", "止", "吨", "元/公斤", "元/斤")
    for one in marketing["products"]:
        for advice in one["advices"]:
            head = (one["product_zh"], advice["township_zh"], VERDICT_ZH[advice["verdict"]])
            for week in advice["weeks"]:
                prices = (_band(week["price_per_kg"]), _band(week["price_per_jin"]))
                table.add_row(*head, str(week["first"]), str(week["last"]), f"{week['tonnes']:,.1f}", *prices)
            if not advice["weeks"]:
                table.add_row(*head, "", "", "", "", "")
    return table


def _lights(planting: dict[str, Any]) -> Table:
    table = folding_table("品种", "灯", "采收", "预计吨", "常年市场", "渠道", "多出", "说明")
    for one in planting["products"]:
        span = f"{one['harvest_from']} – {one['harvest_to']}" if one["harvest_from"] else ""
        numbers = (one["harvest_t"], one["usual_market_t"], one["channels_t"], one["over_t"])
        shown = ("" if value is None or not span else f"{value:,.0f}" for value in numbers)
        table.add_row(one["product_zh"], one["light_zh"] or "", span, *shown, one["text_zh"])
    return table


def _band(price: dict[str, float]) -> str:
    return f"{price['middle']:.2f} ({price['low']:.2f}–{price['high']:.2f})"
