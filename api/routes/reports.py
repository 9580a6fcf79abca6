"""Reports of townships: stock, harvest, sales, cost (the evidence of T2 and T3)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.instants import SHANGHAI, Day, Moment
from api.problems import InvalidRequest
from api.queries import Product, Township, link_next
from api.schemas.basics import Paging
from api.schemas.problem import UNCHANGED, Responses, problems
from api.schemas.reports import ReportFigures, ReportIn, ReportItem, ReportList
from api.service import ServiceDep
from warning.store import stock

SAME: Responses = {200: {"model": ReportItem, "description": "与已有报告相同，未改动 · the same as filed before"}}
router = APIRouter(prefix="/v1/reports", tags=["reports"])


class ReportQuery(Paging):
    """Which reports to show, and as known when."""

    product: Product = None
    township: Township = None
    since: Annotated[Day | None, Field(alias="from", description="起日（含）· first day")] = None
    until: Annotated[Day | None, Field(alias="to", description="止日（含）· last day")] = None
    as_of: Annotated[Moment | None, Field(description="当时已知；省略为现在 · as known then; now where left out")] = (
        None
    )


@router.get("", summary="乡镇报告 · Reports", responses=UNCHANGED)
def list_reports(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[ReportQuery, Query()]
) -> ReportList:
    """乡镇填报的库存、采收、销售和成本，按日由新到旧。

    The newest version of each report as known at `as_of`; a correction does not change what was known before.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
        wanted = stock.Wanted(
            product_id=reference.product(asked.product) if asked.product else None,
            township_id=reference.township(asked.township) if asked.township else None,
            since=asked.since,
            until=asked.until,
            as_of=asked.as_of,
        )
        page = stock.reports(session, wanted, now=service.clock(), limit=asked.limit, cursor=asked.cursor)
    items = [
        ReportItem(**found.values, township_name=reference.place_name("township", found.values["township"])[0])
        for found in page.items
    ]
    return ReportList(items=items, next=link_next(request, response, page.next))


@router.post("", status_code=201, summary="填报 · File a report", responses=SAME | problems(400, 413))
def file_report(response: Response, service: ServiceDep, report: ReportIn) -> ReportItem:
    """一个乡镇报告一个品种（或批次）某日的库存、采收、销售与成本。

    A later report on the same township, product, lot and day is a correction: it adds a version and overwrites
    nothing; saying the same again changes nothing. A day in the future is refused.
    """
    from warning.store.reports import add_report

    now = service.clock()
    if report.day > now.astimezone(SHANGHAI).date():
        raise InvalidRequest(f"{report.day} lies in the future", where="day", todo="report what is, not what will be")
    with service.store.writing() as session:
        reference = service.directory.read(session)
        township, product = reference.township(report.township), reference.product(report.product)
        figures = {name: getattr(report, name) for name in ReportFigures.model_fields}
        added = add_report(
            session,
            township_id=township,
            product_id=product,
            lot=report.lot,
            day=report.day,
            issued_at=now,
            reported_by=report.by,
            **figures,
        )
        found = stock.present_report(session, township_id=township, product_id=product, lot=report.lot, day=report.day)
    response.status_code = 200 if added is None else 201
    return ReportItem(**found.values, township_name=reference.place_name("township", township)[0])
