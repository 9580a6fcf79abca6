"""What people do with an alert, as forms: confirm, assign, comment, resolve, and record what was placed."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.instants import Day
from api.pages.trouble import LangQuery, PageRoute
from api.routes.alerts import AlertId
from api.routes.responses import record_placed
from api.same_origin import own_form
from api.schemas.basics import Name, Text
from api.schemas.responses import Placed, Price, ResponsesIn, Tonnes
from api.service import Service, ServiceDep
from warning.errors import InvalidEntry
from warning.store import actions

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(own_form)])


class ActForm(BaseModel):
    """Who does what, and why."""

    model_config = ConfigDict(extra="forbid")

    act: Literal["acknowledge", "assign", "comment", "resolve", "false_alarm"]
    by: Name
    reason: Text = ""
    assignee: Annotated[str, Field(max_length=200)] = ""


class PlacedForm(BaseModel):
    """What a unit took, as it is typed in."""

    model_config = ConfigDict(extra="forbid")

    by: Name
    unit: Name
    day: Day
    tonnes: Tonnes
    township: Annotated[str, Field(max_length=200)] = ""
    price_per_kg: Annotated[Price | None, BeforeValidator(lambda typed: typed or None)] = None
    note: Text = ""


@router.post("/alerts/{alert_id}/act")
def act(
    service: ServiceDep, alert_id: AlertId, form: Annotated[ActForm, Form()], lang: LangQuery = "zh"
) -> RedirectResponse:
    """Do it, and show the alert as it is then."""
    _do(service, alert_id, form)
    return _back(alert_id, lang, "events")


@router.post("/alerts/{alert_id}/placed")
def placed(
    service: ServiceDep, alert_id: AlertId, form: Annotated[PlacedForm, Form()], lang: LangQuery = "zh"
) -> RedirectResponse:
    """Record one delivery."""
    one = Placed(
        unit=form.unit, day=form.day, tonnes=form.tonnes, township=form.township or None,
        price_per_kg=form.price_per_kg, note=form.note,
    )  # fmt: skip
    record_placed(service, alert_id, ResponsesIn(by=form.by, responses=[one]))
    return _back(alert_id, lang, "responses")


def _do(service: Service, alert_id: str, form: ActForm) -> None:
    by, reason, at = form.by, form.reason, service.clock()
    if form.act == "assign" and not form.assignee.strip():
        raise InvalidEntry("nobody is named", where="assignee", todo="name a person or a department")
    if form.act == "comment" and not form.reason.strip():
        raise InvalidEntry("the remark is empty", where="reason", todo="write a remark")
    with service.store.writing() as session:
        if form.act == "acknowledge":
            actions.acknowledge(session, alert_id, by=by, reason=reason, at=at)
        elif form.act == "assign":
            actions.assign(session, alert_id, by=by, reason=reason, assignee=form.assignee.strip(), at=at)
        elif form.act == "comment":
            actions.comment(session, alert_id, by=by, reason=reason, at=at)
        else:
            false_alarm = form.act == "false_alarm"
            actions.resolve(session, alert_id, by=by, reason=reason, false_alarm=false_alarm, at=at)


def _back(alert_id: str, lang: str, part: str) -> RedirectResponse:
    return RedirectResponse(f"/alerts/{quote(alert_id)}?lang={lang}#{part}", status_code=303)
