"""The commands that fit, try out and judge the forecasts: backtest, fit, skill."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from pipelines.roots import DayOption, day_of, now, the_settings, the_store, wide_console, yesterday
from warning.errors import InvalidPanel

app = typer.Typer()


@app.command()
def backtest(
    panel: Annotated[Path, typer.Option(help="a tidy panel, .parquet or .csv")],
    since: Annotated[str, typer.Option(help="the first issue date, YYYY-MM-DD")],
    out: Annotated[Path, typer.Option(help="where the predictions go, .parquet or .csv")],
    until: Annotated[str | None, typer.Option(help="the last issue date; the panel's end unless told")] = None,
    horizons: Annotated[str, typer.Option(help="weeks ahead")] = "2,4,8",
) -> None:
    """What the models would have said on each Sunday: probability of a spell within H weeks, prices with a band."""
    from pipelines.backtesting import backtest_file

    first, last = day_of(since, dt.date.min), day_of(until, dt.date.max) if until else None
    count = backtest_file(panel, out, since=first, until=last, horizons=_horizons(horizons))
    typer.echo(f"{count:,} predictions in {out}")


def _horizons(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise InvalidPanel(f"horizons {text!r}", where="--horizons", todo="give weeks, as 2,4,8") from error


@app.command()
def fit(as_of: DayOption = None) -> None:
    """Refit the models on what a day knew, review their past forecasts, and release them where they do well."""
    from pipelines.backtesting import told
    from pipelines.fitting import fit_day
    from warning.reference import load_catalog

    day = day_of(as_of, yesterday())
    with told() as tell:
        result = fit_day(the_store(), load_catalog(the_settings().reference), day, clock=now, tell=tell)
    typer.echo(result.line_zh)
    typer.echo(result.line_en)


@app.command()
def skill(
    product: Annotated[str | None, typer.Option(help="id, name or synonym; all for each product")] = None,
    level: Annotated[str | None, typer.Option(help="levels, comma-separated: blue,yellow,orange,red")] = None,
    horizon_days: Annotated[int | None, typer.Option(min=1, help="7, 14, 28 or 56")] = None,
    as_of: DayOption = None,
) -> None:
    """What the forecasts were worth, beside the baselines: the newest skill report."""
    from pipelines.skill_table import skill_table

    day = day_of(as_of, dt.date.min) if as_of else None
    table = skill_table(the_store(), the_settings(), product=product, level=level, horizon_days=horizon_days, as_of=day)
    wide_console().print(table)
