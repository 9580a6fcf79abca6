"""The service: `uvicorn --factory api.app:create_app`.

Where do I go to…

- a route: `api/routes`, one noun a file; what it takes and gives: `api/schemas`
- an error's answer: `api.problems`; a cursor: `warning.store.paging`; an ETag: `api.etag`
- names and ids: `api.directory`; the ingest behind an upload: `api.intake`
- the board: `api/dashboard`
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles

from api import problems
from api.body_limit import BodyLimit
from api.dashboard.pages import STATIC
from api.directory import Directory
from api.etag import ConditionalGet
from api.metrics import CountRequests, Metrics
from api.pages import PAGES
from api.request_id import RequestId
from api.routes import (
    alerts,
    briefings,
    channels,
    feeds,
    guidance,
    health,
    letters,
    markets,
    messages,
    names,
    plans,
    products,
    quotas,
    reports,
    responses,
    risk,
    runs,
    series,
    skill,
    subscriptions,
    townships,
    units,
    uploads,
)
from api.schemas.problem import ALWAYS, FieldError, Problem
from api.schemas.problem import problems as problem_answers
from api.service import SOLVED_AT_ONCE, Clock, Service
from warning.store.engine import open_store
from warning.store.settings import Settings, load_settings

VERSION = "0.1.0"
DESCRIPTION = """畅销：农产品滞销的早期预警。每天一次研判，按品种和地点给出等级、成因和可用的消纳渠道。

Early warning of slow sales of farm produce: once a day a level for every product and place, why, and the channels
that could absorb it.

- 日期 `as_of`：在预警和研判中是业务日期；在行情中是“当时已知”。 · In alerts and risk a business date, in
  observations an instant (what was known then).
- `product=`、`market=`、`township=` 可用 id、名称或任一语言的别名；不明或多义时答 422 并给候选。 · take an id, a name
  or a synonym in any language; unknown or ambiguous ones are a 422 with candidates.
- 列表以 `next` 游标翻页。 · Lists are paged by the cursor `next`.
- 时刻为 RFC 3339，+08:00；价格按公斤，数量按公斤或吨。 · Instants are RFC 3339 with +08:00; prices are per kg.
- 出错时答 application/problem+json，说明问题、位置和怎么办。 · Errors are problem+json: what, where, what to do.
"""
TAGS = [
    {"name": "alerts", "description": "预警：等级、成因、渠道，及人的处置 · Alerts, and what people do with them"},
    {"name": "messages", "description": "给机器的预警：CAP、Atom、事件流 · Alerts for machines: CAP, Atom, events"},
    {
        "name": "plans",
        "description": "消纳方案：假设与冲击、并列比较、函 · Placement plans: what-if, side by side, letters",
    },
    {"name": "subscriptions", "description": "订阅与投递 · Who hears of alerts, and what came of it"},
    {"name": "briefings", "description": "简报：日报、旬报、专报 · Bulletins of a day, a 旬, an alert"},
    {
        "name": "responses",
        "description": "实际消纳、对照方案、效果 · What was in fact placed, against the plan, its effect",
    },
    {
        "name": "guidance",
        "description": "上市时间、种植提示、农户提示单 · When to market, what not to plant, sheets for growers",
    },
    {"name": "units", "description": "消纳单位名册，历次改动可查 · Absorbing units, every version kept"},
    {"name": "quotas", "description": "预留采购额度台账 · The ledger of reserved purchases"},
    {"name": "risk", "description": "全部研判，含无预警和未知 · Every judgement, none and unknown included"},
    {"name": "series", "description": "价格序列、行情与预测 · Price series, observations, forecasts"},
    {"name": "skill", "description": "预测评分，与基线并列 · What the forecasts were worth, beside the baselines"},
    {"name": "catalog", "description": "品种、市场、乡镇 · Products, markets, townships"},
    {"name": "channels", "description": "消纳渠道及部门 · Absorption channels and departments"},
    {"name": "reports", "description": "乡镇报告：库存、采收、销售、成本 · Reports of townships"},
    {"name": "feeds", "description": "数据源、到数记录、被拒绝的行 · Feeds, snapshots, rejected lines"},
    {"name": "names", "description": "待认名称 · Names to be confirmed"},
    {"name": "uploads", "description": "上传数据文件 · Uploading files"},
    {"name": "runs", "description": "运行台账 · The ledger of runs"},
    {"name": "health", "description": "存活、就绪、指标 · Alive, ready, metrics"},
]
ROUTERS = (
    subscriptions.router,
    messages.router,  # before the alerts: `stream` is no id of one
    alerts.router,
    plans.of_alert,
    plans.router,
    letters.router,
    briefings.router,
    guidance.router,
    responses.router,
    units.router,
    quotas.router,
    quotas.of_unit,
    risk.router,
    series.router,
    skill.router,
    products.router,
    markets.router,
    townships.router,
    channels.router,
    reports.router,
    feeds.router,
    names.router,
    uploads.router,
    runs.router,
    health.router,
    *(each.router for each in PAGES),
)


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """The application over the store that `settings` name; `clock` gives the present instant (the system's)."""
    settings = settings or load_settings()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = open_store(settings=settings)
        solvers = ThreadPoolExecutor(SOLVED_AT_ONCE, thread_name_prefix="solver")
        app.state.service = Service(
            settings=settings,
            store=store,
            directory=Directory(settings.reference),
            metrics=metrics,
            clock=clock or _now,
            solvers=solvers,
        )
        yield
        solvers.shutdown(cancel_futures=True)
        store.close()

    app = _Described(
        title="畅销 changxiao",
        version=VERSION,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        responses=ALWAYS,
        lifespan=lifespan,
        docs_url=None,  # both load scripts from another host; /docs is ours
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    problems.install(app)
    app.add_middleware(BodyLimit, upload_path=uploads.PATH, upload_bytes=settings.upload_max_bytes)
    app.add_middleware(ConditionalGet, prefix="/v1/")
    app.add_middleware(CountRequests, metrics=metrics)
    app.add_middleware(RequestId)  # the outermost: every answer and log line has it
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


class _Described(FastAPI):
    """FastAPI whose description knows the form of our failures."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                tags=self.openapi_tags,
                routes=self.routes,
            )
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for model in (FieldError, Problem):
                schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas["Problem"].pop("$defs", None)
            for operation in _taking_json(document):
                operation["responses"] |= {"415": problem_answers(415)[415]}
            self.openapi_schema = document
        return self.openapi_schema


def _taking_json(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The operations of a description that take JSON: each refuses what is sent as something else."""
    for methods in document["paths"].values():
        for operation in methods.values():
            if "application/json" in operation.get("requestBody", {}).get("content", {}):
                yield operation


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
