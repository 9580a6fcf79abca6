"""The ledger of runs."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.instants import Day
from api.queries import link_next
from api.schemas.basics import Name, Paging
from api.schemas.problem import UNCHANGED, problems
from api.schemas.runs import RunDetail, RunItem, RunList, run_detail, run_fields
from api.service import ServiceDep
from warning.store import ledger
from warning.store.risk import level_counts

router = APIRouter(prefix="/v1/runs", tags=["runs"])


class RunQuery(Paging):
    """Which runs to show."""

    job: Annotated[Name | None, Field(description="任务 · job, such as daily")] = None
    status: Annotated[Literal["running", "done", "failed"] | None, Field(description="状态 · status")] = None


@router.get("", summary="运行台账 · Runs", responses=UNCHANGED)
def list_runs(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[RunQuery, Query()]
) -> RunList:
    """各业务日期的运行、状态和一句话小结，最新在前。

    Every run with its state, the instant as of which it read, its thresholds and one line of summary.
    """
    with service.store.session() as session:
        page = ledger.runs(session, job=asked.job, status=asked.status, limit=asked.limit, cursor=asked.cursor)
    items = [RunItem(**run_fields(run)) for run in page.items]
    return RunList(items=items, next=link_next(request, response, page.next))


@router.get("/{date}", summary="一日运行 · The daily run of a day", responses=UNCHANGED | problems(404))
def show_run(service: ServiceDep, date: Annotated[Day, Path(description="业务日期 · business date")]) -> RunDetail:
    """某业务日期的每日运行及各等级数量。 · The daily run of a business date and how many it put at each level."""
    with service.store.session() as session:
        run = ledger.daily_run(session, date)
        counts = level_counts(session, date)
    return run_detail(run, counts)
