"""The ledger of runs: what each business date found, in one line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.dashboard.pages import page
from api.pages.trouble import LangQuery, PageRoute
from api.schemas.runs import RunItem, run_fields
from api.service import ServiceDep
from warning.store import ledger

router = APIRouter(include_in_schema=False, route_class=PageRoute)
SHOWN = 60


@router.get("/runs")
def runs(
    service: ServiceDep, lang: LangQuery = "zh", cursor: Annotated[str | None, Query(max_length=500)] = None
) -> HTMLResponse:
    """The newest first."""
    with service.store.session() as session:
        found = ledger.runs(session, job=None, status=None, limit=SHOWN, cursor=cursor)
    items = [RunItem(**run_fields(one)) for one in found.items]
    return page("runs.html", lang, path="/runs", runs=items, more=found.next)
