"""What a register holds, and how one row of a sheet becomes an entry; faults are told in Chinese to who wrote it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any, Final, cast

from pipelines.feeds.answer import LineRefused
from pipelines.feeds.township_columns import Column, Holds
from pipelines.register.columns import COLUMNS, GROUPS, SEPARATOR, TAKEN, UNITS
from warning.absorption.distance import Place
from warning.absorption.units import HABITS, AbsorbingUnit, UnitKind, faults
from warning.catalog import Catalog
from warning.names import NameIndex
from warning.store.responses import Response

WHOLE: Final = frozenset({"diners", "lead_days", "storage_days", "year"})
HEADINGS: Final = {column.name: column.heading for column in COLUMNS[UNITS]}
Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class YearQuota:
    """What a unit buys in a year: tonnes, CNY or both."""

    unit_id: str
    year: int
    tonnes: float | None
    cny: float | None


@dataclass(frozen=True, slots=True)
class Register:
    """All that the workbook holds; a sheet that is not there leaves its part empty."""

    units: tuple[AbsorbingUnit, ...] = ()
    places: dict[str, Place] = field(default_factory=dict)
    quotas: tuple[YearQuota, ...] = ()
    responses: tuple[Response, ...] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """Makes entries out of a row's values (`township_cells.value_in`), with the names of a catalog."""

    catalog: Catalog
    names: NameIndex

    def unit(self, values: Values) -> AbsorbingUnit:
        """A unit; LineRefused names the first thing that makes it unusable."""
        said = _stated(UNITS, values)
        said |= {"channel": self._channel(str(said["channel"])), "kind": _kind(str(said["kind"]))}
        said["township_id"] = self.township(str(said.get("township_id", "")))
        for name in ("accepts", "prefers"):
            said[name] = tuple(self._goods(word.strip()) for word in _words(str(said.get(name, ""))))
        known = {one.name for one in fields(AbsorbingUnit)}
        unit = AbsorbingUnit(**cast("dict[str, Any]", {name: one for name, one in said.items() if name in known}))
        for name, zh, _ in faults(unit):
            raise LineRefused("bad_unit", f"“{HEADINGS.get(name, name)}”：{zh}")
        return unit

    def place(self, values: Values) -> tuple[str, Place]:
        """(township id, place)."""
        latitude, longitude = number(values["latitude"]), number(values["longitude"])
        if (latitude is None) != (longitude is None):
            raise LineRefused("half_place", "经纬度须同时填写")
        return self.township(str(values["township_id"])), Place(latitude, longitude, bool(values["key"]))

    def quota(self, values: Values) -> YearQuota:
        """A year's reserve of a unit."""
        tonnes, cny = number(values["tonnes"]), number(values["cny"])
        if tonnes is None and cny is None:
            raise LineRefused("no_amount", "吨和元至少填一项")
        return YearQuota(str(values["unit_id"]), whole(values["year"], "年度"), tonnes, cny)

    def response(self, values: Values) -> Response:
        """What a unit took."""
        said = _stated(TAKEN, values)
        said["product_id"] = self.product(str(said["product_id"]))
        said["township_id"] = self.township(str(said.get("township_id", "")))
        return Response(**cast("dict[str, Any]", {"lot": "", "price_per_kg": None} | said))

    def township(self, word: str) -> str:
        """Its id; blank stays blank."""
        if not word or word in self.catalog.townships:
            return word
        found = self.names.find_township(word)
        if found is None:
            raise LineRefused("no_township", f"没有乡镇“{word}”")
        return found

    def product(self, word: str) -> str:
        """Its id."""
        found = word if word in self.catalog.products else self.names.find_product(word)
        if found is None:
            raise LineRefused("no_product", f"没有品种“{word}”")
        return found

    def _goods(self, word: str) -> str:
        groups = {zh: name for name, zh in GROUPS.items()}
        if word in groups or word in GROUPS:
            return groups.get(word, word)
        return self.product(word)

    def _channel(self, word: str) -> str:
        for channel in self.catalog.channels.values():
            if word in (channel.id, channel.name_zh, str(channel.number), f"{channel.number} {channel.name_zh}"):
                return channel.id
        raise LineRefused("no_channel", f"没有渠道“{word}”，请从名单中选择")


def refuse_missing(columns: tuple[Column, ...], values: Values) -> None:
    """LineRefused where a column that is needed was left blank."""
    for column in columns:
        if column.needed and (values[column.name] in ("", None) or number(values[column.name], default=0.0) is None):
            raise LineRefused("missing", f"没有填“{column.heading}”")


def number(value: object, *, default: float | None = None) -> float | None:
    """A number, None for one that was left blank; of other values the default."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return default


def whole(value: object, heading: str) -> int:
    """A whole number."""
    found = number(value) or 0.0
    if not found.is_integer():
        raise LineRefused("not_whole", f"“{heading}”应为整数，不是 {found:g}")
    return int(found)


def _stated(sheet: str, values: Values) -> Values:
    """What was filled in; what is blank keeps the entry's own default."""
    found: Values = {}
    for column in COLUMNS[sheet]:
        value = values[column.name]
        if column.holds in (Holds.AMOUNT, Holds.SHARE):
            value = number(value)
        if value is None or value == "":
            continue
        found[column.name] = whole(value, column.heading) if column.name in WHOLE else value
    return found


def _words(text: str) -> list[str]:
    for mark in ("，", ",", "；", ";", "/"):
        text = text.replace(mark, SEPARATOR)
    return [word for word in text.split(SEPARATOR) if word.strip()]


def _kind(word: str) -> UnitKind:
    for kind, habit in HABITS.items():
        if word in (kind.value, habit.name_zh):
            return kind
    raise LineRefused(
        "no_kind", f"没有类别“{word}”，可填：{SEPARATOR.join(habit.name_zh for habit in HABITS.values())}"
    )
