"""The board: today's alerts, product by product."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.dashboard.board import day_on_board
from api.dashboard.pages import page
from api.dashboard.words import Lang, Wording
from api.intake import known_feeds
from api.pages.trouble import DayQuery, LangQuery, trouble
from api.service import Service, ServiceDep
from warning.errors import ChangxiaoError, NotFound
from warning.store import ledger
from warning.store.risk import judged_around, judged_date

router = APIRouter(include_in_schema=False)


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
        return trouble(request, error, asked=as_of, nearest=_nearest(service, error, as_of))
    late = [feed for feed, found in delivered.items() if found.last_fetch_status == "failed"]
    return page("board.html", lang, as_of=as_of, day=shown, late=_feed_names(late, lang))


def _nearest(service: Service, error: ChangxiaoError, as_of: dt.date | None) -> tuple[dt.date, ...]:
    """The judged dates around one that was not."""
    if as_of is None or not isinstance(error, NotFound):
        return ()
    with service.store.session() as session:
        return tuple(day for day in judged_around(session, as_of) if day)


def _feed_names(ids: list[str], lang: Lang) -> list[str]:
    if not ids:
        return []  # naming a feed loads the ingest
    feeds, wording = known_feeds(), Wording(lang)
    return [
        f"{wording.pick(feeds[each].title_zh, feeds[each].title_en)} ({each})" if each in feeds else each
        for each in ids
    ]
