"""How far an ingest is: a bar on a terminal, one log line otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pipelines.feeds.base import RawFile

Watch = Iterable[RawFile]


@contextmanager
def watched(files: Watch, total: int, title: str) -> Iterator[Watch]:
    """The files, counted by a bar as they are read where a person is looking."""
    if not sys.stderr.isatty() or total < 2:
        yield files
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress.track(files, total=total, description=title)
