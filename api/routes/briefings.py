"""Bulletins (简报) of a day, a 旬 or an alert, as .docx, .pdf and .xlsx."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api.dashboard.workbook import XLSX
from api.downloads import DOCX, download
from api.instants import Day
from api.queries import AsOf
from api.routes.alerts import AlertId
from api.schemas.problem import Responses, problems
from api.service import Service, ServiceDep
from warning.catalog import Catalog

if TYPE_CHECKING:
    from warning.briefing.bulletin import Bulletin

router = APIRouter(prefix="/v1", tags=["briefings"])
Form = Literal["docx", "pdf", "xlsx"]
FormPath = Annotated[Form, Path(description="docx、pdf 或 xlsx · which form")]
TYPES: dict[Form, str] = {"docx": DOCX, "pdf": "application/pdf", "xlsx": XLSX}
FILES: Responses = {200: {"content": {kind: {} for kind in TYPES.values()}, "description": "简报 · the bulletin"}}
SIGNING = "agriculture"
"""The department whose bulletins they are, by its id in the catalog."""


@router.get("/alerts/{alert_id}/briefing.{form}", summary="预警专报 · Bulletin of an alert",
            responses=FILES | problems(404), response_class=Response)  # fmt: skip
async def of_alert(
    service: ServiceDep, alert_id: AlertId, form: FormPath, as_of: Annotated[AsOf, Query()] = None
) -> Response:
    """一条预警的专报：成因、价格与预测、消纳安排和各部门任务。 · Why, price and forecast, the plan with tasks."""
    from warning.store.bulletins import alert_bulletin

    def made(catalog: Catalog) -> Bulletin:
        return alert_bulletin(service.store, catalog, alert_id, as_of, now=service.clock())

    return await service.solved(lambda: _answer(service, made, form, "alert"))


@router.get("/briefings/{kind}/{date}.{form}", summary="日报、旬报 · Daily and ten-day bulletin",
            responses=FILES | problems(404), response_class=Response)  # fmt: skip
async def of_day(
    service: ServiceDep,
    kind: Annotated[Literal["daily", "xun"], Path(description="日报或旬报 · which bulletin")],
    date: Annotated[Day, Path(description="业务日期，或旬内任一天 · business date, or any day of the 旬")],
    form: FormPath,
) -> Response:
    """某日的日报，或该日所在旬的旬报（含统计和年度进度）。 · Numbers are the store's as of the day, and it says so."""
    from warning.store.bulletins import daily_bulletin, xun_bulletin

    def made(catalog: Catalog) -> Bulletin:
        read = daily_bulletin if kind == "daily" else xun_bulletin
        return read(service.store, catalog, date, now=service.clock())

    return await service.solved(lambda: _answer(service, made, form, kind))


def _answer(service: Service, made: Callable[[Catalog], Bulletin], form: Form, name: str) -> Response:
    from warning.briefing.forms import bulletin_file

    with service.store.session() as session:
        catalog = service.directory.read(session).catalog
    bulletin = made(catalog)
    organ = catalog.department_on(SIGNING, bulletin.last).name_zh
    return download(bulletin_file(bulletin, organ, form), TYPES[form], f"{name}-{bulletin.last:%Y%m%d}.{form}")
