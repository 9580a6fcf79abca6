"""Guidance to growers as a page: the planting light of each product, when each township should sell, its sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.dashboard.pages import page
from api.pages.trouble import DayQuery, LangQuery, PageRoute
from api.routes.guidance import guided
from api.schemas.basics import PLAIN_TEXT
from api.service import Service, ServiceDep

if TYPE_CHECKING:
    import datetime as dt

    from api.dashboard.words import Lang

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/guidance")
async def guidance(
    request: Request,
    service: ServiceDep,
    lang: LangQuery = "zh",
    as_of: DayQuery = None,
    product: Annotated[str, Query(max_length=200, pattern=PLAIN_TEXT)] = "",
) -> HTMLResponse:
    """All reported products, or one; as a part of the product's page where that asks for it."""
    part = request.headers.get("hx-request") == "true"
    return await service.solved(lambda: _page(service, product, as_of, lang, part=part))


def _page(service: Service, product: str, as_of: dt.date | None, lang: Lang, *, part: bool) -> HTMLResponse:
    from warning.guidance.document import marketing_document, planting_document

    facts, found, catalog = guided(service, product or None, None, as_of)
    marketing, planting = marketing_document(facts, found, catalog), planting_document(facts, found, catalog)
    return page(
        "guidance_part.html" if part else "guidance.html",
        lang,
        path="/guidance",
        as_of=as_of,
        day=facts.day,
        products=_together(marketing["products"], planting["products"]),
        nobody=(marketing["text_zh"], marketing["text_en"]),
        product=product,
    )


def _together(marketing: list[dict[str, Any]], planting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line a product with both answers, the reddest light first."""
    rank = {"red": 0, "yellow": 1, "green": 2}
    selling = {one["product_id"]: one for one in marketing}
    growing = {one["product_id"]: one for one in planting}
    both = [
        {"name": selling.get(one) or growing[one], "selling": selling.get(one), "growing": growing.get(one)}
        for one in dict.fromkeys([*growing, *selling])
    ]
    return sorted(both, key=lambda one: rank.get(str((one["growing"] or {}).get("light")), 3))
