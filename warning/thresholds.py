"""The level lines, read from reviewed data: frozen, versioned by content, with overrides per product."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from warning.errors import InvalidReference

SHIPPED = "warning/reference/thresholds.toml"


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that hold for one product; each name's meaning and ground stand in thresholds.toml."""

    r_blue: float
    r_yellow: float
    r_orange: float
    r_red: float
    z_blue: float
    z_orange: float
    z_red: float
    g_blue: float
    g_yellow: float
    rho_yellow: float
    v_glut: float
    v_stalled: float
    v_evidence: float
    stall_share: float
    stall_r_max: float
    stall_days: float
    stall_season_share: float
    k_blue: float
    k_yellow: float
    k_orange: float
    k_red: float
    k_red_stock: float
    hog_yellow: float
    hog_orange: float
    hog_red: float
    lag_blue: float
    lag_yellow: float
    lag_orange: float
    lag_red: float
    d_blue: float
    d_yellow: float
    d_orange: float
    d_red: float
    over_planting: float
    over_planting_red: float


NAMES = tuple(line.name for line in dataclasses.fields(Lines))
FALLING = (
    ("r_blue", "r_yellow", "r_orange", "r_red"),
    ("z_blue", "z_red"),
    ("z_orange", "z_red"),
    ("k_blue", "k_yellow", "k_orange", "k_red"),
    ("hog_yellow", "hog_orange", "hog_red"),
)
RISING = (
    ("lag_blue", "lag_yellow", "lag_orange", "lag_red"),
    ("d_blue", "d_yellow", "d_orange", "d_red"),
    ("over_planting", "over_planting_red"),
)
"""Lines that must not rise, or fall, from blue to red; z_orange and g_yellow only confirm r, and may be milder."""
POSITIVE = tuple(name for name in NAMES if name[:2] not in ("z_", "g_") and name not in ("rho_yellow", "v_stalled"))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lines that hold for all products, the lines of single products, and the ground of each."""

    lines: Lines
    products: Mapping[str, Lines] = field(default_factory=dict)
    grounds: Mapping[str, str] = field(default_factory=dict)
    """By line name, or `product.line` for an override."""

    def for_product(self, product_id: str, place_id: str = "") -> Lines:
        """The lines of a product: its own in the country of the place (`onion@in`), its own anywhere, or the general.

        Lines calibrated on one country's past say nothing of another's; a place's id begins with its country.
        """
        there = f"{product_id}@{place_id.partition('-')[0]}"
        return self.products.get(there) or self.products.get(product_id, self.lines)

    def replace(self, **changes: float) -> Thresholds:
        """The same with some lines changed for all products, for a what-if; InvalidReference for bad ones."""
        return Thresholds(
            lines=_changed(self.lines, changes, "what-if"),
            products={product: _changed(lines, changes, product) for product, lines in self.products.items()},
            grounds={**self.grounds, **dict.fromkeys(changes, "what-if")},
        )

    def content(self) -> dict[str, Any]:
        """Everything as plain values, for the store."""
        return {
            "lines": dataclasses.asdict(self.lines),
            "products": {product: dataclasses.asdict(lines) for product, lines in sorted(self.products.items())},
            "grounds": dict(sorted(self.grounds.items())),
        }

    @property
    def version(self) -> str:
        """sha256 of the content in canonical form."""
        text = json.dumps(self.content(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def load_thresholds(extra: Path | None = None) -> Thresholds:
    """The shipped lines, with those of the operator's own file over them.

    InvalidReference names the line and the file where a value is missing, unknown, no number or out of order.
    """
    shipped = _shipped()
    return shipped if extra is None else _merged(shipped, _read(extra), str(extra))


@cache
def _shipped() -> Thresholds:
    text = resources.files("warning").joinpath("reference/thresholds.toml").read_text(encoding="utf-8")
    return thresholds_from(tomllib.loads(text), where=SHIPPED)


def _read(path: Path) -> dict[str, Any]:
    """The operator's own file; InvalidReference where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise _bad(f"the thresholds cannot be read: {fault.strerror}", str(path), "name a file that exists") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise _bad(f"the thresholds are not TOML: {fault}", str(path), "correct the file at the place named") from fault


