"""Products of the catalog."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.queries import Product, link_next
from api.schemas.basics import Name, Paging
from api.schemas.catalog import ProductList, product_item
from api.schemas.problem import UNCHANGED
from api.service import ServiceDep
from warning.store.paging import page_of

router = APIRouter(prefix="/v1/products", tags=["catalog"])


class ProductQuery(Paging):
    """Which products to show."""

    product: Product = None
    group: Annotated[Name | None, Field(description="类别 · group, such as vegetable_leaf")] = None
    local: Annotated[bool | None, Field(description="只看本区主产 · grown in the district")] = None


@router.get("", summary="品种 · Products", responses=UNCHANGED)
def list_products(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[ProductQuery, Query()]
) -> ProductList:
    """品种目录：名称、别名、货架期、可走的渠道属性。

    The catalog of products. `product=` finds one by any of its names and answers candidates where the name
    is unknown or means several.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
    chosen = reference.product(asked.product) if asked.product else None
    found = [
        product
        for product in reference.catalog.products.values()
        if (chosen is None or product.id == chosen)
        and (asked.group is None or product.group == asked.group)
        and (asked.local is None or product.local == asked.local)
    ]
    scope = repr(("products", chosen, asked.group, asked.local))
    page = page_of(found, key=lambda product: product.id, scope=scope, limit=asked.limit, cursor=asked.cursor)
    return ProductList(
        items=[product_item(product) for product in page.items], next=link_next(request, response, page.next)
    )
