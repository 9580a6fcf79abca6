"""Documents written into a folder, one by one, by day and whom they are for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import typer


def write_papers(folder: Path, day: dt.date, papers: Iterable[tuple[str, bytes]]) -> None:
    """Write each (whom it is for, .docx bytes) as `20241115-name.docx` and say so on the error stream."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in papers:
        path = folder / f"{day:%Y%m%d}-{name}.docx"
        path.write_bytes(content)
        typer.echo(f"wrote {path}", err=True)
