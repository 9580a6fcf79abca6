"""The mapping file: which column of a strange table means what, as some ten lines of TOML (docs/mapping.md)."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from pipelines.feeds.cells import DayStyle, NumberStyle
from pipelines.feeds.currency import price_parts
from warning.catalog import PriceKind
from warning.errors import InvalidMapping

FIELDS: Final = (
    "date", "product", "market", "region", "variety", "price", "price_low", "price_high", "price_unit",
    "volume", "volume_unit", "currency", "country", "kind",
)  # fmt: skip
MISSING: Final = ("-", "--", "—", "——", "/", "无", "暂无", "NR", "NA", "N/A", "null", "None")
SUBTOTALS: Final = ("小计", "合计", "总计", "小計", "合計", "總計", "subtotal", "total")
KINDS: Final = MappingProxyType(
    {kind.value: kind for kind in PriceKind}
    | dict.fromkeys(("批发", "批发价"), PriceKind.WHOLESALE)
    | dict.fromkeys(("零售", "零售价"), PriceKind.RETAIL)
    | dict.fromkeys(("地头价", "田头价", "产地价", "收购价"), PriceKind.FARM_GATE)
    | dict.fromkeys(("拍卖", "拍卖价"), PriceKind.AUCTION)
    | dict.fromkeys(("成本", "成本价"), PriceKind.COST)
)
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "columns": (dict,), "constants": (dict,), "sheet": (str, int), "heading_row": (int,), "skip_rows": (int,),
    "encoding": (str,), "delimiter": (str,), "quote": (str,), "date_format": (str, list), "roc_years": (bool,),
    "two_digit_years": (bool,), "thousands": (str,), "decimal": (str,), "missing": (list,), "off_market": (list,),
    "subtotals": (list,), "fill_down": (list,), "registers_markets": (bool,), "formulas": (str,),
}  # fmt: skip
_WORDS: Final = {str: "text", int: "a whole number", list: "a list of texts", bool: "true or false", dict: "a table"}


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping file; the meaning of each key is in docs/mapping.md."""

    columns: dict[str, str | int]
    """Field to heading, or to the column's number from 1."""
    constants: dict[str, str]
    sheet: str | int | None
    heading_row: int | None
    """The sheet row or line with the headings, from 1; 0 for none; None where it is looked for."""
    skip_rows: int
    encoding: str | None
    delimiter: str | None
    quote: str
    days: DayStyle
    numbers: NumberStyle
    off_market: frozenset[str]
    subtotals: tuple[str, ...]
    fill_down: tuple[str, ...]
    """Fields filled down, whichever way the file named them."""
    registers_markets: bool
    stored_formulas: bool


