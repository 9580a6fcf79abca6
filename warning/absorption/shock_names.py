"""Shocks as people name them: by a township, product, unit or channel in words, put under its id."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from warning.absorption.shocks import Shock, ShockKind
from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog
from warning.names import NameIndex

ROAD_BETWEEN = "-"


def under_ids(shocks: Iterable[Shock], catalog: Catalog, units: Sequence[AbsorbingUnit]) -> tuple[Shock, ...]:
    """The shocks with ids in place of names; what is neither stays as it is, for the plan to refuse by name."""
    ids = _Ids(catalog, units)
    return tuple(dataclasses.replace(shock, what=ids.of(shock)) for shock in shocks)


class _Ids:
    """What a word means, by the kind of shock."""

    def __init__(self, catalog: Catalog, units: Sequence[AbsorbingUnit]) -> None:
        self.catalog = catalog
        self.names = NameIndex(catalog)
        self.units = {unit.id: unit.id for unit in units} | _once((unit.name, unit.id) for unit in units)
        channels = catalog.channels.values()
        self.channels = {one.id: one.id for one in channels} | {one.name_zh: one.id for one in channels}

    def of(self, shock: Shock) -> str:
        """The id that the shock's word stands for, or the word."""
        word = shock.what
        if shock.kind in (ShockKind.ROAD, ShockKind.TOWNSHIP):
            whole = self._township(word)
            if whole in self.catalog.townships or shock.kind == ShockKind.TOWNSHIP:
                return whole
            return ROAD_BETWEEN.join(self._township(part) for part in word.split(ROAD_BETWEEN))
        if shock.kind == ShockKind.UNIT:
            return self.units.get(word, word)
        if shock.kind == ShockKind.CHANNEL:
            return self.channels.get(word, word)
        if shock.kind == ShockKind.CAPACITY:
            return self.channels.get(word) or self.units.get(word, word)
        return word if word in self.catalog.products else self.names.find_product(word) or word

    def _township(self, word: str) -> str:
        return word if word in self.catalog.townships else self.names.find_township(word) or word


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The ids of the names that only one unit has: two canteens of one name are told apart by their ids."""
    found: dict[str, set[str]] = {}
    for name, unit_id in pairs:
        found.setdefault(name, set()).add(unit_id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}
