"""Ids by name: as written, and in simplified Chinese when that is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache

from warning.catalog import Catalog, Market
from warning.reference.spelling import has_han, plain, province


@cache
def _to_simplified() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@lru_cache(maxsize=65536)
def simplified(name: str) -> str:
    """The plain form of a name in simplified Chinese; names without Chinese characters cost nothing."""
    text = plain(name)
    return _to_simplified()(text) if has_han(text) else text


class NameTable:
    """Ids by name, in the form written and, when first needed, in simplified Chinese."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]]) -> None:
        self.written: dict[str, set[str]] = defaultdict(set)
        self.display: dict[str, str] = {}
        for key, names in entries:
            for name in filter(None, names):
                self.written[plain(name)].add(key)
                self.display.setdefault(plain(name), name)
        self._simple: dict[str, set[str]] = {}

    def ids(self, name: str) -> set[str]:
        """The ids that a name stands for: as written, else in simplified Chinese."""
        if found := self.written.get(plain(name)):
            return found
        return self.simple.get(simplified(name), set()) if has_han(name) else set()

    @property
    def simple(self) -> dict[str, set[str]]:
        """Ids by name in simplified Chinese."""
        if not self._simple:
            found: dict[str, set[str]] = defaultdict(set)
            for name, ids in self.written.items():
                found[simplified(name)] |= ids
            self._simple = found
        return self._simple


def region_key(region: str) -> str:
    """The form in which regions are compared: 重庆市 and 重慶 are one."""
    return simplified(province(region.strip()))


def product_names(catalog: Catalog) -> NameTable:
    """All names of products; an ambiguous one with every id it may mean."""
    entries = [(one.id, (one.id, one.name_zh, one.name_en, *one.synonyms)) for one in catalog.products.values()]
    doubtful = [(key, (name,)) for name, ids in catalog.ambiguous_names.items() for key in ids]
    return NameTable((*entries, *doubtful))


def market_names(markets: Mapping[str, Market]) -> NameTable:
    """All names of markets."""
    return NameTable((one.id, (one.id, one.name, one.name_zh, *one.synonyms)) for one in markets.values())


def township_names(catalog: Catalog) -> NameTable:
    """All names of townships and streets, with and without their kind."""
    entries = []
    for one in catalog.townships.values():
        short_zh = one.name_zh.removesuffix("街道").removesuffix("镇").removesuffix("乡")
        short_en = one.name_en.removesuffix(" Subdistrict").removesuffix(" Township").removesuffix(" Town")
        entries.append((one.id, (one.id, one.name_zh, one.name_en, short_zh, short_en, f"{short_zh}街道办事处")))
    return NameTable(entries)
