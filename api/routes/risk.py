"""Risk: everything that a daily run judged, calm and unknown subjects included."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.queries import SubjectQuery, link_next
from api.schemas.judgements import RiskItem, judgement_fields
from api.schemas.problem import UNCHANGED, problems
from api.schemas.risk import RiskList
from api.service import ServiceDep
from warning.store.risk import business_date_of, judgements, worst_first

router = APIRouter(prefix="/v1/risk", tags=["risk"])


@router.get("", summary="全部研判 · Every judgement", responses=UNCHANGED | problems(404))
def list_risk(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[SubjectQuery, Query()]
) -> RiskList:
    """某业务日期对每个品种、每个地点的研判，含无预警与未知。

    What the daily run of the business date said of every subject (product, place), `none` and `unknown`
    included, worst first. `unknown` means that the data do not suffice to say; it is not calm.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
        subjects = asked.subjects(reference)
        order = worst_first("risk", subjects)
        day = business_date_of(session, asked.as_of, asked.cursor, order)
        page = judgements(session, day, subjects, order=order, limit=asked.limit, cursor=asked.cursor)
    items = [RiskItem(**judgement_fields(said, reference)) for said in page.items]
    return RiskList(items=items, next=link_next(request, response, page.next), business_date=day)
