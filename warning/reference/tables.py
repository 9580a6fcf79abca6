"""One function a reviewed file: its rows, the user's over the shipped ones, as the catalog's frozen types."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from warning.catalog import (
    Channel,
    Department,
    DocumentedGlut,
    Market,
    NotOneProduct,
    Product,
    SchoolHoliday,
    SeedlingLine,
    Township,
    Unit,
    YearlyTarget,
)
from warning.errors import InvalidReference
from warning.reference.channel_file import read_channels
from warning.reference.rows import Row, read_rows
from warning.reference.spelling import plain

Folders = Sequence[Path]
_T = TypeVar("_T")

GROUPS: Final = frozenset({
    "vegetable_leaf", "vegetable_head", "vegetable_root", "vegetable_fruit", "fruit", "citrus", "grain", "pulse", "oil",
    "meat", "egg", "fish", "mushroom", "bamboo", "flower", "spice", "feed", "index", "other",
})  # fmt: skip
_LONGEST_DAYS: Final = 9999
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _by_id(folders: Folders, file: str, columns: tuple[str, ...], make: Callable[[Row], _T]) -> dict[str, _T]:
    """Rows by their first column; a later folder replaces, the same id twice in one file is a fault."""
    found: dict[str, _T] = {}
    for folder in folders:
        lines: dict[str, int] = {}
        for row in read_rows(folder / file, columns):
            key = row.must(columns[0])
            if key in lines:
                what = f"{key!r} stands already on line {lines[key]}"
                raise row.fault(columns[0], what, "keep one of the two rows")
            lines[key] = row.line
            found[key] = make(row)
    return found


def _place(row: Row) -> tuple[float | None, float | None]:
    latitude, longitude = row.number("latitude", -90, 90), row.number("longitude", -180, 180)
    if (latitude is None) != (longitude is None):
        raise row.fault("longitude", "one coordinate without the other", "fill in both or neither")
    return latitude, longitude


@dataclass(frozen=True, slots=True)
class ProductName:
    """Another name of a product, in one country only where `country` is set; `row` says where it stands."""

    product_id: str
    name: str
    country: str
    row: Row


def product_names(folders: Folders) -> list[ProductName]:
    """All names of product_names.csv, the shipped ones first."""
    columns = ("product_id", "name", "language", "country", "source")
    return [
        ProductName(row.must("product_id"), row.must("name"), row.text("country").upper(), row)
        for folder in folders
        for row in read_rows(folder / "product_names.csv", columns)
    ]


def products(folders: Folders, names: Iterable[ProductName]) -> dict[str, Product]:
    """products.csv, each with its names of product_names.csv; InvalidReference for a name of no product."""
    synonyms: dict[str, list[str]] = defaultdict(list)
    rows: dict[str, Row] = {}
    for name in names:
        rows.setdefault(name.product_id, name.row)
        if not name.country:
            synonyms[name.product_id].append(name.name)
    flags = ("storable", "boxable", "processable", "exportable", "institutional", "local")
    columns = ("id", "name_zh", "name_en", "group", "shelf_life_days", *flags)
    more = ("outlet_markets", "varieties_alone", "synonyms", "source")
    found = _by_id(
        folders, "products.csv", (*columns, *more), lambda row: _product(row, synonyms[row.must("id")], flags)
    )
    for product_id, row in rows.items():
        if product_id not in found:
            todo = "correct the id, or add the product to products.csv"
            raise row.fault("product_id", f"there is no product {product_id!r}", todo)
    return found


def _product(row: Row, synonyms: Iterable[str], flags: tuple[str, ...]) -> Product:
    group, days = row.must("group"), row.number("shelf_life_days", 1, _LONGEST_DAYS)
    if group not in GROUPS:
        raise row.fault("group", f"there is no group {group!r}", f"use one of {', '.join(sorted(GROUPS))}")
    if days is None or days != int(days):
        raise row.fault("shelf_life_days", "whole days are needed", "write days from harvest to unsaleable, such as 3")
    defaults = {"boxable": True, "institutional": True}
    return Product(
        id=row.must("id"),
        name_zh=row.must("name_zh"),
        name_en=row.text("name_en", row.must("id")),
        group=group,
        shelf_life_days=int(days),
        synonyms=tuple(dict.fromkeys((*synonyms, *row.names("synonyms")))),
        outlet_markets=row.names("outlet_markets"),
        varieties_alone=row.names("varieties_alone"),
        source=row.text("source"),
        **{flag: row.flag(flag, defaults.get(flag, False)) for flag in flags},
    )


def markets(folders: Folders) -> dict[str, Market]:
    """markets.csv."""
    columns = ("id", "name", "name_zh", "country", "region", "synonyms", "latitude", "longitude")
    return _by_id(folders, "markets.csv", (*columns, "timezone", "currency", "lunar", "source"), _market)


def _market(row: Row) -> Market:
    latitude, longitude = _place(row)
    country = row.must("country").upper()
    return Market(
        id=row.must("id"),
        name=row.must("name"),
        name_zh=row.text("name_zh", row.must("name")),
        country=country,
        region=row.text("region"),
        synonyms=row.names("synonyms"),
        latitude=latitude,
        longitude=longitude,
        timezone=row.text("timezone", "Asia/Shanghai"),
        currency=row.text("currency", "CNY").upper(),
        lunar=row.flag("lunar", default=True),
        source=row.text("source"),
    )


def townships(folders: Folders) -> dict[str, Township]:
    """townships.csv."""
    columns = ("id", "name_zh", "name_en", "latitude", "longitude", "key", "source")
    return _by_id(folders, "townships.csv", columns, _township)


def _township(row: Row) -> Township:
    latitude, longitude = _place(row)
    name = row.must("name_zh")
    return Township(
        row.must("id"), name, row.text("name_en", name), latitude, longitude, row.flag("key"), row.text("source")
    )


def units(folders: Folders) -> dict[str, Unit]:
    """units.csv: a unit has kilograms, or a refusal that says why it has none."""
    return _by_id(folders, "units.csv", ("name", "kg", "synonyms", "refusal"), _unit)


def _unit(row: Row) -> Unit:
    kg, refusal = row.number("kg", 1e-9, 1e12), row.text("refusal")
    if (kg is None) == (not refusal):
        todo = "give kg, or leave it blank and say in refusal why it cannot be converted"
        raise row.fault("kg", "a unit has either kilograms or a refusal", todo)
    return Unit(row.must("name"), kg, row.names("synonyms"), refusal)


def departments(folders: Folders) -> dict[str, tuple[Department, ...]]:
    """departments.csv, each id with its names oldest first; a user's rows of an id replace all shipped ones."""
    columns = ("id", "name_zh", "name_en", "since", "until", "merged_into", "source")
    found: dict[str, tuple[Department, ...]] = {}
    for folder in folders:
        own: dict[str, list[Department]] = defaultdict(list)
        for row in read_rows(folder / "departments.csv", columns):
            own[row.must("id")].append(_department(row))
        found |= {key: tuple(sorted(spans, key=lambda one: one.since or dt.date.min)) for key, spans in own.items()}
    return found


