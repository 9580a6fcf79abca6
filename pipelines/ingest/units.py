"""Converting to kilograms: a factor for each unit a source writes, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

from warning.names import NameIndex

INDEX_POINT = frozenset({"指数点", "index point"})
NO_CURRENCY = "XXX"
"""ISO 4217's code for no currency: index points."""


@dataclass(frozen=True, slots=True)
class Factor:
    """Kilograms in one of a unit, or why it has none."""

    kg: float
    reason: str = ""
    detail: str = ""


@dataclass(slots=True)
class UnitTable:
    """Each distinct unit looked up once."""

    index: NameIndex
    known: dict[str, Factor] = field(default_factory=dict)

    def factor(self, name: str) -> Factor:
        """The factor of a weight unit; per-piece and unknown units are refused with a reason."""
        if name not in self.known:
            self.known[name] = self._look_up(name)
        return self.known[name]

    def _look_up(self, name: str) -> Factor:
        if name in INDEX_POINT:
            return Factor(1.0)
        unit = self.index.find_unit(name)
        if unit is None:
            return Factor(float("nan"), "unknown_unit", f"the unit {name!r} is not in the table of units")
        if unit.kg is None:
            return Factor(float("nan"), "unit_per_piece", unit.refusal or f"{name!r} is no weight")
        return Factor(unit.kg)
