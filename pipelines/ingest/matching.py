"""Matching what a source calls things to the catalog: exact, synonym, simplified form; a guess is only proposed.

Names come as categories, so each distinct name is looked up once. A feed that is itself the register of its
markets makes an unseen market name a market; anywhere else an unknown name rejects its lines, and a person says
what it means.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.feeds.base import Feed
from pipelines.ingest.countries import CURRENCY_OF, TIMEZONE_OF
from warning.catalog import Catalog, Market
from warning.names import Finding, NameIndex, market_slug
from warning.store.names import NameKey, UnknownSourceName

PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for: an id, or why it has none."""

    id: str
    reason: str = ""
    detail: str = ""


@dataclass(slots=True)
class Matcher:
    """The names of one upload, each looked up once; what is new or unknown is collected."""

    feed: Feed
    catalog: Catalog
    index: NameIndex
    new_markets: dict[str, Market] = field(default_factory=dict)
    unknown: dict[NameKey, UnknownSourceName] = field(default_factory=dict)

    def product(self, name: str, variety: str = "", country: str = "") -> Meaning:
        """The product a source's name means; the variety helps where one name covers several."""
        if _unstorable(name + variety):
            return Meaning("", "bad_text", "the product's name or variety holds characters that are no text")
        country = country or self.feed.country
        finding = self.index.judge_product(name, variety=variety, country=country, feed=self.feed.id)
        return self._meaning("product", name, "", finding)

    def market(self, name: str, region: str, country: str = "") -> Meaning:
        """The market a source's name in its region means, registered where the feed may."""
        if not name:
            return Meaning("", "no_market", "the line names no market")
        if _unstorable(name + region):
            return Meaning("", "bad_text", "the market's name or region holds characters that are no text")
        country = country or self.feed.country
        finding = self.index.judge_market(name, country=country, region=region, feed=self.feed.id)
        if finding.reason == "unknown" and self.feed.registers_markets:
            return self._register(name, region, country)
        if finding.reason == "unknown" and country != self.feed.country:
            # the row's country may be only what its currency says: a market of ours is then found, and the currency
            # is what is wrong
            finding = self.index.judge_market(name, country=self.feed.country, region=region, feed=self.feed.id)
        return self._meaning("market", name, region, finding)

    def township(self, name: str) -> Meaning:
        """The township a report names, by name or by code."""
        if _unstorable(name):
            return Meaning("", "bad_text", "the township's name holds characters that are no text")
        return self._meaning("township", name, "", self.index.judge_township(name, feed=self.feed.id))

    def currency(self, market_id: str) -> str:
        """The currency a market trades in."""
        market = self.new_markets.get(market_id) or self.index.markets.get(market_id)
        return market.currency if market is not None else self.feed.currency

    def _meaning(self, kind: str, name: str, region: str, finding: Finding) -> Meaning:
        if finding.id is not None:
            return Meaning(finding.id)
        if finding.reason == "not_one_product":
            return Meaning("", finding.reason, finding.detail)
        if finding.reason == "not_ours":
            return Meaning("", f"not_ours_{kind}", f"{name!r} was declared not ours")
        candidates = tuple(
            {"id": candidate.id, "name": candidate.name, "score": round(float(candidate.score), 1)}
            for candidate in self.index.propose(kind, name, limit=PROPOSALS)
        )
        key = (kind, self.feed.id, region, name)
        self.unknown[key] = UnknownSourceName(key, 0, candidates)
        ours = f"; perhaps {', '.join(str(candidate['id']) for candidate in candidates)}" if candidates else ""
        return Meaning("", f"{finding.reason}_{kind}", f"{finding.detail}{ours}")

    def _register(self, name: str, region: str, country: str) -> Meaning:
        if not country:
            return Meaning("", "no_country", "neither a column nor the currency says the country of the market")
        made = market_slug(country, region, name)
        if made not in self.index.markets and made not in self.new_markets:
            self.new_markets[made] = Market(
                id=made,
                name=name.strip(),
                name_zh="",
                country=country,
                region=region,
                timezone=TIMEZONE_OF.get(country, self.feed.timezone),
                currency=self.feed.currency or CURRENCY_OF.get(country, ""),
                source=f"feed:{self.feed.id}",
            )
        return Meaning(made)


def _unstorable(name: str) -> bool:
    """Whether a database would refuse the name: a NUL, or half of a surrogate pair (JSON can write both)."""
    return not name.isprintable() and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in name)
