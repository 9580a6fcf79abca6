"""`changxiao plan`: the placement plan of an alert or of everything, under shocks, side by side, with its letters."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.folding_table import folding_table
from pipelines.papers import ready_folder, write_papers
from pipelines.roots import DayOption, day_of, now, the_settings, the_store, wide_console, yesterday

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer()
SHOWN = 30


@app.command()
def plan(
    alert: Annotated[str, typer.Argument(help="alert id; left out: all products under an alert")] = "",
    date: DayOption = None,
    shock: Annotated[
        list[str] | None,
        typer.Option(
            help="road:TOWNSHIP, road:A-B, township:, unit:, channel:, capacity:CHANNEL=0.5, storage:PRODUCT=2"
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=180, help="days in which deliveries are planned")] = 30,
    fairness: Annotated[float | None, typer.Option(help="most by which shares may differ (0 to 1)")] = None,
    channel_share: Annotated[float | None, typer.Option(help="most that one channel may carry (0 to 1)")] = None,
    most_km: Annotated[float | None, typer.Option(help="no farther than this by road")] = None,
    letters: Annotated[Path | None, typer.Option(help="write a letter for each lead department here")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the whole answer as JSON")] = False,
) -> None:
    """How many tonnes go where, by which day, under which clause and whose lead; stored, and made again the same."""
    from warning.absorption.document import compared, plan_document
    from warning.absorption.plan import make_plan
    from warning.absorption.problem import Options
    from warning.absorption.shocks import parse_shock
    from warning.reference import load_catalog
    from warning.store.planning import Scope, problem_for
    from warning.store.plans import save_plan

    folder = None if letters is None else ready_folder(letters)
    catalog, store = load_catalog(the_settings().reference), the_store()
    shocks = [parse_shock(text) for text in shock or ()]
    options = Options(days=days, fairness_k=fairness, channel_share=channel_share, most_km=most_km)
    scope = Scope(alert_id=alert or None, day=day_of(date, yesterday()) if date else None)
    asked = problem_for(store, catalog, scope, now=now(), options=options, shocks=shocks)
    answer = make_plan(asked.problem, catalog)
    with store.writing() as session:
        plan_id = save_plan(session, asked, answer, at=now(), by="changxiao plan")
    document = {"id": plan_id, "alert": asked.alert_id} | plan_document(answer, asked.problem, catalog)
    if folder is not None:
        _write_letters(folder, answer, asked.problem, catalog)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    _show(document)
    if shocks:
        calm = make_plan(problem_for(store, catalog, scope, now=now(), options=options).problem, catalog)
        _side_by_side(compared([("without the shocks", calm), ("under the shocks", answer)]))


def _write_letters(folder: Path, answer: Any, problem: Any, catalog: Any) -> None:
    from warning.briefing.letter import letters as letters_of

    write_papers(folder, problem.day, letters_of(answer, problem, catalog).items())


def _show(document: dict[str, Any]) -> None:
    console = wide_console()
    totals, hand = document["totals"], document["by_hand"]
    console.print(
        f"{document['day']}  surplus {totals['surplus_t']:,.1f} t · placed {totals['placed_t']:,.1f} t "
        f"(into store {totals['kept_t']:,.1f}) · wasted {totals['wasted_t']:,.1f} t; "
        f"nearest first by hand would waste {hand['wasted_t']:,.1f} t"
    )
    console.print(_channels(document))
    console.print(_placements(document))
    for (township, product, why), tonnes in _unplaced(document).most_common(SHOWN):
        console.print(f"未安置 {township} {product} {tonnes:,.1f} t: {why}")
    for one in document["enlargements"]:
        console.print(one["text_zh"])
    for note in document["notes"]:
        console.print(note["zh"])


def _channels(document: dict[str, Any]) -> Table:
    table = folding_table("渠道", "条款", "牵头", "吨", "单位", "起", "止", title=f"plan {document['id']}")
    for line in document["channels"]:
        table.add_row(
            line["name_zh"], line["clause"], line["lead_zh"], f"{line['tonnes_t']:,.1f}", str(line["units"]),
            line["first_day"], line["last_day"],
        )  # fmt: skip
    return table


def _placements(document: dict[str, Any]) -> Table:
    found: dict[tuple[str, str, str], tuple[float, str, str]] = {}
    for one in document["placements"]:
        key = (one["unit_name"], one["product_zh"], one["township_zh"])
        tonnes, first, last = found.get(key, (0.0, one["day"], one["day"]))
        found[key] = (tonnes + one["tonnes_t"], min(first, one["day"]), max(last, one["day"]))
    table = folding_table("单位", "产品", "来自", "吨", "起", "止")
    ranked = sorted(found.items(), key=lambda pair: -pair[1][0])
    for (unit, product, township), (tonnes, first, last) in ranked[:SHOWN]:
        table.add_row(unit, product, township, f"{tonnes:,.1f}", first, last)
    if len(ranked) > SHOWN:
        table.caption = f"{len(ranked) - SHOWN} more; all with --json"
    return table


def _unplaced(document: dict[str, Any]) -> Counter[tuple[str, str, str]]:
    """Tonnes by township, product and reason: lots and weeks of one township share their reason as a rule."""
    found: Counter[tuple[str, str, str]] = Counter()
    for one in document["unplaced"]:
        found[one["township_zh"], one["product_zh"], one["text_zh"]] += one["tonnes"]
    return found


def _side_by_side(lines: list[dict[str, Any]]) -> None:
    table = folding_table("plan", "placed t", "wasted t", "value CNY", "worst share")
    for line in lines:
        totals = line["totals"]
        table.add_row(
            line["title"], f"{totals['placed_t']:,.1f}", f"{totals['wasted_t']:,.1f}", f"{totals['value_cny']:,.0f}",
            f"{totals['worst_share']:.0%}",
        )  # fmt: skip
    wide_console().print(table)