def _department(row: Row) -> Department:
    since, until = row.day("since"), row.day("until")
    if since is not None and until is not None and until < since:
        raise row.fault("until", f"{until} is before since, {since}", "correct one of the dates")
    name = row.must("name_zh")
    merged = row.text("merged_into")
    return Department(row.must("id"), name, row.text("name_en", name), since, until, merged, row.text("source"))


def channels(folders: Folders) -> dict[str, Channel]:
    """channels.toml, in the order of the numbers."""
    found: dict[str, Channel] = {}
    for folder in folders:
        found |= read_channels(folder / "channels.toml")
    return dict(sorted(found.items(), key=lambda item: item[1].number))


def ambiguous_names(folders: Folders) -> dict[str, tuple[str, ...]]:
    """ambiguous_names.csv without the names that the user's own product_names.csv settles."""
    columns = ("name", "product_ids", "note")
    settled = {plain(name.name) for name in product_names(folders[1:]) if not name.country}
    found = _by_id(folders, "ambiguous_names.csv", columns, lambda row: row.names("product_ids"))
    for name, ids in found.items():
        if len(ids) < 2:
            what = f"{name!r} is ambiguous between fewer than two products"
            raise InvalidReference(what, where="ambiguous_names.csv", todo="list two ids or more, parted by semicolons")
    return {name: ids for name, ids in found.items() if plain(name) not in settled}


def not_one_product(folders: Folders) -> tuple[NotOneProduct, ...]:
    """not_one_product.csv."""
    columns = ("match", "text", "why_zh", "why_en")
    return tuple(_not_one(row) for folder in folders for row in read_rows(folder / "not_one_product.csv", columns))


def _not_one(row: Row) -> NotOneProduct:
    if (match := row.must("match")) not in ("exact", "starts", "contains"):
        raise row.fault("match", f"there is no match {match!r}", "use exact, starts or contains")
    return NotOneProduct(match, row.must("text"), row.must("why_zh"), row.text("why_en", row.must("why_zh")))


def school_holidays(folders: Folders) -> tuple[SchoolHoliday, ...]:
    """school_holidays.csv; a user's file takes the place of the shipped one."""
    columns = ("name_zh", "name_en", "first", "last", "source")
    own = [[_holiday(row) for row in read_rows(folder / "school_holidays.csv", columns)] for folder in folders]
    return tuple(next((rows for rows in reversed(own) if rows), []))