def load_mapping(source: Path | str) -> dict[str, object]:
    """The checked TOML of a mapping file (a path, or the text itself), as `ReadOptions.mapping` takes it.

    Raises InvalidMapping with the key that is wrong.
    """
    where = str(source) if isinstance(source, Path) else "the mapping"
    try:
        text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
        document = tomllib.loads(text)
    except OSError as error:
        raise InvalidMapping(f"it cannot be read ({error.strerror})", where=where, todo="check the path") from error
    except UnicodeDecodeError as error:
        raise InvalidMapping("it is not UTF-8", where=where, todo="save the mapping file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidMapping(f"it is not TOML: {error}", where=where, todo="see docs/mapping.md") from error
    parse_mapping(document, where)
    return document


def parse_mapping(
    document: dict[str, object], where: str = "the mapping", *, added: dict[str, str] | None = None
) -> Mapping:
    """The mapping that `document` spells; InvalidMapping names the key, what may stand there, and the nearest.

    `added` are constants that the person gave beside it, {} for none; None where they are not known yet, and then
    nothing is missed that they could give.
    """
    given = cast(dict[str, Any], document)
    for key, value in given.items():
        _check_key(key, _TYPES, where)
        _check_type(key, value, where)
    columns = _columns(given.get("columns", {}), where)
    constants = _constants(given.get("constants", {}) | (added or {}), where)
    _check_fields(columns, constants, where)
    if added is not None:
        _check_needed(columns.keys() | constants.keys(), where)
    formats = given.get("date_format", ())
    return Mapping(
        columns=columns,
        constants=constants,
        sheet=given.get("sheet"),
        heading_row=_count(given, "heading_row", where),
        skip_rows=_count(given, "skip_rows", where) or 0,
        encoding=given.get("encoding"),
        delimiter=_delimiter(given, where),
        quote=_sign(given, "quote", '"', where),
        days=DayStyle(
            formats=(formats,) if isinstance(formats, str) else tuple(formats),
            roc=given.get("roc_years", False),
            two_digit=given.get("two_digit_years", False),
        ),
        numbers=_numbers(given, where),
        off_market=frozenset(given.get("off_market", ())),
        subtotals=tuple(given.get("subtotals", SUBTOTALS)),
        fill_down=_fill_down(given.get("fill_down", ()), columns, where),
        registers_markets=given.get("registers_markets", False),
        stored_formulas=_formulas(given, where),
    )


def nearest(word: str, words: Iterable[str]) -> str:
    """` (nearest: …)` where one of `words` resembles `word`, else ""."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.3)
    return f" (nearest: {found[0]!r})" if found else ""


def _check_key(key: str, known: Iterable[str], where: str, table: str = "") -> None:
    known = tuple(known)
    if key not in known:
        what = f"unknown key {table + key!r}{nearest(key, known)}"
        raise InvalidMapping(what, where=where, todo=f"use one of {', '.join(known)}")


def _check_type(key: str, value: object, where: str) -> None:
    wanted = _TYPES[key]
    right = isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))
    if isinstance(value, list):
        right = right and all(isinstance(one, str) for one in value)
    if not right:
        words = " or ".join(_WORDS[one] for one in wanted)
        raise InvalidMapping(f"{key!r} must be {words}, not {value!r}", where=where, todo="see docs/mapping.md")


def _columns(given: dict[str, object], where: str) -> dict[str, str | int]:
    columns: dict[str, str | int] = {}
    for name, column in given.items():
        _check_key(name, FIELDS, where, "columns.")
        number = isinstance(column, int) and not isinstance(column, bool) and column > 0
        if not number and not (isinstance(column, str) and column.strip()):
            what = f"'columns.{name}' must be a heading or a column's number from 1, not {column!r}"
            raise InvalidMapping(what, where=where, todo="write the heading as it stands in the table")
        columns[name] = cast(str | int, column)
    return columns


def _constants(given: dict[str, object], where: str) -> dict[str, str]:
    constants: dict[str, str] = {}
    for name, value in given.items():
        _check_key(name, FIELDS, where, "constants.")
        if isinstance(value, bool | dict | list) or not str(value).strip():
            raise InvalidMapping(f"'constants.{name}' must be text", where=where, todo="write it in quotes")
        constants[name] = str(value).strip()
    if "kind" in constants and constants["kind"] not in KINDS:
        what = f"'constants.kind' is {constants['kind']!r}{nearest(constants['kind'], KINDS)}"
        raise InvalidMapping(what, where=where, todo=f"use one of {', '.join(KINDS)}")
    return constants


def _check_fields(columns: dict[str, str | int], constants: dict[str, str], where: str) -> None:
    both = sorted(columns.keys() & constants.keys())
    if both:
        raise InvalidMapping(f"{both[0]!r} is both a column and a constant", where=where, todo="leave one of them out")
    given = columns.keys() | constants.keys()
    if not columns.keys() & {"price", "volume"}:
        raise InvalidMapping("there is neither 'columns.price' nor 'columns.volume'", where=where, todo="add one")
    for amount in ("price", "volume"):
        if amount in columns and f"{amount}_unit" not in given:
            todo = 'say constants.price_unit = "元/斤"' if amount == "price" else 'say constants.volume_unit = "吨"'
            raise InvalidMapping(
                f"the {amount} has no '{amount}_unit'", where=where, todo=f"{todo}, or name its column"
            )
    unit = constants.get("price_unit")
    if unit and "price" in columns and "currency" not in given and not price_parts(unit)[0]:
        what = f"'constants.price_unit' {unit!r} does not say the currency"
        raise InvalidMapping(what, where=where, todo='write it as "元/斤", or add constants.currency = "CNY"')


def _check_needed(given: Iterable[str], where: str) -> None:
    for needed in ("date", "product", "market"):
        if needed not in given:
            todo = f"add columns.{needed} or constants.{needed}"
            raise InvalidMapping(f"{needed!r} is neither a column nor a constant", where=where, todo=todo)


def _count(given: dict[str, Any], key: str, where: str) -> int | None:
    value: int | None = given.get(key)
    if value is not None and value < 0:
        raise InvalidMapping(f"{key!r} must not be negative", where=where, todo="count rows from 1")
    return value


def _sign(given: dict[str, Any], key: str, default: str, where: str) -> str:
    value: str = given.get(key, default)
    if len(value) > 1:
        raise InvalidMapping(f"{key!r} must be one character, not {value!r}", where=where, todo="see docs/mapping.md")
    return value


def _delimiter(given: dict[str, Any], where: str) -> str | None:
    value = _sign(given, "delimiter", "", where)
    if value and (value in "\r\n" or value == given.get("quote", '"')):
        raise InvalidMapping("'delimiter' cannot part cells", where=where, todo='use "," or ";" or "\\t"')
    return value or None


def _numbers(given: dict[str, Any], where: str) -> NumberStyle:
    thousands, decimal = _sign(given, "thousands", "", where), _sign(given, "decimal", ".", where)
    if thousands == decimal or not decimal:
        what = f"'thousands' {thousands!r} and 'decimal' {decimal!r} cannot be told apart"
        raise InvalidMapping(what, where=where, todo='for 1.234,5 say thousands = "." and decimal = ","')
    return NumberStyle(thousands, decimal, frozenset(given.get("missing", MISSING)))


def _fill_down(names: Iterable[str], columns: dict[str, str | int], where: str) -> tuple[str, ...]:
    fields = {str(heading): name for name, heading in columns.items()}
    for name in names:
        if name not in fields and name not in columns:
            what = f"'fill_down' names {name!r}, which is no mapped column{nearest(name, fields)}"
            raise InvalidMapping(what, where=where, todo=f"use one of {', '.join(fields)}")
    return tuple(fields.get(name, name) for name in names)


def _formulas(given: dict[str, Any], where: str) -> bool:
    value = given.get("formulas", "refuse")
    if value not in ("refuse", "stored"):
        raise InvalidMapping(f"'formulas' is {value!r}", where=where, todo='use "refuse" or "stored"')
    return bool(value == "stored")
