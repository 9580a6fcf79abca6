"""Where documents go: a free path, a ready folder, one file a document by day and whom it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import typer

from warning.errors import Conflict, NotFound


def ready_folder(folder: Path) -> Path:
    """The folder, made where it is not there; Conflict where it cannot be: asked before any work is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Conflict(
            f"{folder} cannot be made a folder: {error.strerror}", where=str(folder), todo="name another folder"
        ) from error
    return folder


def free_path(path: Path, *, force: bool | None = None) -> Path:
    """The path, where nothing is yet: Conflict where a file is, NotFound where its folder is not.

    `force` is whether it may be overwritten; None where that cannot be asked for.
    """
    if path.exists() and not force:
        todo = "give another name" if force is None else "give another name, or --force to overwrite what is filled in"
        raise Conflict(f"{path} is there already: it may be filled in", where=str(path), todo=todo)
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", where=str(path), todo="make it first, or give another")
    return path


def write_papers(folder: Path, day: dt.date, papers: Iterable[tuple[str, bytes]]) -> None:
    """Write each (whom it is for, .docx bytes) as `20241115-name.docx` and say so on the error stream."""
    for name, content in papers:
        path = folder / f"{day:%Y%m%d}-{name}.docx"
        path.write_bytes(content)
        typer.echo(f"wrote {path}", err=True)