def _holiday(row: Row) -> SchoolHoliday:
    dated = [row.must(column).count("-") == 2 for column in ("first", "last")]
    if dated[0] != dated[1]:
        raise row.fault("last", "one date has a year and the other has none", "write both as 01-18 or as 2027-01-18")
    days = []
    for column in ("first", "last"):
        text = row.must(column) if dated[0] else f"2000-{row.must(column)}"
        try:
            days.append(dt.date.fromisoformat(text))
        except ValueError:
            raise row.fault(column, f"{row.must(column)!r} is no day", "write it as 01-18 or 2027-01-18") from None
    first, last = days
    name = row.must("name_zh")
    return SchoolHoliday(
        name_zh=name,
        name_en=row.text("name_en", name),
        first=(first.month, first.day),
        last=(last.month, last.day),
        year=first.year if dated[0] else None,
        source=row.text("source"),
    )


def seedling_lines(folders: Folders, product_ids: Collection[str]) -> dict[tuple[str, str], SeedlingLine]:
    """seedling_lines.csv by product and country; InvalidReference for a product that is not in products.csv."""
    columns = ("product_id", "country", "yellow", "red", "source")
    found: dict[tuple[str, str], SeedlingLine] = {}
    for folder in folders:
        for row in read_rows(folder / "seedling_lines.csv", columns):
            line = _seedling_line(row, product_ids)
            found[line.product_id, line.country] = line
    return found


def _seedling_line(row: Row, product_ids: Collection[str]) -> SeedlingLine:
    yellow, red = row.number("yellow", 1), row.number("red", 1)
    if yellow is None or red is None or red < yellow:
        raise row.fault("red", "yellow or red is blank, or red lies below yellow", "give both in seedlings a 旬")
    product_id = _product_id(row, product_ids)
    return SeedlingLine(product_id, row.must("country").upper(), yellow, red, row.must("source"))


def documented_gluts(folders: Folders, product_ids: Collection[str]) -> dict[str, DocumentedGlut]:
    """documented_gluts.csv by id; InvalidReference for a product that is not in products.csv."""
    columns = ("id", "product_id", "country", "places", "start_day", "end_day", "label")
    texts = ("what_zh", "what_en", "measures_zh", "measures_en", "source")
    return _by_id(folders, "documented_gluts.csv", (*columns, *texts), lambda row: _glut(row, product_ids))


def _glut(row: Row, product_ids: Collection[str]) -> DocumentedGlut:
    start, end = row.day("start_day"), row.day("end_day")
    if start is None or end is None or end < start:
        raise row.fault("end_day", "a day is blank, or the end lies before the start", "give both, such as 2018-11-20")
    if (label := row.must("label")) not in ("glut", "near_miss"):
        raise row.fault("label", f"there is no label {label!r}", "use glut or near_miss")
    if bool(row.text("measures_zh")) != bool(row.text("measures_en")):
        raise row.fault("measures_en", "measures stand in one language only", "write them in both, or in neither")
    return DocumentedGlut(
        id=row.must("id"),
        product_id=_product_id(row, product_ids),
        country=row.must("country").upper(),
        places=row.names("places"),
        start_day=start,
        end_day=end,
        label=label,
        what_zh=row.must("what_zh"),
        what_en=row.must("what_en"),
        measures_zh=row.text("measures_zh"),
        measures_en=row.text("measures_en"),
        source=row.must("source"),
    )


def yearly_targets(
    folders: Folders, product_ids: Collection[str], channel_ids: Collection[str]
) -> dict[str, YearlyTarget]:
    """yearly_targets.csv by id; InvalidReference for a channel or product that is not there, or no tonnes."""
    columns = ("id", "year", "channel_id", "product_id", "tonnes", "source")
    return _by_id(folders, "yearly_targets.csv", columns, lambda row: _yearly_target(row, product_ids, channel_ids))


def _yearly_target(row: Row, product_ids: Collection[str], channel_ids: Collection[str]) -> YearlyTarget:
    year, tonnes = row.number("year", FIRST_YEAR, LAST_YEAR), row.number("tonnes", 0)
    if year is None or year % 1:
        raise row.fault("year", f"{row.text('year') or 'a blank'} is no year", "give it as 2026")
    if not tonnes:
        raise row.fault("tonnes", "tonnes is blank or 0", "give the tonnes of the year, or leave the line out")
    if (channel_id := row.text("channel_id")) and channel_id not in channel_ids:
        todo = f"use one of {', '.join(sorted(channel_ids))}, or leave it blank for any channel"
        raise row.fault("channel_id", f"there is no channel {channel_id!r}", todo)
    product_id = _product_id(row, product_ids) if row.text("product_id") else ""
    return YearlyTarget(row.must("id"), int(year), channel_id, product_id, tonnes, row.must("source"))


def _product_id(row: Row, product_ids: Collection[str]) -> str:
    if (product_id := row.must("product_id")) not in product_ids:
        todo = "correct the id, or add the product to products.csv"
        raise row.fault("product_id", f"there is no product {product_id!r}", todo)
    return product_id
