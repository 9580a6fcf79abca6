"""Alerts: listing them as a run said them, and what people do with them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.queries import AlertQuery, AsOf, link_next
from api.schemas.alerts import (
    Action,
    AlertDetail,
    AlertList,
    Assignment,
    Comment,
    Resolution,
    alert_detail,
    alert_item,
)
from api.schemas.basics import PLAIN_TEXT
from api.schemas.problem import UNCHANGED, problems
from api.service import Service, ServiceDep
from warning.store import actions, alerts
from warning.store.risk import business_date_of, worst_first

router = APIRouter(prefix="/v1/alerts", tags=["alerts"])
AlertId = Annotated[
    str,
    Path(description="预警 id · alert id", examples=["onion.in-maharashtra-lasalgaon.20181104"], pattern=PLAIN_TEXT),
]


@router.get("", summary="预警列表 · Alerts", responses=UNCHANGED | problems(404))
def list_alerts(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[AlertQuery, Query()]
) -> AlertList:
    """某业务日期的预警，由重到轻。

    As the daily run of the business date `as_of` said them, worst first. A date without a done run is a 404
    that names the nearest dates with one, never an empty list. `status` is the status on that date.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
        subjects, statuses = asked.subjects(reference), asked.statuses()
        order = worst_first("alerts", subjects, statuses)
        day = business_date_of(session, asked.as_of, asked.cursor, order)
        page = alerts.alerts_on(
            session, day, subjects, statuses=statuses, order=order, limit=asked.limit, cursor=asked.cursor
        )
    items = [alert_item(found, reference) for found in page.items]
    return AlertList(items=items, next=link_next(request, response, page.next), business_date=day)


@router.get("/{alert_id}", summary="预警详情 · One alert", responses=UNCHANGED | problems(404))
def show_alert(service: ServiceDep, alert_id: AlertId, as_of: Annotated[AsOf, Query()] = None) -> AlertDetail:
    """一条预警及其逐日等级和经过。

    The alert with its levels by business date and every event. With `as_of`, only what the runs up to that
    business date had said.
    """
    return _detail(service, alert_id, as_of)


@router.post("/{alert_id}/acknowledge", summary="确认 · Acknowledge", responses=problems(400, 404, 409, 413))
def acknowledge(service: ServiceDep, alert_id: AlertId, action: Action) -> AlertDetail:
    """有人看到了并负责跟进。 · Somebody has seen it. 409 where the alert is past that."""
    with service.store.writing() as session:
        actions.acknowledge(session, alert_id, by=action.by, reason=action.reason, at=service.clock())
    return _detail(service, alert_id)


@router.post("/{alert_id}/assign", summary="分派 · Assign", responses=problems(400, 404, 409, 413))
def assign(service: ServiceDep, alert_id: AlertId, action: Assignment) -> AlertDetail:
    """交给一个人或一个部门。 · Give it to a person or a department."""
    with service.store.writing() as session:
        actions.assign(
            session, alert_id, by=action.by, reason=action.reason, assignee=action.assignee, at=service.clock()
        )
    return _detail(service, alert_id)


@router.post("/{alert_id}/resolve", summary="处置完毕 · Resolve", responses=problems(400, 404, 409, 413))
def resolve(service: ServiceDep, alert_id: AlertId, action: Resolution) -> AlertDetail:
    """已处置，或判定为误报。

    Settled; or, with `false_alarm` and a reason, never a real one: it then counts in the record of skill.
    A higher level or a new onset reopens it.
    """
    with service.store.writing() as session:
        actions.resolve(
            session, alert_id, by=action.by, reason=action.reason, false_alarm=action.false_alarm, at=service.clock()
        )
    return _detail(service, alert_id)


@router.post("/{alert_id}/comment", summary="备注 · Comment", responses=problems(400, 404, 409, 413))
def comment(service: ServiceDep, alert_id: AlertId, action: Comment) -> AlertDetail:
    """给预警加一条备注。 · Keep a remark with the alert; its status stays."""
    with service.store.writing() as session:
        actions.comment(session, alert_id, by=action.by, reason=action.reason, at=service.clock())
    return _detail(service, alert_id)


def _detail(service: Service, alert_id: str, as_of: AsOf = None) -> AlertDetail:
    with service.store.session() as session:
        reference = service.directory.read(session)
        found = alerts.alert_on(session, alert_id, as_of)
        levels = alerts.levels_of(session, alert_id, as_of)
        events = alerts.events_of(session, alert_id, as_of)
    return alert_detail(found, levels, events, reference)
