"""Guidance to growers: when to market, what not to plant more of, and a sheet for each township."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Response

from api.downloads import DOCX, download
from api.queries import AsOf, Product, Township
from api.schemas.basics import PLAIN_TEXT
from api.schemas.guidance import MarketingAnswer, PlantingAnswer
from api.schemas.problem import UNCHANGED, Responses, problems
from api.service import Service, ServiceDep

if TYPE_CHECKING:
    from warning.catalog import Catalog
    from warning.guidance.district_guidance import DistrictFacts, ProductGuidance

router = APIRouter(prefix="/v1/guidance", tags=["guidance"])
SHEET: Responses = {200: {"content": {DOCX: {}}, "description": "一页（.docx）· one page"}}


@router.get("/marketing", summary="上市时间 · When to market", responses=UNCHANGED | problems(404))
async def marketing(
    service: ServiceDep,
    product: Annotated[Product, Query()] = None,
    township: Annotated[Township, Query()] = None,
    as_of: Annotated[AsOf, Query()] = None,
) -> MarketingAnswer:
    """各乡镇各品种什么时候卖、卖多少，价格上下范围，值不值得等。

    The weekly sales that bring most under the price forecast, all townships doing the same; the same as
    `changxiao guidance` says. Where nothing can be told, the text says why.
    """
    return await service.solved(lambda: _marketing(service, product, township, as_of))


@router.get("/planting", summary="种植提示 · What not to plant more of", responses=UNCHANGED | problems(404))
async def planting(
    service: ServiceDep,
    product: Annotated[Product, Query()] = None,
    as_of: Annotated[AsOf, Query()] = None,
) -> PlantingAnswer:
    """90 天内开采的品种：预计采收量、常年市场和消纳渠道能接多少、多出多少吨、红黄绿灯。

    The reported harvest to come against what the usual market and the register's units can take of it.
    """
    return await service.solved(lambda: _planting(service, product, as_of))


@router.get("/sheets/{township}.docx", summary="农户提示单 · Sheet", responses=SHEET | problems(404),
            response_class=Response)  # fmt: skip
async def sheet(
    service: ServiceDep,
    township: Annotated[str, Path(pattern=PLAIN_TEXT, max_length=100, description="乡镇代码或名称 · code or name")],
    as_of: Annotated[AsOf, Query()] = None,
) -> Response:
    """给该乡镇农户的一页提示，可打印张贴。 · One page for the growers of a township, to be printed and put up."""
    return await service.solved(lambda: _sheet(service, township, as_of))


def _marketing(service: Service, product: str | None, township: str | None, as_of: AsOf) -> MarketingAnswer:
    from warning.guidance.document import marketing_document

    facts, found, catalog = guided(service, product, township, as_of)
    return MarketingAnswer(**marketing_document(facts, found, catalog))


def _planting(service: Service, product: str | None, as_of: AsOf) -> PlantingAnswer:
    from warning.guidance.document import planting_document

    facts, found, catalog = guided(service, product, None, as_of)
    return PlantingAnswer(**planting_document(facts, found, catalog))


def _sheet(service: Service, township: str, as_of: AsOf) -> Response:
    from warning.guidance.grower_sheet import grower_sheet

    facts, found, catalog = guided(service, None, township, as_of)
    (code,) = facts.asked_townships
    return download(grower_sheet(facts.day, code, found, facts.units, catalog), DOCX, f"{facts.day:%Y%m%d}-{code}.docx")


def guided(
    service: Service, product: str | None, township: str | None, as_of: AsOf
) -> tuple[DistrictFacts, tuple[ProductGuidance, ...], Catalog]:
    """(facts, guidance, catalog) of what is asked for by any of its names."""
    from warning.guidance.district_guidance import guide
    from warning.store.guiding import Wanted, guiding_facts
    from warning.thresholds import load_thresholds

    with service.store.session() as session:
        reference = service.directory.read(session)
    wanted = Wanted(
        products=(reference.product(product),) if product else (),
        townships=(reference.township(township),) if township else (),
        day=as_of,
    )
    catalog = reference.reviewed
    facts = guiding_facts(service.store, catalog, wanted, now=service.clock())
    thresholds = load_thresholds(service.settings.own_lines)
    return facts, guide(facts, catalog, thresholds), catalog
