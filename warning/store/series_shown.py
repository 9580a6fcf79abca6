"""Which price series a page shows of a subject, and which others can be chosen."""

from __future__ import annotations

from warning.catalog import Catalog, PlaceKind
from warning.store.engine import Session
from warning.store.series import SeriesFacts, series_of_product

KINDS = ("wholesale", "auction", "farm_gate", "retail", "cost")
"""Kinds of price, those that sales are seen by first."""


def series_shown(
    session: Session, catalog: Catalog, product_id: str, *, place_kind: str = "", place_id: str = ""
) -> tuple[SeriesFacts, ...]:
    """The product's series, the one to be drawn first: the place's own, then those of the outlet markets."""
    product = catalog.products.get(product_id)
    outlets = tuple(product.outlet_markets) if product else ()

    def rank(series: SeriesFacts) -> tuple[bool, int, int, bool, str]:
        elsewhere = not (place_kind == PlaceKind.MARKET and series.market_id == place_id)
        outlet = outlets.index(series.market_id) if series.market_id in outlets else len(outlets)
        kind = KINDS.index(series.kind) if series.kind in KINDS else len(KINDS)
        return elsewhere, outlet, kind, bool(series.variety), series.key

    return tuple(sorted(series_of_product(session, product_id), key=rank))
