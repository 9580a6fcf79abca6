"""What the commands share: the clock, the settings, the store, and how a day is written."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from warning.store.engine import Store
    from warning.store.settings import Settings

DayOption = Annotated[str | None, typer.Option(help="a business date, YYYY-MM-DD")]


def now() -> dt.datetime:
    """The clock, read here and handed down."""
    return dt.datetime.now(dt.UTC)


def the_settings() -> Settings:
    """The settings, from the environment and changxiao.toml."""
    from warning.store.settings import load_settings

    return load_settings()


def the_store() -> Store:
    """The store, brought to the newest migration."""
    from warning.store.engine import open_store

    return open_store(settings=the_settings(), migrate=True)


def day_of(text: str | None, default: dt.date) -> dt.date:
    """A day as written on the command line."""
    if text is None:
        return default
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; write YYYY-MM-DD") from error


def today() -> dt.date:
    """The date in Asia/Shanghai."""
    from pipelines.knowledge import SHANGHAI

    return now().astimezone(SHANGHAI).date()


def yesterday() -> dt.date:
    """The business date that is judged today."""
    return today() - dt.timedelta(days=1)


def wide_console() -> Console:
    """A console; a file or a pipe has no width of its own, and lines stay whole there."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 240)
