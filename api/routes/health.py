"""Whether the service lives, is ready, and what it counts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.instants import Day, Instant
from api.metrics import Metrics
from api.schemas.levels import level_word
from api.schemas.problem import problems
from api.service import Service, ServiceDep
from warning.errors import StoreUnavailable
from warning.store import ledger
from warning.store.risk import level_counts

router = APIRouter(tags=["health"])
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Alive(BaseModel):
    """The process answers."""

    status: Annotated[str, Field(examples=["ok"])] = "ok"


class Ready(BaseModel):
    """就绪 · The service can answer questions."""

    status: str = "ready"
    migration: str = Field(description="数据库版本 · schema revision, the newest")
    last_run: Day | None = Field(description="最近完成的业务日期 · business date of the newest done run")
    last_run_finished_at: Instant | None
    last_run_age_seconds: float | None = Field(description="距其完成的秒数 · since it finished")


@router.get("/healthz", summary="存活 · Alive")
def healthz() -> Alive:
    """进程在应答。不读写任何东西。 · The process answers; nothing is read."""
    return Alive()


@router.get("/readyz", summary="就绪 · Ready", responses=problems(503))
def readyz(service: ServiceDep) -> Ready:
    """数据库可达、版本最新，并说明最近一次运行。

    The database answers and stands at the newest migration. A 503 says what to do. A run that is long past
    does not make the service unready: its age is given.
    """
    current, head = service.store.migration_state()
    if current != head:
        raise StoreUnavailable(
            f"the database is at migration {current or 'none'}, this code needs {head}",
            where="database",
            todo="run `changxiao db upgrade`",
        )
    with service.store.session() as session:
        run = ledger.last_done(session)
    return Ready(
        migration=head,
        last_run=run.business_date if run else None,
        last_run_finished_at=run.finished_at if run else None,
        last_run_age_seconds=age_of(run, service.clock()),
    )


@router.get(
    "/metrics",
    summary="指标 · Metrics",
    response_class=Response,
    responses={200: {"description": "Prometheus text format", "content": {"text/plain": {}}}},
)
def metrics(service: ServiceDep) -> Response:
    """供 Prometheus 抓取：请求数与耗时、各等级预警数、被拒绝行数、最近一次运行距今。

    Requests and latency of this process; alerts by level, rows rejected and the age of the last run from the
    store. Where the store does not answer, `changxiao_store_up` is 0 and the rest still comes.
    """
    read_store(service, service.metrics)
    return Response(service.metrics.text(), media_type=METRICS_TYPE)


def read_store(service: Service, metrics: Metrics) -> None:
    """Take the store's figures into the metrics."""
    try:
        with service.store.session() as session:
            run = ledger.last_done(session)
            counts = level_counts(session, run.business_date, alerts_only=True) if run else {}
            feeds = ledger.deliveries(session)
    except StoreUnavailable:
        metrics.show_store_down()
        return
    metrics.show_store(
        alerts={level_word(level): count for level, count in counts.items()},
        rejected={feed: found.rejected for feed, found in feeds.items()},
        run_age=age_of(run, service.clock()),
    )


def age_of(run: ledger.Run | None, now: dt.datetime) -> float | None:
    """Seconds since the run finished; None where there is none."""
    return (now - run.finished_at).total_seconds() if run and run.finished_at else None
