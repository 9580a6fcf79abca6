"""The plan of an alert, and what if: a road closed, a channel with less or more room, goods that keep longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.dashboard.pages import page
from api.dashboard.plan_shown import plan_columns, plan_shown
from api.dashboard.words import Lang, Wording
from api.dashboard.workbook import XLSX, workbook
from api.downloads import download
from api.instants import Day
from api.pages.trouble import LangQuery, PageRoute
from api.routes.alerts import AlertId
from api.routes.plans import PlanId, kept_plan
from api.same_origin import own_form
from api.schemas.basics import Name
from api.service import Service, ServiceDep
from warning.catalog import Catalog

if TYPE_CHECKING:
    import datetime as dt

    from warning.absorption.plan import Plan
    from warning.store.planning import Asked
    from warning.store.plans import PlanHead

router = APIRouter(include_in_schema=False, route_class=PageRoute)
USUAL_DAYS, USUAL_PERCENT = 30, 100
NAMED = 3
KEPT = 50
"""So many of the newest kept plans are listed."""
Word = Annotated[str, Field(max_length=200)]


class WhatIf(BaseModel):
    """What is asked of the plan; as it stands where all is left as usual."""

    model_config = ConfigDict(extra="ignore")

    days: Annotated[int, Field(ge=7, le=60)] = USUAL_DAYS
    channel: Word = ""
    percent: Annotated[int, Field(ge=0, le=300)] = USUAL_PERCENT
    road: Word = ""
    storage: Annotated[int, Field(ge=0, le=30)] = 0
    as_of: Day | None = None
    lang: Lang = "zh"

    @property
    def address(self) -> str:
        """The same question as the end of an address."""
        asked = {"days": self.days, "channel": self.channel, "percent": self.percent, "road": self.road,
                 "storage": self.storage, "lang": self.lang}  # fmt: skip
        return urlencode(asked | ({"as_of": self.as_of} if self.as_of else {}))

    @property
    def usual(self) -> bool:
        """Whether nothing is asked but the plan as it stands."""
        return self.days == USUAL_DAYS and not self.shocks

    @property
    def shocks(self) -> tuple[str, ...]:
        """In the short spelling."""
        found = []
        if self.channel and self.percent != USUAL_PERCENT:
            found.append(f"capacity:{self.channel}={self.percent / 100:g}")
        if self.road:
            found.append(f"road:{self.road}")
        if self.storage:
            found.append(f"storage:*={self.storage}")
        return tuple(found)


class Keeping(WhatIf):
    """A plan to be kept, and who keeps it."""

    by: Name


@router.get("/alerts/{alert_id}/plan")
async def plan(
    request: Request, service: ServiceDep, alert_id: AlertId, asked: Annotated[WhatIf, Query()]
) -> HTMLResponse:
    """The plan as a page of its own, or as a part of the alert's page where that asks for it."""
    part = request.headers.get("hx-request") == "true"
    return await service.solved(lambda: _page(service, alert_id, asked, part=part))


@router.get("/alerts/{alert_id}/plan.xlsx")
async def plan_book(service: ServiceDep, alert_id: AlertId, asked: Annotated[WhatIf, Query()]) -> Response:
    """Every delivery of the plan as a workbook."""
    return await service.solved(lambda: _book(service, alert_id, asked))


@router.post("/alerts/{alert_id}/plan", dependencies=[Depends(own_form)])
async def keep(service: ServiceDep, alert_id: AlertId, form: Annotated[Keeping, Form()]) -> RedirectResponse:
    """Keep the plan with all that it was made from; its letters are written from what was kept."""
    plan_id = await service.solved(lambda: _kept(service, alert_id, form))
    return RedirectResponse(f"/plans/{quote(plan_id)}?lang={form.lang}", status_code=303)


@router.get("/plans/{plan_id}.xlsx")
def stored_book(service: ServiceDep, plan_id: PlanId, lang: LangQuery = "zh") -> Response:
    """Every delivery of a kept plan as a workbook."""
    from warning.absorption.document import plan_document

    kept, catalog = kept_plan(service, plan_id)
    return _workbook(plan_document(kept.plan, kept.problem, catalog), kept.id, lang)


