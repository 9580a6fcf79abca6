"""Every alert of a day in one table: filtered, sorted, and the address says how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from api.dashboard.board import place_in_words
from api.dashboard.pages import page
from api.dashboard.words import Lang, Wording
from api.dashboard.workbook import XLSX, workbook
from api.directory import Reference
from api.downloads import download
from api.instants import Day
from api.pages.trouble import PageRoute
from api.schemas.alerts import AlertItem, alert_item
from api.schemas.levels import NUMBERS, level_word
from api.service import Service, ServiceDep
from warning.store.alerts import AlertPlace, alert_places, alerts_on
from warning.store.risk import Subjects, judged_date, worst_first

router = APIRouter(include_in_schema=False, route_class=PageRoute)
SHOWN = 100
Sort = Literal["level", "product", "place", "since"]
Line = tuple[AlertPlace, str, str]
"""An alert in brief, with the names of its product and place."""
SORTS: dict[str, Callable[[Line], Any]] = {
    "level": lambda line: (-line[0].level, line[1], line[2]),
    "product": lambda line: (line[1], -line[0].level, line[2]),
    "place": lambda line: (line[2], -line[0].level, line[1]),
    "since": lambda line: (line[0].raised_at, -line[0].level, line[1]),
}


class Asked(BaseModel):
    """What is to be seen, and in which order."""

    model_config = ConfigDict(extra="ignore")

    level: Annotated[str, Field(max_length=40)] = ""
    kind: Literal["", "market", "township", "district"] = ""
    words: Annotated[str, Field(max_length=60, validation_alias=AliasChoices("words", "product"))] = ""
    sort: Sort = "level"
    down: bool = False
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    as_of: Day | None = None
    lang: Lang = "zh"


@router.get("/alerts")
def table(service: ServiceDep, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """One page of the table."""
    wording = Wording(asked.lang)
    with service.store.session() as session:
        reference = service.directory.read(session)
        day = judged_date(session, asked.as_of)
        lines = _lines(alert_places(session, day), reference, asked, wording)
        first = SHOWN * (asked.page - 1)
        chosen = lines[first : first + SHOWN]
        ids = [line[0].alert_id for line in chosen]
        order = worst_first("table")
        found = alerts_on(session, day, Subjects(), among=ids, order=order, limit=max(len(ids), 1)).items
    items = {item.id: item for item in (alert_item(one, reference) for one in found)}
    rows: list[tuple[AlertItem, str]] = [(items[line[0].alert_id], line[2]) for line in chosen]
    return page(
        "alert_table.html",
        asked.lang,
        path="/alerts",
        as_of=asked.as_of,
        asked=asked,
        day=day,
        rows=rows,
        total=len(lines),
        pages=-(-len(lines) // SHOWN),
        levels=("red", "orange", "yellow", "blue", "none"),
    )


@router.get("/alerts.xlsx")
def table_book(service: ServiceDep, asked: Annotated[Asked, Query()]) -> Response:
    """Every line that the filters leave, as a workbook."""
    wording, day, lines = _all(service, asked)
    content = workbook(
        f"{wording('alert_table')} · {day}",
        {
            wording("level"): [wording.level(level_word(line[0].level)) for line in lines],
            wording("plan_product"): [line[1] for line in lines],
            wording("place"): [line[2] for line in lines],
            wording("since"): [line[0].raised_at for line in lines],
            "id": [line[0].alert_id for line in lines],
        },
        [wording("simulated")] if any(line[0].simulated for line in lines) else [],
    )
    return download(content, XLSX, f"alerts-{day}.xlsx")


def _all(service: Service, asked: Asked) -> tuple[Wording, Any, list[Line]]:
    wording = Wording(asked.lang)
    with service.store.session() as session:
        reference = service.directory.read(session)
        day = judged_date(session, asked.as_of)
        return wording, day, _lines(alert_places(session, day), reference, asked, wording)


def _lines(places: tuple[AlertPlace, ...], reference: Reference, asked: Asked, wording: Wording) -> list[Line]:
    """Those that the filters leave, sorted."""
    levels = {NUMBERS[word] for word in asked.level.split(",") if word in NUMBERS}
    wanted = asked.words.strip().casefold()
    lines = []
    for one in places:
        if (levels and one.level not in levels) or (asked.kind and one.place_kind != asked.kind):
            continue
        line = (
            one,
            wording.pick(*reference.product_name(one.product_id)),
            place_in_words(reference, one.place_kind, one.place_id, wording),
        )
        if not wanted or wanted in f"{line[1]} {line[2]} {one.product_id} {one.place_id}".casefold():
            lines.append(line)
    return sorted(lines, key=SORTS[asked.sort], reverse=asked.down)
