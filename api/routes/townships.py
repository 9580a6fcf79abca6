"""Townships of the district."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.queries import Township, link_next
from api.schemas.basics import Paging
from api.schemas.catalog import TownshipList, township_item
from api.schemas.problem import UNCHANGED
from api.service import ServiceDep
from warning.store.paging import page_of

router = APIRouter(prefix="/v1/townships", tags=["catalog"])


class TownshipQuery(Paging):
    """Which townships to show."""

    township: Township = None


@router.get("", summary="乡镇 · Townships", responses=UNCHANGED)
def list_townships(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[TownshipQuery, Query()]
) -> TownshipList:
    """本区乡镇街道及其行政区划代码。 · The district's townships and streets with their administrative codes."""
    with service.store.session() as session:
        reference = service.directory.read(session)
    chosen = reference.township(asked.township) if asked.township else None
    townships = reference.catalog.townships.values()
    found = [township for township in townships if chosen is None or township.id == chosen]
    scope = repr(("townships", chosen))
    page = page_of(found, key=lambda township: township.id, scope=scope, limit=asked.limit, cursor=asked.cursor)
    items = [township_item(township) for township in page.items]
    return TownshipList(items=items, next=link_next(request, response, page.next))
