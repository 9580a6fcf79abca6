"""Names and ids at the edge: the reviewed catalog with the markets that feeds registered.

Reading the catalog takes a moment and a lexicon: it is done at the first question, and again when a feed has
registered another market.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warning.catalog import DISTRICT_ID, DISTRICT_NAMES, Catalog, PlaceKind
from warning.store.engine import Session
from warning.store.ledger import market_register_version
from warning.store.markets import registered_markets

if TYPE_CHECKING:
    from warning.names import NameIndex

DISTRICTS = {DISTRICT_ID: DISTRICT_NAMES}
"""Districts by administrative code (GB/T 2260)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The catalog as it stands now, and what resolves a person's words to its ids."""

    catalog: Catalog
    """With the markets that feeds registered."""
    reviewed: Catalog
    """Without them, as the ingest wants it."""
    names: NameIndex

    def product(self, text: str) -> str:
        """The id of a product by id, name or synonym; UnknownName carries candidates."""
        return text if text in self.catalog.products else _id(self.names.resolve_product(text))

    def market(self, text: str) -> str:
        """The id of a market by id, name or synonym; UnknownName carries candidates."""
        return text if text in self.catalog.markets else _id(self.names.resolve_market(text))

    def township(self, text: str) -> str:
        """The id of a township by id or name; UnknownName carries candidates."""
        return text if text in self.catalog.townships else _id(self.names.resolve_township(text))

    def product_name(self, product_id: str) -> tuple[str, str]:
        """(Chinese, English) name; the id itself where the catalog has dropped the product."""
        product = self.catalog.products.get(product_id)
        return (product.name_zh, product.name_en) if product else (product_id, product_id)

    def place_name(self, kind: str, place_id: str) -> tuple[str, str]:
        """(Chinese, English) name of a place; the id itself where the catalog does not know it."""
        if kind == PlaceKind.MARKET and place_id in self.catalog.markets:
            market = self.catalog.markets[place_id]
            return market.name_zh or market.name, market.name
        if kind == PlaceKind.TOWNSHIP and place_id in self.catalog.townships:
            township = self.catalog.townships[place_id]
            return township.name_zh, township.name_en
        return DISTRICTS.get(place_id, (place_id, place_id))


@dataclass(slots=True)
class Directory:
    """Gives the present `Reference`; `folder` holds the user's own reference files."""

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _version: Any = None
    _reference: Reference | None = None

    def read(self, session: Session) -> Reference:
        """The catalog as of now, read again only where a market has been registered since."""
        version = market_register_version(session)
        with self._lock:
            if self._reference is None or version != self._version:
                self._reference, self._version = self._load(session), version
            return self._reference

    def _load(self, session: Session) -> Reference:
        from warning.names import NameIndex
        from warning.reference import load_catalog

        reviewed = load_catalog(self.folder)
        registered = registered_markets(session)
        catalog = replace(reviewed, markets={**registered, **reviewed.markets})
        return Reference(catalog, reviewed, NameIndex(reviewed, registered.values()))


def _id(found: Any) -> str:
    return found if isinstance(found, str) else str(found.id)