def thresholds_from(document: Mapping[str, Any], *, where: str) -> Thresholds:
    """Thresholds from a whole document ([lines] complete); InvalidReference for anything else."""
    values, grounds = _table(document.get("lines"), where, "lines")
    if missing := [name for name in NAMES if name not in values]:
        raise _bad(f"lines are missing: {', '.join(missing)}", where, "give each a value and its ground")
    general = Thresholds(lines=_checked(Lines(**values), where), grounds=grounds)
    return _merged(general, {"products": document.get("products", {})}, where)


def _merged(base: Thresholds, document: Mapping[str, Any], where: str) -> Thresholds:
    """`base` with the document's lines over it."""
    if unknown := sorted(set(document) - {"lines", "products"}):
        raise _bad(f"unknown tables: {', '.join(unknown)}", where, "use [lines] and [products.ID]")
    values, grounds = _table(document.get("lines", {}), where, "lines")
    lines = _changed(base.lines, values, where)
    products = {product: _changed(own, values, where) for product, own in base.products.items()}
    all_grounds = {**base.grounds, **grounds}
    for product, table in document.get("products", {}).items():
        own, own_grounds = _table(table, where, f"products.{product}")
        products[product] = _changed(products.get(product, lines), own, f"{where} [products.{product}]")
        all_grounds |= {f"{product}.{name}": ground for name, ground in own_grounds.items()}
    return Thresholds(lines=lines, products=products, grounds=all_grounds)


def _table(table: Any, where: str, name: str) -> tuple[dict[str, float], dict[str, str]]:
    """(values, grounds) of one table of lines."""
    if not isinstance(table, Mapping):
        raise _bad(f"[{name}] is not a table", where, 'write lines as r_blue = { value = 0.9, ground = "…" }')
    values, grounds = {}, {}
    for line, entry in table.items():
        place = f"{where} [{name}] {line}"
        if line not in NAMES:
            raise _bad(f"{line} is not a line", place, f"use one of {', '.join(NAMES)}")
        if not isinstance(entry, Mapping) or not str(entry.get("ground", "")).strip():
            raise _bad(f"{line} has no ground", place, 'write { value = 0.9, ground = "why this number" }')
        values[line], grounds[line] = _number(entry.get("value"), place), str(entry["ground"])
    return values, grounds


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _bad(f"{value!r} is not a number", place, "give a finite number")
    return float(value)


def _changed(lines: Lines, changes: Mapping[str, float], where: str) -> Lines:
    if unknown := sorted(set(changes) - set(NAMES)):
        raise _bad(f"unknown lines: {', '.join(unknown)}", where, f"use {', '.join(NAMES)}")
    numbers = {name: _number(value, f"{where} {name}") for name, value in changes.items()}
    return _checked(dataclasses.replace(lines, **numbers), where)


def _checked(lines: Lines, where: str) -> Lines:
    """The lines, where their order from blue to red and their signs make sense."""
    for order, sign in [(names, -1) for names in FALLING] + [(names, 1) for names in RISING]:
        for milder, worse in itertools.pairwise(order):
            if sign * (getattr(lines, worse) - getattr(lines, milder)) < 0:
                raise _bad(f"{worse} is milder than {milder}", where, "keep the lines in order from blue to red")
    for name in POSITIVE:
        if getattr(lines, name) <= 0:
            raise _bad(f"{name} is not above 0", where, "give a positive number")
    if not 1 <= lines.stall_days <= 21:
        raise _bad("stall_days is not within 1 and 21", where, "a stall is judged within three weeks")
    return lines


def _bad(what: str, where: str, todo: str) -> InvalidReference:
    return InvalidReference(what, where=where, todo=todo)
