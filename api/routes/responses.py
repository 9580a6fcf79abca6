"""Responses: what was in fact placed for an alert, set against its plan and against the forecast made before."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api import idempotency
from api.instants import SHANGHAI
from api.placed_rows import Known, rows_meant
from api.responded import responded
from api.routes.alerts import AlertId
from api.schemas.basics import PLAIN_TEXT, Name
from api.schemas.problem import UNCHANGED, Responses, problems
from api.schemas.responses import ResponseCount, ResponseList, ResponsesIn
from api.service import Service, ServiceDep
from warning.store.alerts import alert_on
from warning.store.plans import read_plan
from warning.store.units import unit_names

router = APIRouter(prefix="/v1/alerts", tags=["responses"])
REPEATED: Responses = {
    200: {"model": ResponseCount, "description": "没有新的内容，或重复请求 · nothing new, or a repeat of the request"}
}
PlanQuery = Annotated[
    str | None,
    Query(
        description="对照哪份方案；省略为最近一份 · plan id; the newest of the alert", pattern=PLAIN_TEXT, max_length=64
    ),
]
Key = Annotated[Name | None, Header(description="重复请求不重复登记 · makes a repeat harmless")]


@router.post(
    "/{alert_id}/responses", status_code=201, summary="登记实际消纳 · Record what was placed",
    responses=REPEATED | problems(400, 404, 409, 413),
)  # fmt: skip
def record(
    response: Response, service: ServiceDep, alert_id: AlertId, asked: ResponsesIn, idempotency_key: Key = None
) -> ResponseCount:
    """登记为该预警实际消纳的各笔：全部收下，或一笔不收。

    All rows or none. A row on the same unit, product, township, lot and day corrects the one before, which is kept;
    saying the same again changes nothing. Quotas of the year are drawn by the difference: 409 where one would be
    overdrawn. A day in the future is refused.
    """
    request = idempotency.digest(b"responses", alert_id.encode(), asked.model_dump_json().encode())

    def work() -> ResponseCount:
        count = record_placed(service, alert_id, asked)
        response.status_code = 201 if count.added or count.changed else 200
        return count

    return idempotency.once(service.store.home, idempotency_key, request, response, work, ResponseCount)


@router.get("/{alert_id}/responses", summary="处置与效果 · Responses", responses=UNCHANGED | problems(404))
def show(service: ServiceDep, alert_id: AlertId, plan: PlanQuery = None) -> ResponseList:
    """为该预警实际消纳了什么、与方案的差距、效果。

    What was recorded for the alert, and what was recorded for none on its product and place since it was raised;
    planned against taken up to today; and the price since against the forecast made before the first response. Inside
    the forecast's band, or where there is no forecast, it says that the effect cannot be told.
    """
    return responded(service, alert_id, plan)


def record_placed(service: Service, alert_id: str, asked: ResponsesIn) -> ResponseCount:
    from warning.store.responses import record_responses

    now = service.clock()
    with service.store.writing() as session:
        reference = service.directory.read(session)
        alert = alert_on(session, alert_id, None).alert
        if asked.plan is not None:
            read_plan(session, asked.plan)
        rows = rows_meant(asked, alert, reference, Known(unit_names(session), now.astimezone(SHANGHAI).date()))
        done = record_responses(session, rows, at=now, by=asked.by, catalog=reference.reviewed)
    return ResponseCount(added=done.added, changed=done.changed, unchanged=done.unchanged)
