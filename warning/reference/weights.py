"""Units of weight by any of their names, and price units such as 元/公斤 taken apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from warning.catalog import Unit
from warning.errors import UnknownUnit
from warning.reference.spelling import plain

_COUNTED: Final = re.compile(r"(\d+(?:\.\d+)?)(\D.*)")
_PARTS: Final = re.compile(r"\s*/\s*|\s+per\s+|每", re.IGNORECASE)
_REMARK: Final = re.compile(r"\s*\([^()]*\)|[;,].*$")
_CURRENCIES: Final = {
    "CNY": ("元", "人民币", "人民币元", "cny", "rmb", "¥", "yuan", "圆"),
    "INR": ("rs.", "rs", "inr", "₹", "rupee", "rupees", "re."),
    "TWD": ("twd", "nt$", "ntd", "新台币", "新台幣", "台币", "台幣", "新台币元", "新台幣元", "台元"),
    "KRW": ("krw", "원", "₩", "won", "韩元"),
    "USD": ("usd", "us$", "$", "美元"),
    "JPY": ("jpy", "円", "日元"),
    "EUR": ("eur", "€", "欧元"),
}
_CURRENCY_OF: Final = {plain(name): code for code, names in _CURRENCIES.items() for name in names}
_YUAN_ELSEWHERE: Final = {"TW": "TWD"}


class UnitIndex:
    """Finds a unit by any of its names; 500g and 20公斤 are units too."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {plain(name): unit for unit in units for name in (unit.name, *unit.synonyms)}
        self._known: dict[str, Unit | None] = {}

    def find_unit(self, name: str) -> Unit | None:
        """The unit, or None where the table lacks it. One that is no weight has `kg` None and says why."""
        if name not in self._known:
            self._known[name] = self._find(plain(name))
        return self._known[name]

    def resolve_unit(self, name: str) -> Unit:
        """A unit of weight; UnknownUnit with the reason where it is none or is not in the table."""
        unit = self.find_unit(name)
        if unit is None:
            todo = "use 公斤, 斤, 吨, quintal or another unit of units.csv, or add it there with its kilograms"
            raise UnknownUnit(f"the unit {name!r} is not in the table", where="units.csv", todo=todo)
        if unit.kg is None:
            raise UnknownUnit(f"the unit {name!r} is no weight", where="units.csv", todo=unit.refusal)
        return unit

    def _find(self, text: str) -> Unit | None:
        if text in self._units:
            return self._units[text]
        counted = _COUNTED.fullmatch(text)
        base = self._units.get(counted[2]) if counted else None
        if counted is None or base is None or base.kg is None:
            return base
        kg = float(counted[1]) * base.kg
        return Unit(name=text, kg=kg) if kg > 0 else None


def split_price_unit(text: str, *, country: str = "") -> tuple[str, str]:
    """(currency, unit) of a price unit: 元/公斤, INR/quintal, Rs./Quintal, KRW/kg (retail), 元每斤, 公斤.

    The currency is an ISO 4217 code, "" where none is stated; the unit is as written, "" where none is stated.
    元 is the New Taiwan dollar where `country` is TW. Raises UnknownUnit for a currency that is not in the table.
    """
    written = _REMARK.sub("", unicodedata.normalize("NFKC", text)).strip()
    parts = [part.strip() for part in _PARTS.split(written, maxsplit=1)]
    if len(parts) == 1:
        currency = _currency(parts[0], country)
        return (currency, "") if currency else ("", parts[0])
    currency = _currency(parts[0], country)
    if not currency or not parts[1]:
        known = ", ".join(_CURRENCIES)
        raise UnknownUnit(f"{text!r} is no price unit", todo=f"write it as 元/公斤 or INR/quintal; currencies: {known}")
    return currency, parts[1]


def _currency(word: str, country: str) -> str:
    code = _CURRENCY_OF.get(plain(word), "")
    return _YUAN_ELSEWHERE.get(country.upper(), code) if plain(word) in ("元", "圆") else code
