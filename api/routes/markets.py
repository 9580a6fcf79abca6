"""Markets: the reviewed ones and those that feeds registered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.queries import Market, link_next
from api.schemas.basics import Name, Paging
from api.schemas.catalog import MarketList, market_item
from api.schemas.problem import UNCHANGED
from api.service import ServiceDep
from warning.store.paging import page_of

router = APIRouter(prefix="/v1/markets", tags=["catalog"])


class MarketQuery(Paging):
    """Which markets to show."""

    market: Market = None
    country: Annotated[Name | None, Field(description="国家代码 · country code", examples=["CN"])] = None
    region: Annotated[Name | None, Field(description="省、邦 · state or province")] = None


@router.get("", summary="市场 · Markets", responses=UNCHANGED)
def list_markets(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[MarketQuery, Query()]
) -> MarketList:
    """市场目录，含数据源自行登记的市场。

    Every market that a series can stand for. `market=` finds one by any of its names.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
    chosen = reference.market(asked.market) if asked.market else None
    found = [
        market
        for market in reference.catalog.markets.values()
        if (chosen is None or market.id == chosen)
        and (asked.country is None or market.country == asked.country.upper())
        and (asked.region is None or market.region.casefold() == asked.region.casefold())
    ]
    scope = repr(("markets", chosen, asked.country, asked.region))
    page = page_of(found, key=lambda market: market.id, scope=scope, limit=asked.limit, cursor=asked.cursor)
    items = [market_item(market) for market in page.items]
    return MarketList(items=items, next=link_next(request, response, page.next))
