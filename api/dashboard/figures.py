"""Figures of a page: which numbers a chart is drawn from, and what stands above it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from api.dashboard.words import Lang, Wording
from api.directory import Reference
from warning.store.series import SeriesFacts


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart: its numbers lie at /charts/{kind}.json?{asked}, and at .xlsx beside it."""

    kind: str
    asked: str
    title: str
    note: str = ""
    book: bool = True
    """Whether there is a workbook of its numbers."""


def price_figures(series: Iterable[SeriesFacts], reference: Reference, day: dt.date, lang: Lang) -> list[Figure]:
    """One figure a series: price, season, volume, spells, forecast."""
    wording = Wording(lang)
    return [
        Figure(
            "price",
            urlencode({"series": one.key, "as_of": day, "lang": lang}),
            wording("chart_price").format(
                wording.pick(*reference.product_name(one.product_id)),
                wording.pick(*reference.place_name("market", one.market_id)),
            ),
            wording("chart_price_note"),
        )
        for one in series
    ]


def subject_figure(product: str, kind: str, place: str, day: dt.date, lang: Lang, *, where: str = "") -> Figure:
    """Level, stock and tonnes of a subject by day; `where` is told where it is not plain from the page."""
    asked = urlencode({"product": product, "kind": kind, "place": place, "as_of": day, "lang": lang})
    wording = Wording(lang)
    title = " · ".join([where, wording("chart_subject")] if where else [wording("chart_subject")])
    return Figure("subject", asked, title, wording("chart_subject_note"))
