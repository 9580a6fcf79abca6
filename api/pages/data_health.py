"""The state of the data: feeds and what they delivered, rejected lines with reasons, names to confirm, uploads."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.dashboard.pages import page
from api.pages.trouble import LangQuery, PageRoute
from api.routes.feeds import SnapshotId, list_feeds
from api.routes.names import NameId, confirm
from api.routes.uploads import How, take_files
from api.same_origin import own_form
from api.schemas.basics import Name
from api.schemas.feeds import rejected_item, snapshot_item
from api.schemas.names import Confirmation, name_item
from api.service import ServiceDep
from warning.store import ledger

router = APIRouter(include_in_schema=False, route_class=PageRoute)
NAMES, LINES = 50, 200


@router.get("/data")
def data(service: ServiceDep, lang: LangQuery = "zh") -> HTMLResponse:
    """Feeds, late ones first, the newest files of each, names that nobody has decided, and a form to upload by."""
    with service.store.session() as session:
        names = ledger.source_names(session, kind=None, feed=None, decided=False, limit=NAMES, cursor=None)
        newest = ledger.snapshots(session, None, limit=20, cursor=None).items
    order = ("failed", "stale", "fresh", "never")
    feeds = sorted(list_feeds(service).items, key=lambda feed: (order.index(feed.state), feed.id))
    return page(
        "data.html",
        lang,
        path="/data",
        feeds=feeds,
        names=[name_item(one) for one in names.items],
        more_names=names.next is not None,
        snapshots=[snapshot_item(one) for one in newest],
    )


@router.get("/data/{snapshot_id}")
def snapshot(
    service: ServiceDep,
    snapshot_id: SnapshotId,
    lang: LangQuery = "zh",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """One file's account, and its rejected lines with their reasons."""
    with service.store.session() as session:
        found = ledger.snapshot(session, snapshot_id)
        lines = ledger.rejected_lines(session, snapshot_id, reason=None, limit=LINES, cursor=cursor)
    return page(
        "snapshot.html",
        lang,
        path=f"/data/{snapshot_id}",
        snapshot=snapshot_item(found),
        lines=[rejected_item(line) for line in lines.items],
        more=lines.next,
    )


@router.post("/data/upload", dependencies=[Depends(own_form)])
def upload(
    service: ServiceDep,
    file: Annotated[list[UploadFile], File()],
    feed: Annotated[Name, Form()],
    by: Annotated[Name, Form()],
    lang: LangQuery = "zh",
) -> HTMLResponse:
    """Take the files in and show the account of every line."""
    files = [(part.filename or f"upload-{number}", part.file.read()) for number, part in enumerate(file, start=1)]
    return page("uploaded.html", lang, path="/data", account=take_files(service, feed, files, How(by=by)))


@router.post("/data/names/{name_id}", dependencies=[Depends(own_form)])
def name(
    service: ServiceDep,
    name_id: NameId,
    meaning: Annotated[Name, Form()],
    by: Annotated[Name, Form()],
    lang: LangQuery = "zh",
) -> RedirectResponse:
    """Say what a name means."""
    confirm(service, name_id, Confirmation(meaning=meaning, by=by))
    return RedirectResponse(f"/data?lang={quote(lang)}#names", status_code=303)
