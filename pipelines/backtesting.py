"""`changxiao backtest`: a tidy panel in, the predictions of the protocol out."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from warning.errors import InvalidPanel, UnreadableFile

if TYPE_CHECKING:
    import pandas as pd

    from models.backtest import Told

READ = ("market", "product", "date", "price", "volume", "region", "country", "lat", "lon")
LONGEST_HORIZON = 12


def backtest_file(panel: Path, out: Path, *, since: dt.date, until: dt.date | None, horizons: tuple[int, ...]) -> int:
    """Write the predictions for a panel's file to `out` (.parquet or .csv); gives how many rows there are.

    Nothing is written where anything goes wrong.
    """
    from models.backtest import Stretch, backtest
    from models.tidy_panel import weeks_of_panel

    check_horizons(horizons)
    writer_of(out)
    frame = read_panel_file(panel)
    has_region = "region" in frame
    weeks = weeks_of_panel(frame)
    del frame
    with told() as tell:
        predictions = backtest(weeks, Stretch(since, until, horizons), tell=tell)
    if not has_region:
        predictions = predictions.drop(columns="region")
    _write(predictions, out)
    return len(predictions)


def read_panel_file(path: Path) -> pd.DataFrame:
    """A panel's file as a frame, with the columns that are read; UnreadableFile says why it is not one."""
    import pandas as pd
    import pyarrow

    if not path.is_file():
        raise UnreadableFile("there is no such file", where=str(path), todo="give a .parquet or .csv file")
    try:
        if path.suffix == ".parquet":
            from pyarrow import parquet

            held = parquet.read_schema(path).names
            return pd.read_parquet(path, columns=[name for name in READ if name in held])
        if path.suffix == ".csv":
            return pd.read_csv(path, usecols=lambda name: name in READ, low_memory=False)
    except (
        pyarrow.ArrowException,
        OSError,
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
        UnicodeDecodeError,
    ) as error:
        raise UnreadableFile(str(error).splitlines()[0], where=str(path), todo="give a whole file") from error
    raise UnreadableFile(f"a panel cannot be read from {path.suffix or 'this'}", where=str(path), todo="give .parquet")


def check_horizons(horizons: tuple[int, ...]) -> None:
    """InvalidPanel where a horizon is out of reach or stands twice."""
    wrong = [weeks for weeks in horizons if not 1 <= weeks <= LONGEST_HORIZON]
    if wrong or not horizons or len(set(horizons)) < len(horizons):
        raise InvalidPanel(
            f"horizons {', '.join(map(str, horizons)) or 'none'}",
            where="--horizons",
            todo=f"give different whole weeks from 1 to {LONGEST_HORIZON}, as 2,4,8",
        )


def writer_of(out: Path) -> str:
    """The suffix to write by; an error before any work is done."""
    if out.suffix not in (".parquet", ".csv"):
        raise InvalidPanel(
            f"predictions cannot be written to {out.name}", where="--out", todo="name a .parquet or .csv"
        )
    if not out.resolve().parent.is_dir():
        raise InvalidPanel("the folder is not there", where=str(out.parent), todo="make it, or name another")
    return out.suffix


def _write(predictions: pd.DataFrame, out: Path) -> None:
    """Written beside, then put in its place: never a half file."""
    part = out.with_name(f".{out.name}.part")
    if out.suffix == ".parquet":
        predictions.to_parquet(part, index=False)
    else:
        predictions.to_csv(part, index=False)
    part.replace(out)


@contextmanager
def told() -> Iterator[Told]:
    """A progress bar of the refits on stderr, or a line a refit where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: print(f"refit {done} of {total}", file=sys.stderr, flush=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("refits"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("refits", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell
