"""The board: today's alerts as a page, one alert's page, and the interface in words."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.dashboard.board import channel_lines, day_on_board
from api.dashboard.pages import page
from api.dashboard.words import Lang, Wording
from api.instants import Day
from api.problems import problem_of
from api.schemas.alerts import alert_detail
from api.service import ServiceDep
from warning.errors import ChangxiaoError, NotFound
from warning.store import alerts, ledger
from warning.store.risk import judged_date

router = APIRouter(include_in_schema=False)
LangQuery = Annotated[Lang, Query()]
DayQuery = Annotated[Day | None, Query()]


@router.get("/")
def board(request: Request, service: ServiceDep, lang: LangQuery = "zh", as_of: DayQuery = None) -> HTMLResponse:
    """The alerts of a business date, product by product."""
    try:
        with service.store.session() as session:
            if as_of is None and ledger.last_done(session) is None:
                return page("empty.html", lang)
            reference = service.directory.read(session)
            day = judged_date(session, as_of)
            shown = day_on_board(session, reference, day, Wording(lang))
            delivered = ledger.deliveries(session)
    except ChangxiaoError as error:
        return _trouble(request, error, lang)
    late = [feed for feed, found in delivered.items() if found.last_fetch_status == "failed"]
    return page("board.html", lang, as_of=as_of, day=shown, late=late)


@router.get("/alerts/{alert_id}")
def alert(
    request: Request, service: ServiceDep, alert_id: str, lang: LangQuery = "zh", as_of: DayQuery = None
) -> HTMLResponse:
    """One alert with its history and channels."""
    wording = Wording(lang)
    try:
        if "\x00" in alert_id:
            raise NotFound("there is no such alert", where="id")
        with service.store.session() as session:
            reference = service.directory.read(session)
            found = alerts.alert_on(session, alert_id, as_of)
            levels = alerts.levels_of(session, alert_id, as_of)
            events = alerts.events_of(session, alert_id, as_of)
    except ChangxiaoError as error:
        return _trouble(request, error, lang)
    shown = alert_detail(found, levels, events, reference)
    lines = channel_lines(shown.channels, reference.catalog, shown.business_date, wording)
    return page("alert.html", lang, path=f"/alerts/{quote(alert_id)}", as_of=as_of, alert=shown, channels=lines)


@router.get("/docs")
def interface(request: Request, lang: LangQuery = "zh") -> HTMLResponse:
    """The interface in words; the machine's form is /openapi.json."""
    document: dict[str, Any] = request.app.openapi()
    operations = [
        {"path": path, "method": method, **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    tags = [
        {**tag, "operations": [each for each in operations if tag["name"] in each.get("tags", [])]}
        for tag in document["tags"]
    ]
    return page("interface.html", lang, path="/docs", about=document["info"], tags=tags)


def _trouble(request: Request, error: ChangxiaoError, lang: Lang) -> HTMLResponse:
    return page("trouble.html", lang, status=error.status, problem=problem_of(request, error))
