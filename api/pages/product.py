"""One product: its price against the season, the forecast and whether it may be trusted, its places and its past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse

from api.dashboard.board import place_in_words
from api.dashboard.figures import price_figures, subject_figure
from api.dashboard.pages import page
from api.dashboard.words import Wording
from api.pages.trouble import DayQuery, LangQuery, PageRoute
from api.schemas.alerts import alert_item
from api.schemas.basics import PLAIN_TEXT
from api.service import ServiceDep
from api.spoken import spoken_forecasts
from warning.catalog import DISTRICT_ID, PlaceKind, Product
from warning.store.alerts import AlertOnDay, alerts_on
from warning.store.product_alerts import alerts_of_product
from warning.store.risk import Subjects, judged_date, worst_first
from warning.store.series import SeriesFacts
from warning.store.series_shown import series_shown

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PLACES, PAST = 100, 20
"""So many places under warning, and so many past alerts, are listed."""


@router.get("/products/{product}")
def product(
    service: ServiceDep,
    product: Annotated[str, Path(pattern=PLAIN_TEXT, max_length=200)],
    lang: LangQuery = "zh",
    as_of: DayQuery = None,
    series: Annotated[str, Query(max_length=300, pattern=PLAIN_TEXT)] = "",
) -> HTMLResponse:
    """The product by id, name or synonym, as of a judged date."""
    wording = Wording(lang)
    with service.store.session() as session:
        reference = service.directory.read(session)
        product_id = reference.product(product)
        day = judged_date(session, as_of)
        order = worst_first("product", product_id)
        under = alerts_on(session, day, Subjects(product_id=product_id), order=order, limit=PLACES).items
        choice = series_shown(session, reference.catalog, product_id)
        kind, place = _drawn(reference.catalog.products[product_id], choice, under)
        if kind == PlaceKind.MARKET:
            choice = series_shown(session, reference.catalog, product_id, place_kind=kind, place_id=place)
        shown = next((one for one in choice if one.key == series), choice[0] if choice else None)
        told = spoken_forecasts(session, reference, shown.key, until=day) if shown else None
        past = alerts_of_product(session, product_id, until=day, limit=PAST)
        figures = price_figures([shown] if shown else [], reference, day, lang)
    where = "" if place == DISTRICT_ID else place_in_words(reference, kind, place, wording)
    figures.append(subject_figure(product_id, kind, place, day, lang, where=where))
    events = [one for one in reference.catalog.documented_gluts.values() if one.product_id == product_id]
    return page(
        "product.html",
        lang,
        path=f"/products/{product_id}",
        as_of=as_of,
        day=day,
        product=reference.catalog.products[product_id],
        items=[(item, place_in_words(reference, item.place.kind, item.place.id, wording))
               for item in (alert_item(found, reference) for found in under)],
        choice=[(one.key, wording.pick(*reference.place_name("market", one.market_id)), one.kind) for one in choice],
        shown=shown,
        told=told,
        past=[(one, place_in_words(reference, one.place_kind, one.place_id, wording)) for one in past],
        events=sorted(events, key=lambda one: one.start_day, reverse=True),
        figures=figures,
    )  # fmt: skip


def _drawn(product: Product, choice: Sequence[SeriesFacts], under: Sequence[AlertOnDay]) -> tuple[str, str]:
    """The place whose days and prices are drawn: the district, or the worst one where no outlet market has prices."""
    sold_here = bool(choice) and choice[0].market_id in product.outlet_markets
    if not under or sold_here or any(one.alert.place_kind == PlaceKind.DISTRICT for one in under):
        return PlaceKind.DISTRICT, DISTRICT_ID
    return under[0].alert.place_kind, under[0].alert.place_id