@router.get("/plans/{plan_id}")
def stored(service: ServiceDep, plan_id: PlanId, lang: LangQuery = "zh") -> HTMLResponse:
    """A plan as it was kept, with its letters."""
    from warning.absorption.document import plan_document
    from warning.absorption.tasks import lead_departments

    kept, catalog = kept_plan(service, plan_id)
    wording = Wording(lang)
    shown = plan_shown(plan_document(kept.plan, kept.problem, catalog), wording)
    leads = lead_departments(kept.plan, kept.problem, catalog)
    letters = [(one.id, wording.pick(one.name_zh, one.name_en)) for one in leads]
    return page("stored_plan.html", lang, path=f"/plans/{plan_id}", plan=shown, kept=kept, letters=letters)


def _page(service: Service, alert_id: str, asked: WhatIf, *, part: bool) -> HTMLResponse:
    from warning.absorption.document import compared, plan_document

    wording = Wording(asked.lang)
    made, answer, catalog = _solved(service, alert_id, asked)
    against: list[dict[str, Any]] = []
    if not asked.usual:
        _, calm, _ = _solved(service, alert_id, WhatIf(as_of=asked.as_of))
        against = compared([(wording("plan_as_is"), calm), (wording("plan_what_if"), answer)])
    towns = {batch.township_id for batch in made.problem.batches}
    kept = _kept_for(service, made.problem.day)
    return page(
        "plan_part.html" if part else "plan.html",
        asked.lang,
        path=f"/alerts/{alert_id}/plan",
        as_of=asked.as_of,
        alert_id=alert_id,
        asked=asked,
        plan=plan_shown(plan_document(answer, made.problem, catalog), wording),
        against=against,
        channels=[(one.id, wording.pick(one.name_zh, one.name_en)) for one in _open(made, catalog)],
        kept=[(one, _named(one, catalog, wording)) for one in kept],
        others=any(one.alert_id != alert_id for one in kept),
        townships=[one for one in catalog.townships.values() if one.id in towns],
    )


def _kept_for(service: Service, day: dt.date) -> list[PlanHead]:
    """The plans kept for a business date, newest first."""
    from warning.store.plans import plans

    with service.store.session() as session:
        return list(plans(session, day=day, limit=KEPT).items)


def _named(plan: PlanHead, catalog: Catalog, wording: Wording) -> str:
    """The products of a kept plan in words; how many where they are more than a line holds."""
    names = [wording.pick(one.name_zh, one.name_en) for one in map(catalog.products.get, plan.products) if one]
    return wording.pick("、", ", ").join(names[:NAMED]) + (f" +{len(names) - NAMED}" if len(names) > NAMED else "")


def _open(made: Asked, catalog: Catalog) -> list[Any]:
    """The channels that have units."""
    used = {unit.channel for unit in made.problem.units}
    return [one for one in catalog.channels.values() if one.id in used]


def _book(service: Service, alert_id: str, asked: WhatIf) -> Response:
    from warning.absorption.document import plan_document

    made, answer, catalog = _solved(service, alert_id, asked)
    return _workbook(plan_document(answer, made.problem, catalog), alert_id, asked.lang)


def _workbook(document: dict[str, Any], name: str, lang: Lang) -> Response:
    wording = Wording(lang)
    notes = [wording.pick(one["zh"], one["en"]) for one in document["notes"]]
    if document["simulated"]:
        notes.insert(0, wording("simulated"))
    content = workbook(f"{wording('plan')} · {name} · {document['day']}", plan_columns(document, wording), notes)
    return download(content, XLSX, f"plan-{document['day']}.xlsx")


def _kept(service: Service, alert_id: str, form: Keeping) -> str:
    from warning.store.plans import save_plan

    made, answer, _ = _solved(service, alert_id, form)
    with service.store.writing() as session:
        return save_plan(session, made, answer, at=service.clock(), by=form.by, title="；".join(form.shocks))


def _solved(service: Service, alert_id: str, asked: WhatIf) -> tuple[Asked, Plan, Catalog]:
    from warning.absorption.plan import make_plan
    from warning.absorption.problem import Options
    from warning.absorption.shocks import parse_shock
    from warning.store.planning import Scope, problem_for

    with service.store.session() as session:
        catalog = service.directory.read(session).reviewed
    made = problem_for(
        service.store,
        catalog,
        Scope(alert_id=alert_id, day=asked.as_of),
        now=service.clock(),
        options=Options(days=asked.days),
        shocks=[parse_shock(text) for text in asked.shocks],
    )
    return made, make_plan(made.problem, catalog), catalog
