"""Names in any language to the catalog's ids: exact, synonym, or the other Chinese script; never by likeness.

A name that means two things does not resolve, and what only looks alike is proposed for a person to confirm.
Every answer is remembered by name, so that millions of rows cost as much as their distinct names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from warning.catalog import Catalog, Market, Unit
from warning.errors import UnknownName
from warning.reference.name_table import market_names, product_names, region_key, simplified, township_names
from warning.reference.spelling import (
    ItemName,
    has_han,
    market_slug,
    plain,
    split_item,
    split_variety,
)
from warning.reference.weights import UnitIndex, split_price_unit

__all__ = [
    "Candidate", "Finding", "ItemName", "NameIndex", "market_slug", "plain", "simplified", "split_item",
    "split_price_unit", "split_variety",
]  # fmt: skip

_IMPORTED: Final = "進口"
_OTHER_GOODS: Final = re.compile("[干乾熟腌醃酱醬卤滷冻凍苗籽罐]|脱水|脫水")
"""Words after a name that make other goods of it: 枣(干) is not 枣."""
_DISTRICT: Final = ("重庆市梁平区", "重庆梁平区", "梁平区", "梁平县")
_REMEMBERED: Final = 200_000
"""Answers kept at most: a service is asked for any text."""
_ENOUGH, _ENOUGH_HAN = 55.0, 50.0
"""Likeness, of 100, below which a candidate helps nobody: most Chinese names have two characters, one may be wrong."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a name might mean: the id, the catalog's name that is like it, and how like, 0 to 100."""

    id: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a name: an id, or the reason why there is none.

    `reason` is "" or one of unknown, ambiguous, not_one_product, not_ours (a person declared it none of ours).
    """

    id: str | None
    reason: str = ""
    detail: str = ""
    candidates: tuple[str, ...] = ()


class NameIndex:
    """All names of a catalog, of the markets that feeds registered, and of what people confirmed.

    `confirmed` holds {(kind, feed, region, raw name): id}; an id of "" says that the name is none of ours. A
    confirmed name holds for its feed and region; one confirmed without them holds everywhere.
    """

    def __init__(
        self,
        catalog: Catalog,
        markets: Iterable[Market] = (),
        confirmed: Mapping[tuple[str, str, str, str], str] | None = None,
    ) -> None:
        self.catalog = catalog
        self.markets = {market.id: market for market in markets} | catalog.markets
        self._confirmed = {(*key[:3], plain(key[3])): said for key, said in (confirmed or {}).items()}
        self._tables = {
            "product": product_names(catalog),
            "market": market_names(self.markets),
            "township": township_names(catalog),
        }
        self._country_names = {(country, plain(name)): key for (country, name), key in catalog.country_names.items()}
        self._countries = {country for country, _ in catalog.country_names}
        self._units = UnitIndex(catalog.units.values())
        self._memory: dict[tuple[str, ...], Finding] = {}

    def find_product(
        self, name: str, *, variety: str = "", country: str = "", feed: str = "", region: str = ""
    ) -> str | None:
        """The id of a product, or None; see `judge_product` for why."""
        return self.judge_product(name, variety=variety, country=country, feed=feed, region=region).id

    def find_market(self, name: str, country: str = "", region: str = "", *, feed: str = "") -> str | None:
        """The id of a market, or None; country (ISO 3166) and region tell markets of one name apart."""
        return self.judge_market(name, country, region, feed=feed).id

    def find_township(self, name: str, *, feed: str = "", region: str = "") -> str | None:
        """The code of a township or street, with or without 镇, 乡, 街道 and the district before it."""
        return self.judge_township(name, feed=feed, region=region).id

    def judge_product(
        self, name: str, *, variety: str = "", country: str = "", feed: str = "", region: str = ""
    ) -> Finding:
        """The product meant, with the reason where there is none.

        `variety` tells apart what a source keeps under one name (雜柑 with 檸檬 is lemon); `country` what a name
        means there (玉米 is sweet corn in TW, maize elsewhere).
        """
        return self._remembered(
            ("product", name, variety, country, feed, region),
            lambda: self._said("product", name, feed, region) or self._product(name, variety, country.upper()),
        )

    def judge_market(self, name: str, country: str = "", region: str = "", *, feed: str = "") -> Finding:
        """The market meant, with the reason where there is none or more than one."""
        return self._remembered(
            ("market", name, country, region, feed),
            lambda: self._said("market", name, feed, region) or self._market(name, country.upper(), region),
        )

    def judge_township(self, name: str, *, feed: str = "", region: str = "") -> Finding:
        """The township meant, with the reason where there is none."""
        return self._remembered(
            ("township", name, feed, region),
            lambda: self._said("township", name, feed, region) or self._township(name),
        )

    def resolve_product(self, text: str, *, country: str = "") -> str:
        """The id of a product; UnknownName with candidates where the name means nothing, or several things."""
        return self._resolved("product", text, self.judge_product(text, country=country))

    def resolve_market(self, text: str, country: str = "", region: str = "") -> str:
        """The id of a market; UnknownName with candidates where the name means nothing, or several things."""
        return self._resolved("market", text, self.judge_market(text, country, region))

    def resolve_township(self, text: str) -> str:
        """The code of a township; UnknownName with candidates where the name means nothing."""
        return self._resolved("township", text, self.judge_township(text))

    def find_unit(self, name: str) -> Unit | None:
        """The unit, or None where the table lacks it. One that is no weight has `kg` None and says why."""
        return self._units.find_unit(name)

    def resolve_unit(self, name: str) -> Unit:
        """A unit of weight; UnknownUnit with the reason where it is none."""
        return self._units.resolve_unit(name)

    def propose(self, kind: str, name: str, limit: int = 5) -> list[Candidate]:
        """What a name might mean, best first, by likeness of spelling; nothing here is a match.

        `kind` is product, market or township. Ids between which the name is ambiguous come first, with 100.
        """
        from rapidfuzz import fuzz, process

        table, item = self._tables[kind], split_item(name).base
        finding = self._judge(kind, name)
        best = {key: Candidate(key, self._title(kind, key), 100.0) for key in finding.candidates}
        scorer, enough = (fuzz.ratio, _ENOUGH_HAN) if has_han(name) else (fuzz.WRatio, _ENOUGH)
        for text, score, _ in process.extract(simplified(item), list(table.simple), scorer=scorer, limit=8 * limit):
            for key in sorted(table.simple[text]):
                if score >= enough and key not in best:
                    best[key] = Candidate(key, table.display.get(text, text), round(float(score), 1))
        return list(best.values())[:limit]

    def _judge(self, kind: str, name: str) -> Finding:
        match kind:
            case "product":
                return self.judge_product(name)
            case "market":
                return self.judge_market(name)
        return self.judge_township(name)

    def _title(self, kind: str, key: str) -> str:
        if kind == "product":
            return self.catalog.products[key].name_zh
        return self.markets[key].name_zh if kind == "market" else self.catalog.townships[key].name_zh

    def _remembered(self, key: tuple[str, ...], find: Callable[[], Finding]) -> Finding:
        if (known := self._memory.get(key)) is not None:
            return known
        if len(self._memory) >= _REMEMBERED:
            self._memory = {}
        self._memory[key] = found = find()
        return found

    def _said(self, kind: str, name: str, feed: str, region: str) -> Finding | None:
        for where in dict.fromkeys(((feed, region), (feed, ""), ("", region), ("", ""))):
            said = self._confirmed.get((kind, *where, plain(name)))
            if said is not None:
                return Finding(said) if said else Finding(None, "not_ours", "declared none of ours by a person")
        return None

    def _product(self, name: str, variety: str, country: str) -> Finding:
        if name in self.catalog.products:
            return Finding(name)
        tried = []
        if variety.strip() not in ("", "*"):
            tried += [f"{name}-{variety}", f"{name}-{variety.strip().removeprefix(_IMPORTED)}"]
        tried.append(name)
        item = split_item(name)
        if item.base != name and not _OTHER_GOODS.search(item.grade):
            tried.append(item.base)
        for text in tried:
            if (found := self._named(text, country)) is not None:
                return found
        if (refusal := self._refused(name)) is not None:
            return refusal
        if "-" in name and has_han(name):
            product, fine = split_variety(name)
            if _OTHER_GOODS.search(fine):
                return Finding(None, "unknown", f"{name!r} is not fresh {product}, and no product is called so")
            return self._product(product, variety or fine, country)
        return Finding(None, "unknown", f"no product is called {name!r}")

    def _named(self, text: str, country: str) -> Finding | None:
        if country in self._countries and (country, plain(text)) in self._country_names:
            return Finding(self._country_names[country, plain(text)])
        ids = self._tables["product"].ids(text)
        return _one(ids, text) if ids else None

    def _refused(self, name: str) -> Finding | None:
        text = simplified(name)
        base = simplified(split_item(name).base)
        for rule in self.catalog.not_one_product:
            mark = simplified(rule.text)
            hit = {"exact": base == mark, "starts": text.startswith(mark), "contains": mark in text}[rule.match]
            if hit:
                return Finding(None, "not_one_product", f"{rule.why_zh} / {rule.why_en}")
        return None

    def _market(self, name: str, country: str, region: str) -> Finding:
        if name in self.markets:
            return Finding(name)
        ids = self._tables["market"].ids(name)
        if country:
            ids = {key for key in ids if self.markets[key].country in ("", country)}
        if region.strip():
            ids = {key for key in ids if region_key(self.markets[key].region) in ("", region_key(region))}
        return _one(ids, name)

    def _township(self, name: str) -> Finding:
        text = plain(name)
        short = next((text.removeprefix(part) for part in _DISTRICT if text.startswith(part)), text)
        return _one(self._tables["township"].ids(short or text), name)

    def _resolved(self, kind: str, text: str, finding: Finding) -> str:
        if finding.id is not None:
            return finding.id
        candidates = finding.candidates or tuple(found.id for found in self.propose(kind, text))
        todo = f"name one of {', '.join(candidates)}" if candidates else f"use an id or a name of a known {kind}"
        what = finding.detail if finding.reason != "unknown" else f"no {kind} is called {text!r}"
        raise UnknownName(what, where=f"{kind} {text!r}", todo=todo, candidates=candidates)


def _one(ids: set[str], name: str) -> Finding:
    if len(ids) == 1:
        return Finding(next(iter(ids)))
    if ids:
        return Finding(None, "ambiguous", f"{name!r} means several", tuple(sorted(ids)))
    return Finding(None, "unknown", f"nothing is called {name!r}")
