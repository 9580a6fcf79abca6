"""The board: today's alerts as a page, one alert's page, and the interface in words."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.dashboard.board import day_on_board, last_rise, place_in_words
from api.dashboard.channel_lines import channel_lines
from api.dashboard.pages import page
from api.dashboard.words import Lang, Wording
from api.instants import Day
from api.intake import known_feeds
from api.problems import problem_of
from api.schemas.alerts import alert_detail
from api.service import Service, ServiceDep
from warning.errors import ChangxiaoError, NotFound
from warning.store import alerts, ledger
from warning.store.risk import judged_around, judged_date

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
        return _trouble(request, error, lang, asked=as_of, nearest=_nearest(service, error, as_of))
    late = [feed for feed, found in delivered.items() if found.last_fetch_status == "failed"]
    return page("board.html", lang, as_of=as_of, day=shown, late=_feed_names(late, Wording(lang)))


@router.get("/alerts/{alert_id}")
def alert(
    request: Request, service: ServiceDep, alert_id: str, lang: LangQuery = "zh", as_of: DayQuery = None
) -> HTMLResponse:
    """One alert with its history and channels."""
    wording, path = Wording(lang), f"/alerts/{quote(alert_id)}"
    try:
        if "\x00" in alert_id:
            raise NotFound("there is no such alert", where="id")
        with service.store.session() as session:
            reference = service.directory.read(session)
            found = alerts.alert_on(session, alert_id, as_of)
            levels = alerts.levels_of(session, alert_id, as_of)
            events = alerts.events_of(session, alert_id, as_of)
            shown = alert_detail(found, levels, events, reference)
            rise = last_rise(session, shown)
    except ChangxiaoError as error:
        return _trouble(request, error, lang, path=path, missing=isinstance(error, NotFound))
    return page(
        "alert.html",
        lang,
        path=path,
        as_of=as_of,
        alert=shown,
        place=place_in_words(reference, shown.place.kind, shown.place.id, wording),
        rise=rise,
        channels=channel_lines(shown.channels, reference.catalog, shown.business_date, wording),
    )


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


def _nearest(service: Service, error: ChangxiaoError, as_of: dt.date | None) -> tuple[dt.date, ...]:
    """The judged dates around one that was not."""
    if as_of is None or not isinstance(error, NotFound):
        return ()
    with service.store.session() as session:
        return tuple(day for day in judged_around(session, as_of) if day)


def _feed_names(ids: list[str], wording: Wording) -> list[str]:
    if not ids:
        return []  # naming a feed loads the ingest
    feeds = known_feeds()
    return [
        f"{wording.pick(feeds[each].title_zh, feeds[each].title_en)} ({each})" if each in feeds else each
        for each in ids
    ]


def _trouble(
    request: Request,
    error: ChangxiaoError,
    lang: Lang,
    *,
    path: str = "/",
    asked: dt.date | None = None,
    nearest: tuple[dt.date, ...] = (),
    missing: bool = False,
) -> HTMLResponse:
    return page(
        "trouble.html",
        lang,
        status=error.status,
        path=path,
        problem=problem_of(request, error),
        asked=asked if isinstance(error, NotFound) else None,
        nearest=nearest,
        missing=missing,
    )
