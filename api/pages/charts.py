"""The numbers behind the board's charts: as JSON for drawing, as a workbook to take along."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.dashboard.places_chart import places_chart
from api.dashboard.subject_chart import SubjectChart, subject_chart
from api.dashboard.words import Lang, Wording
from api.dashboard.workbook import XLSX, workbook
from api.directory import Reference
from api.downloads import download
from api.instants import Day, known_at
from api.schemas.basics import PLAIN_TEXT
from api.service import Service, ServiceDep
from warning.documented import documented_there
from warning.store.price_chart import PriceChart, columns, price_chart
from warning.store.series import SeriesFacts, find_series

router = APIRouter(prefix="/charts", include_in_schema=False)
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN_TEXT)]


class PriceAsked(BaseModel):
    """Which series, as of which business date, in which language."""

    series: Word
    as_of: Day
    lang: Lang = "zh"


class SubjectAsked(BaseModel):
    """Which subject, up to which business date, in which language."""

    product: Word
    kind: Word
    place: Word
    as_of: Day
    lang: Lang = "zh"


@router.get("/price.json")
def price(service: ServiceDep, asked: Annotated[PriceAsked, Query()]) -> dict[str, Any]:
    """Weekly price, reference, volume, spells and the forecast of a series."""
    series, chart, reference = _price(service, asked)
    wording = Wording(asked.lang)
    return {
        "kind": "price",
        "unit": wording.pick("元/公斤", "CNY/kg") if series.currency == "CNY" else f"{series.currency}/kg",
        "columns": columns(chart),
        "spells": chart.spells,
        "events": _events(series, chart, reference, wording),
        "speaks": chart.speaks,
        "names": _names(wording, columns(chart)),
        "empty": wording("no_prices"),
    }


@router.get("/price.xlsx")
def price_book(service: ServiceDep, asked: Annotated[PriceAsked, Query()]) -> Response:
    """The same as a workbook."""
    series, chart, reference = _price(service, asked)
    wording = Wording(asked.lang)
    title = f"{wording.pick(*reference.product_name(series.product_id))} · {series.key} · {asked.as_of}"
    notes = [wording("chart_price_note"), f"{series.currency}/kg, t"]
    return _book(title, _named(wording, columns(chart)), notes, f"price-{series.product_id}-{asked.as_of}")


@router.get("/places.json")
def places(service: ServiceDep, as_of: Day, lang: Lang = "zh") -> dict[str, Any]:
    """Where the alerts of a day lie."""
    with service.store.session() as session:
        reference = service.directory.read(session)
        return places_chart(session, reference, as_of, service.clock(), Wording(lang))


@router.get("/subject.json")
def subject(service: ServiceDep, asked: Annotated[SubjectAsked, Query()]) -> dict[str, Any]:
    """Level, stock, days of supply and tonnes to place of a subject, day by day."""
    chart = _subject(service, asked)
    wording = Wording(asked.lang)
    return {
        "kind": "subject",
        "columns": chart.columns(),
        "names": _names(wording, chart.columns()),
        "levels": {word: wording.level(word) for word in ("unknown", "none", "blue", "yellow", "orange", "red")},
        "empty": wording("no_levels"),
    }


@router.get("/subject.xlsx")
def subject_book(service: ServiceDep, asked: Annotated[SubjectAsked, Query()]) -> Response:
    """The same as a workbook."""
    wording = Wording(asked.lang)
    title = f"{asked.product} · {asked.place} · {asked.as_of}"
    found = _named(wording, _subject(service, asked).columns())
    return _book(title, found, [wording("chart_subject_note")], f"levels-{asked.product}-{asked.as_of}")


def _price(service: Service, asked: PriceAsked) -> tuple[SeriesFacts, PriceChart, Reference]:
    with service.store.session() as session:
        reference = service.directory.read(session)
        series = find_series(session, asked.series)
        return series, price_chart(session, series, known_at(asked.as_of), asked.as_of), reference


def _events(
    series: SeriesFacts, chart: PriceChart, reference: Reference, wording: Wording
) -> list[tuple[str, str, str]]:
    """(from the end of that week, to the end of that, name) of the documented gluts of the product there."""
    market = reference.catalog.markets.get(series.market_id)
    if market is None or not chart.weeks:
        return []
    found = []
    for one in documented_there(reference.catalog.documented_gluts.values(), series.product_id, market):
        first, last = bisect_left(chart.weeks, one.start_day), bisect_left(chart.weeks, one.end_day)
        if last > 0 and first < len(chart.weeks):
            ends = chart.weeks[max(first - 1, 0)], chart.weeks[min(last, len(chart.weeks) - 1)]
            word = "near_miss" if one.label == "near_miss" else "documented_one"
            found.append((str(ends[0]), str(ends[1]), f"{wording(word)} {one.start_day:%Y-%m}"))
    return sorted(found)


def _subject(service: Service, asked: SubjectAsked) -> SubjectChart:
    with service.store.session() as session:
        return subject_chart(session, asked.product, asked.kind, asked.place, asked.as_of)


def _names(wording: Wording, found: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    return {name: wording(f"column_{name}") for name in found}


def _named(wording: Wording, found: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    return {wording(f"column_{name}"): values for name, values in found.items()}


def _book(title: str, found: Mapping[str, Sequence[Any]], notes: Sequence[str], name: str) -> Response:
    content = workbook(title, found, notes)
    return download(content, XLSX, f"{name}.xlsx")
