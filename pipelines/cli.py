"""The command `changxiao`: where everything is put together; each command imports the heavy parts it needs."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines import (
    briefing_commands,
    guidance_commands,
    plan_commands,
    register_commands,
    skill_commands,
    subscription_commands,
)
from pipelines.folding_table import folding_table
from pipelines.roots import DayOption, day_of, now, the_settings, the_store, today, wide_console, yesterday
from warning.errors import ChangxiaoError, InvalidMapping, UnknownName

if TYPE_CHECKING:
    from pipelines.daily import DailyRun
    from warning.store.engine import Store

app = typer.Typer(
    help="畅销 · early warning of slow sales of farm produce, and where the surplus can go.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The store's schema.", no_args_is_help=True)
app.add_typer(database, name="db")
names_app = typer.Typer(help="Source names that the catalog does not know.", no_args_is_help=True)
app.add_typer(names_app, name="names")
app.add_typer(skill_commands.app)
app.add_typer(plan_commands.app)
app.add_typer(guidance_commands.app)
app.add_typer(briefing_commands.app)
app.add_typer(register_commands.app, name="units")
app.add_typer(subscription_commands.app, name="subscriptions")
app.add_typer(subscription_commands.sending)
LEFT_SECONDS = 5
"""So long whoever reads the stream of events may keep the service from stopping."""


def main() -> None:
    """The console script: an error a person can mend is told in three parts, with exit status 2."""
    try:
        app()
    except ChangxiaoError as error:
        _tell(error)
        sys.exit(2)


def _tell(error: ChangxiaoError) -> None:
    typer.secho(f"{error.title_zh} · {error.what}", fg="red", err=True)
    if error.where:
        typer.echo(f"  at     {error.where}", err=True)
    if isinstance(error, UnknownName) and error.candidates:
        typer.echo(f"  known  {', '.join(error.candidates[:30])}", err=True)
    if error.todo:
        typer.echo(f"  to do  {error.todo}", err=True)


def _daily(store: Store, *, forecasts: bool = True) -> DailyRun:
    from pipelines.daily import DailyRun
    from warning.reference import load_catalog
    from warning.thresholds import load_thresholds

    settings = the_settings()
    return DailyRun(
        store=store,
        catalog=load_catalog(settings.reference),
        thresholds=load_thresholds(settings.own_lines),
        live_feeds=tuple(settings.live_feeds),
        clock=now,
        forecasts=forecasts,
    )


@app.command()
def demo(
    days: Annotated[int, typer.Option(min=1, max=400, help="how many business dates to judge")] = 30,
    date: DayOption = None,
    serve: Annotated[bool, typer.Option(help="serve the board afterwards")] = True,
    host: str | None = None,
    port: int | None = None,
) -> None:
    """Build the simulated district, judge its last days and serve the board."""
    from pipelines.demo.build import build_demo

    store = the_store()
    for line in build_demo(store, _daily(store), last_day=day_of(date, yesterday()), days=days, clock=now):
        typer.echo(line)
    store.close()
    if serve:
        settings = the_settings()
        typer.echo(f"看板 · the board: http://{host or settings.host}:{port or settings.port}")
        serve_board(host, port, 1)


@app.command()
def feeds(
    snapshots: Annotated[bool, typer.Option("--snapshots", help="list what was taken in, newest first")] = False,
) -> None:
    """The feeds and what each reads."""
    from rich.console import Console

    console = Console()
    if snapshots:
        console.print(_snapshot_table())
        return
    from pipelines.feeds import FEEDS

    table = folding_table("feed", "名称", "reads", "live")
    opted = set(the_settings().live_feeds)
    for feed in FEEDS.values():
        live = "" if feed.live is None else ("on" if feed.id in opted else "off (CHANGXIAO_LIVE_FEEDS)")
        table.add_row(feed.id, feed.title_zh, feed.reads, live)
    console.print(table)


def _snapshot_table() -> object:
    from pipelines.feeds import FEEDS
    from warning.store.ledger import snapshots as stored

    table = folding_table("snapshot", "feed", "file", "received", "accepted", "repeated", "rejected", "retracted")
    with the_store().session() as session:
        for feed in FEEDS:
            for one in stored(session, feed, limit=50, cursor=None).items:
                table.add_row(
                    str(one.id),
                    feed,
                    one.name,
                    f"{one.received_at:%Y-%m-%d %H:%M}",
                    f"{one.accepted:,}",
                    f"{one.repeated:,}",
                    f"{one.rejected:,}",
                    f"{one.retracted_at:%Y-%m-%d}" if one.retracted_at else "",
                )
    return table


@app.command()
def ingest(
    feed: str,
    paths: Annotated[list[Path], typer.Argument(help="files, folders or .zip")],
    mapping: Annotated[Path | None, typer.Option(help="mapping file of the feed `table`")] = None,
    constants: Annotated[
        list[str] | None, typer.Option("--set", help="what the files leave unsaid, as name=value")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="store nothing where a line is rejected")] = False,
    show: Annotated[int, typer.Option(help="how many rejected lines to print")] = 5,
) -> None:
    """Read files of a feed into the store, with an account of every line."""
    from pipelines.ingest import ingest_paths

    store = the_store()
    try:
        report = ingest_paths(
            store,
            feed,
            paths,
            received_by="command line",
            received_at=now(),
            mapping=_mapping(mapping),
            constants=_constants(constants or []),
            strict=strict,
        )
    finally:
        store.close()
    typer.echo(report.message_zh)
    typer.echo(report.message_en)
    for reason, count in report.reasons.items():
        typer.echo(f"  rejected  {count:>9,}  {reason}")
    for kind, count in sorted(report.non_data.items()):
        typer.echo(f"  non-data  {count:>9,}  {kind}")
    for flag, count in report.flags.items():
        typer.echo(f"  flagged   {count:>9,}  {flag}")
    for line in report.rejected_lines[:show]:
        typer.echo(f"  {line.file}:{line.line}  {line.reason}: {line.detail}  | {line.text[:100]}")
    for name in report.unknown_names[:show]:
        guesses = ", ".join(str(one["id"]) for one in name.candidates)
        typer.echo(f"  unknown {name.key[0]} {name.key[3]!r} in {name.lines:,} lines; perhaps {guesses or 'none'}")
    for note in (*report.notes, *(f"left out: {one}" for one in report.skipped_files[:show])):
        typer.echo(f"  note  {note}")
    typer.echo(
        "nothing new: these bytes were taken in before"
        if report.snapshot_id is None
        else f"snapshot {report.snapshot_id}"
    )


def _mapping(path: Path | None) -> dict[str, object] | None:
    if path is None:
        return None
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidMapping(f"the mapping file cannot be read: {error}", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMapping(
            f"the mapping file is no TOML: {error}", where=str(path), todo="see docs/mapping.md"
        ) from error


def _constants(pairs: list[str]) -> dict[str, str]:
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is not name=value")
    return dict(pair.split("=", 1) for pair in pairs)


@app.command()
def retract(snapshot: int, reason: Annotated[str, typer.Option(help="why it is taken back")] = "") -> None:
    """Take back a mistaken upload; what was known while it stood is still told to an as-of of that time."""
    from warning.store.snapshots import retract as take_back

    store = the_store()
    moved = take_back(store, snapshot, at=now(), reason=reason)
    typer.echo(f"snapshot {snapshot} taken back: {moved:,} rows no longer read; rerun the days concerned")


@app.command()
def run(
    date: DayOption = None,
    until: DayOption = None,
    fetch: Annotated[bool, typer.Option(help="fetch the live feeds of the settings first")] = True,
    forecasts: Annotated[bool, typer.Option(help="forecast prices too (once a week)")] = True,
) -> None:
    """The daily risk run for yesterday, for a day, or for each day in turn (replay)."""
    from pipelines.fetching import fetch_live

    store = the_store()
    first = day_of(date, yesterday())
    last = day_of(until, first)
    if last < first:
        raise typer.BadParameter(f"--until {last} lies before --date {first}")
    if last > yesterday():
        raise typer.BadParameter(f"{last} is not over yet: the newest day that can be judged is {yesterday()}")
    if fetch and date is None:
        fetch_live(store, the_settings(), first, clock=now)
    for result in _daily(store, forecasts=forecasts).run(first, last):
        typer.echo(result.line_zh)
        typer.echo(result.line_en)


@app.command()
def alerts(
    date: DayOption = None,
    level: Annotated[str, typer.Option(help="levels, comma-separated: red,orange,yellow,blue,none,unknown")] = (
        "red,orange,yellow,blue"
    ),
    product: Annotated[str | None, typer.Option(help="id, name or synonym")] = None,
    limit: int = 40,
) -> None:
    """The alerts of a business date, worst first."""
    from pipelines.alert_table import alert_table

    day = day_of(date, dt.date.min) if date else None
    wide_console().print(alert_table(the_store(), the_settings(), day=day, levels=level, product=product, limit=limit))


@app.command()
def thresholds(
    changes: Annotated[list[str] | None, typer.Option("--set", help="another line, as name=value: r_blue=0.85")] = None,
    date: DayOption = None,
    until: DayOption = None,
) -> None:
    """The level lines with their ground; with --set, what other lines would have changed on the days given."""
    from rich.console import Console

    from pipelines.what_if import compare_thresholds, table_of_lines

    store = the_store()
    daily = _daily(store)
    console = Console()
    if not changes:
        console.print(table_of_lines(daily.thresholds))
        return
    first = day_of(date, yesterday())
    console.print(compare_thresholds(daily, _constants(changes), first, day_of(until, first)))


@app.command()
def template(
    path: Annotated[Path, typer.Argument(help="where to write the workbook")] = Path("township-report.xlsx"),
    township: Annotated[str | None, typer.Option(help="fill in one township")] = None,
    product: Annotated[list[str] | None, typer.Option(help="fill in these products only; may be repeated")] = None,
    force: Annotated[bool, typer.Option("--force", help="overwrite a workbook that is there already")] = False,
) -> None:
    """Write the township report workbook with its drop-downs."""
    from pipelines.papers import free_path
    from pipelines.township_template import write_template
    from warning.names import NameIndex
    from warning.reference import load_catalog

    free_path(path, force=force)
    catalog = load_catalog(the_settings().reference)
    named = [NameIndex(catalog).resolve_product(name) for name in product] if product else None
    write_template(path, catalog, township=township, products=named, today=today())
    typer.echo(f"written: {path}; fill it in, then `changxiao ingest township {path}`")


@app.command()
def doctor() -> None:
    """What is wrong here and what to do: settings, store, data, feeds, fonts, disk."""
    from pipelines.doctor import findings

    worst = 0
    for finding in findings(the_settings(), now()):
        typer.secho(f"{finding.mark}  {finding.what}", fg=finding.colour)
        if finding.todo:
            typer.echo(f"     to do: {finding.todo}")
        worst = max(worst, finding.weight)
    raise typer.Exit(1 if worst > 1 else 0)


@names_app.command("list")
def names_list() -> None:
    """Names waiting for a person, with what they may mean."""
    from warning.store.ledger import source_names

    with the_store().session() as session:
        page = source_names(session, kind=None, feed=None, decided=False, limit=200, cursor=None)
    for name in page.items:
        guesses = ", ".join(str(one["id"]) for one in name.candidates)
        typer.echo(f"{name.id:>5}  {name.kind:<8} {name.feed:<20} {name.name}  ({name.lines:,} lines)  {guesses}")
    if not page.items:
        typer.echo("no name is waiting")


@names_app.command("confirm")
def names_confirm(number: int, meaning: Annotated[str, typer.Argument(help='catalog id; "" for: not ours')]) -> None:
    """Say what a name means; ingest its file again to take its lines in."""
    from warning.reference import load_catalog
    from warning.store.ledger import decide_name, source_name
    from warning.store.names import registered_market_ids

    catalog = load_catalog(the_settings().reference)
    with the_store().writing() as session:
        name = source_name(session, number)
        tables: dict[str, Iterable[str]] = {
            "product": catalog.products,
            "market": {*catalog.markets, *registered_market_ids(session)},
            "township": catalog.townships,
        }
        if meaning and meaning not in set(tables[name.kind]):
            guesses = tuple(str(one["id"]) for one in name.candidates)
            todo = "give an id of the catalog, or of a market that a feed registered"
            raise UnknownName(f"no {name.kind} has the id {meaning!r}", where=name.name, todo=todo, candidates=guesses)
        decide_name(session, number, meaning, by="command line", at=now())
    typer.echo("noted; ingest the file again to take its lines in")


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the store to the newest migration."""
    store = the_store()
    current, head = store.migration_state()
    typer.echo(f"at {current}, newest is {head}")


@app.command()
def schedule() -> None:
    """Run every day at the time of the settings, and make up for missed days; stops on SIGTERM."""
    from pipelines.schedule import schedule as keep_running

    store = the_store()
    keep_running(store, the_settings(), _daily(store), clock=now)


@app.command()
def serve(host: str | None = None, port: int | None = None, workers: int = 1) -> None:
    """Serve the board and the API."""
    serve_board(host, port, workers)


def serve_board(host: str | None, port: int | None, workers: int) -> None:
    """Hand uvicorn the application by name, so that each worker makes its own."""
    import uvicorn

    settings = the_settings()
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=host or settings.host,
        port=port or settings.port,
        workers=workers,
        log_level="info",
        timeout_graceful_shutdown=LEFT_SECONDS,
    )


if __name__ == "__main__":
    main()
