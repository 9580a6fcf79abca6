"""channels.toml into `Channel`s, each key checked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from warning.catalog import Channel
from warning.errors import InvalidReference

NEEDS: Final = ("storable", "boxable", "processable", "exportable", "institutional", "local")
_TEXTS: Final = ("id", "name_zh", "name_en", "clause", "lead", "capacity_note", "source")
_LISTS: Final = ("with", "suits", "needs")
_WHOLE: Final = ("number", "min_shelf_life_days", "max_shelf_life_days")
_FLAGS: Final = ("emergency_only", "enabler")
_REQUIRED: Final = ("id", "number", "name_zh", "clause", "lead", "start_days")


def read_channels(path: Path) -> dict[str, Channel]:
    """The channels of a file by id; none where there is no file. Raises InvalidReference."""
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidReference(f"no TOML: {error}", where=path.name, todo="correct the file, as UTF-8") from error
    entries = content.get("channel", [])
    if set(content) - {"channel"} or not isinstance(entries, list):
        raise InvalidReference("only [[channel]] may stand in it", where=path.name, todo="write [[channel]] entries")
    found: dict[str, Channel] = {}
    for place, entry in enumerate(entries, start=1):
        channel = _channel(entry, f"{path.name}, [[channel]] {place}")
        if channel.id in found:
            where = f"{path.name}, [[channel]] {place}, key id"
            raise InvalidReference(f"{channel.id!r} stands twice", where=where, todo="keep one of the two")
        found[channel.id] = channel
    return found


def _channel(entry: dict[str, Any], where: str) -> Channel:
    _check_keys(entry, where)
    first, last = _start_days(entry["start_days"], where)
    return Channel(
        id=entry["id"],
        number=entry["number"],
        name_zh=entry["name_zh"],
        name_en=entry.get("name_en", entry["name_zh"]),
        clause=entry["clause"],
        lead=entry["lead"],
        with_departments=tuple(entry.get("with", ())),
        start_days=(first, last),
        suits=tuple(entry.get("suits", ())),
        min_shelf_life_days=entry.get("min_shelf_life_days", 0),
        max_shelf_life_days=entry.get("max_shelf_life_days", 9999),
        needs=tuple(entry.get("needs", ())),
        capacity_note=entry.get("capacity_note", ""),
        emergency_only=entry.get("emergency_only", False),
        enabler=entry.get("enabler", False),
        source=entry.get("source", "梁平府办发〔2021〕78号"),
    )


def _check_keys(entry: dict[str, Any], where: str) -> None:
    for key in _REQUIRED:
        if key not in entry:
            raise InvalidReference(f"{key} is missing", where=f"{where}, key {key}", todo=f"add {key}")
    for key, value in entry.items():
        if not _fits(key, value):
            todo = f"known keys: {', '.join((*_TEXTS, *_LISTS, *_WHOLE, *_FLAGS, 'start_days'))}"
            raise InvalidReference(f"{key} = {value!r} is not understood", where=f"{where}, key {key}", todo=todo)
    for need in entry.get("needs", ()):
        if need not in NEEDS:
            todo = f"use {', '.join(NEEDS)}"
            raise InvalidReference(f"there is no property {need!r}", where=f"{where}, key needs", todo=todo)


def _fits(key: str, value: object) -> bool:
    if key in _TEXTS:
        return isinstance(value, str)
    if key in _LISTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if key in _WHOLE:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, bool) if key in _FLAGS else key == "start_days"


def _start_days(value: object, where: str) -> tuple[int, int]:
    match value:
        case [int(first), int(last)] if 0 <= first <= last:
            return first, last
    todo = "write the earliest and latest days to start, such as [2, 7]"
    raise InvalidReference(f"start_days = {value!r} is not understood", where=f"{where}, key start_days", todo=todo)
