"""Placement plans: what is asked for (what-if, shocks), what is stored, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import Field

from api import idempotency
from api.queries import AsOf, link_next
from api.routes.alerts import AlertId
from api.schemas.basics import PLAIN_TEXT, Name, Paging
from api.schemas.plans import PlanAnswer, PlanComparison, PlanIn, PlanItem, PlanList
from api.schemas.problem import UNCHANGED, Responses, problems
from api.service import Service, ServiceDep
from warning.catalog import Catalog

if TYPE_CHECKING:
    from warning.absorption.problem import Options
    from warning.absorption.shocks import Shock
    from warning.store.planning import Scope
    from warning.store.plans import StoredPlan

router = APIRouter(prefix="/v1/plans", tags=["plans"])
of_alert = APIRouter(prefix="/v1/alerts", tags=["plans"])
PlanId = Annotated[str, Path(description="方案 id · plan id", pattern=PLAIN_TEXT, max_length=64)]
REPEATED: Responses = {
    200: {"model": PlanAnswer, "description": "同一 Idempotency-Key 的重复请求 · a repeat; the first answer again"}
}


@of_alert.get("/{alert_id}/plan", summary="消纳方案 · Placement plan", responses=UNCHANGED | problems(404, 409))
async def show_plan(service: ServiceDep, alert_id: AlertId, as_of: Annotated[AsOf, Query()] = None) -> PlanAnswer:
    """该预警的消纳方案：多少吨、经哪些渠道和单位、哪一天、依据哪条、谁牵头。

    Made from the day's surplus and the present register; the same as `changxiao plan` makes. Plans are made for
    townships and the district: a market's alert answers 409 and has channels only.
    """
    return await service.solved(lambda: _of_alert(service, alert_id, as_of))


@router.post(
    "", status_code=201, summary="求方案：假设与冲击 · What if", responses=REPEATED | problems(400, 404, 409, 413)
)
async def make(
    response: Response,
    service: ServiceDep,
    asked: PlanIn,
    idempotency_key: Annotated[Name | None, Header(description="重复请求不再求一次 · makes a repeat harmless")] = None,
) -> PlanAnswer:
    """按给定条件求一份方案并存档。

    Of an alert or of all products under an alert at once, since they compete for the same canteens; under shocks:
    a road, a township, a unit or a channel closed, a capacity changed, goods that keep longer. It is stored with all
    that it was made from.
    """
    request = idempotency.digest(b"plans", asked.model_dump_json().encode())
    return await service.solved(
        lambda: idempotency.once(
            service.store.home, idempotency_key, request, response, lambda: _asked(service, asked), PlanAnswer
        )
    )


class PlanQuery(Paging):
    """Which stored plans to show."""

    alert: Annotated[Name | None, Field(description="只列该预警的 · only those of this alert")] = None


@router.get("", summary="已存方案 · Stored plans", responses=UNCHANGED)
def list_plans(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[PlanQuery, Query()]
) -> PlanList:
    """已存的方案，新的在前。 · Stored plans, newest first; those of one alert where it is named."""
    from warning.store.plans import plans

    with service.store.session() as session:
        page = plans(session, alert_id=asked.alert, limit=asked.limit, cursor=asked.cursor)
    items = [
        PlanItem(id=one.id, alert=one.alert_id, day=one.business_date, title=one.title, made_at=one.made_at,
                 made_by=one.made_by)
        for one in page.items
    ]  # fmt: skip
    return PlanList(items=items, next=link_next(request, response, page.next))


@router.get("/{plan_id}", summary="一份方案 · One plan", responses=UNCHANGED | problems(404))
def stored_plan(service: ServiceDep, plan_id: PlanId) -> PlanAnswer:
    """一份已存的方案，与当时所给的完全相同。 · A stored plan, just as it was given."""
    from warning.absorption.document import plan_document

    kept, catalog = kept_plan(service, plan_id)
    return PlanAnswer(id=kept.id, alert=kept.alert_id, **plan_document(kept.plan, kept.problem, catalog))


@router.get("/{plan_id}/against/{other_id}", summary="比较 · Side by side", responses=UNCHANGED | problems(404))
def compare(service: ServiceDep, plan_id: PlanId, other_id: PlanId) -> PlanComparison:
    """两份方案并列：吨数、浪费、价值、最差乡镇、各渠道。 · Two plans side by side, the second against the first."""
    from warning.absorption.document import compared
    from warning.store.plans import read_plan

    with service.store.session() as session:
        kept = [read_plan(session, one) for one in (plan_id, other_id)]
    return PlanComparison(plans=compared((one.title or one.id, one.plan) for one in kept))


def kept_plan(service: Service, plan_id: str) -> tuple[StoredPlan, Catalog]:
    """(a stored plan, the catalog); NotFound where there is none of that id."""
    from warning.store.plans import read_plan

    with service.store.session() as session:
        return read_plan(session, plan_id), service.directory.read(session).reviewed


def _asked(service: Service, asked: PlanIn) -> PlanAnswer:
    """The plan asked for, under the catalog's ids."""
    from warning.absorption.problem import Options
    from warning.absorption.shocks import parse_shock
    from warning.store.planning import Scope

    with service.store.session() as session:
        reference = service.directory.read(session)
    scope = Scope(
        alert_id=asked.alert,
        day=asked.as_of,
        products=tuple(reference.product(name) for name in asked.products),
        townships=tuple(reference.township(name) for name in asked.townships),
    )
    options = Options(**asked.options.model_dump())
    shocks = tuple(parse_shock(text) for text in asked.shocks)
    return _made(service, scope, options, shocks, title=asked.title, by=asked.by)


def _of_alert(service: Service, alert_id: str, as_of: AsOf) -> PlanAnswer:
    """The alert's plan as usual, not stored."""
    from warning.absorption.problem import USUAL
    from warning.store.planning import Scope

    return _made(service, Scope(alert_id=alert_id, day=as_of), USUAL, ())


def _made(
    service: Service, scope: Scope, options: Options, shocks: tuple[Shock, ...], *, title: str = "", by: str = ""
) -> PlanAnswer:
    """The plan of a scope; stored where somebody asks by name."""
    from warning.absorption.document import plan_document
    from warning.absorption.plan import make_plan
    from warning.store.planning import problem_for
    from warning.store.plans import save_plan

    with service.store.session() as session:
        catalog = service.directory.read(session).reviewed
    now = service.clock()
    asked = problem_for(service.store, catalog, scope, now=now, options=options, shocks=shocks)
    answer = make_plan(asked.problem, catalog)
    plan_id = None
    if by:
        with service.store.writing() as session:
            plan_id = save_plan(session, asked, answer, at=now, by=by, title=title)
    return PlanAnswer(id=plan_id, alert=asked.alert_id, **plan_document(answer, asked.problem, catalog))
