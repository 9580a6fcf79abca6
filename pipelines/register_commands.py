"""`changxiao units`: the register of absorbing units out of and into a workbook, and on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.roots import now, the_settings, the_store, today, wide_console

app = typer.Typer(
    help="The register of absorbing units, their reserved purchases, what they took.", no_args_is_help=True
)


@app.command("export")
def export(
    path: Annotated[Path, typer.Argument(help="where the workbook goes, .xlsx")],
    year: Annotated[int | None, typer.Option(help="of the quotas and of what was taken; this year unless told")] = None,
) -> None:
    """Write the register as a workbook to fill in; an empty one where there is none yet."""
    from pipelines.papers import free_path
    from pipelines.register.taking import register_of
    from pipelines.register.writing import register_workbook
    from warning.reference import load_catalog

    free_path(path)
    with the_store().session() as session:
        register = register_of(session, now(), year or today().year)
    path.write_bytes(register_workbook(register, load_catalog(the_settings().reference), today()))
    typer.echo(
        f"{len(register.units)} units, {len(register.quotas)} quotas, {len(register.responses)} responses: {path}"
    )


@app.command("import")
def take_in(
    path: Annotated[Path, typer.Argument(help="the workbook, .xlsx")],
    by: Annotated[str, typer.Option(help="who answers for it")] = "command line",
) -> None:
    """Take a filled workbook in: all of it, or nothing where any row is faulty."""
    from pipelines.feeds.base import RawFile
    from pipelines.register.reading import read_register
    from pipelines.register.taking import take_register
    from warning.errors import UnreadableFile
    from warning.reference import load_catalog

    if not path.is_file():
        raise UnreadableFile("there is no such file", where=str(path), todo="give the workbook's path")
    catalog = load_catalog(the_settings().reference)
    register = read_register(RawFile(path.name, path.read_bytes()), catalog)
    with the_store().writing() as session:
        taken = take_register(session, register, catalog, at=now(), by=by)
    typer.echo(taken.line_zh)
    typer.echo(taken.line_en)


@app.command("list")
def listing(
    channel: Annotated[str, typer.Option(help="only this channel's id")] = "",
    kind: Annotated[str, typer.Option(help="only this kind")] = "",
) -> None:
    """The units in the register."""
    from rich.table import Table

    from warning.reference import load_catalog
    from warning.store.units import units_as_of

    catalog = load_catalog(the_settings().reference)
    with the_store().session() as session:
        units = units_as_of(session, now())
    table = Table("编号", "名称", "类别", "渠道", "乡镇", "吨/天", "库容 吨", "接收")
    for unit in units:
        if (channel and unit.channel != channel) or (kind and unit.kind.value != kind):
            continue
        township = catalog.townships.get(unit.township_id)
        table.add_row(
            unit.id, unit.name, unit.habit.name_zh, unit.channel, township.name_zh if township else unit.township_id,
            f"{unit.capacity_t:,.2f}", "" if unit.storage_t is None else f"{unit.storage_t:,.0f}",
            ", ".join(unit.accepts) or "any",
        )  # fmt: skip
    wide_console().print(table)


@app.command("quotas")
def quotas(year: Annotated[int | None, typer.Option(help="this year unless told")] = None) -> None:
    """What units reserve for the year, what is drawn and what is left."""
    from rich.table import Table

    from warning.store.quotas import quota_accounts

    asked = year or today().year
    with the_store().session() as session:
        accounts = quota_accounts(session, asked)
    table = Table("编号", "预留 吨", "已用 吨", "剩余 吨", "预留 元", "已用 元", "剩余 元", title=str(asked))
    for one in accounts:
        amounts = (one.tonnes, one.drawn_t, one.left_t, one.cny, one.drawn_cny, one.left_cny)
        table.add_row(one.unit_id, *("" if amount is None else f"{amount:,.1f}" for amount in amounts))
    wide_console().print(table)
