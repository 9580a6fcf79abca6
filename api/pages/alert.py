"""One alert: what is wrong, how sure, why, the price, the plan, and what was done."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.dashboard.board import last_rise, place_in_words
from api.dashboard.channel_lines import channel_lines
from api.dashboard.figures import Figure, price_figures, subject_figure
from api.dashboard.pages import page
from api.dashboard.words import Lang, Wording
from api.directory import Reference
from api.pages.trouble import DayQuery, LangQuery, PageRoute
from api.responded import responded
from api.routes.alerts import AlertId
from api.schemas.alerts import AlertDetail, alert_detail
from api.schemas.series import ForecastList
from api.service import ServiceDep
from api.spoken import spoken_forecasts
from warning.catalog import PlaceKind
from warning.store import alerts
from warning.store.engine import Session
from warning.store.series_shown import series_shown
from warning.store.units import unit_names

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/alerts/{alert_id}")
def alert(service: ServiceDep, alert_id: AlertId, lang: LangQuery = "zh", as_of: DayQuery = None) -> HTMLResponse:
    """One alert with its history, figures and channels; its plan is asked for by the page."""
    wording = Wording(lang)
    with service.store.session() as session:
        reference = service.directory.read(session)
        found = alerts.alert_on(session, alert_id, as_of)
        levels = alerts.levels_of(session, alert_id, as_of)
        events = alerts.events_of(session, alert_id, as_of)
        shown = alert_detail(found, levels, events, reference)
        rise = last_rise(session, shown)
        figures, told = _figures(session, reference, shown, lang)
        units = unit_names(session)
    return page(
        "alert.html",
        lang,
        path=f"/alerts/{alert_id}",
        as_of=as_of,
        alert=shown,
        place=place_in_words(reference, shown.place.kind, shown.place.id, wording),
        rise=rise,
        channels=channel_lines(shown.channels, reference.catalog, shown.business_date, wording),
        figures=figures,
        told=told,
        can_plan=shown.place.kind != PlaceKind.MARKET,
        responded=responded(service, alert_id, None),
        units=sorted(units.items(), key=lambda pair: pair[1]),
        townships=reference.catalog.townships.values() if shown.place.kind == PlaceKind.DISTRICT else (),
        today=service.clock().date(),
    )


def _figures(
    session: Session, reference: Reference, shown: AlertDetail, lang: Lang
) -> tuple[list[Figure], ForecastList | None]:
    """The figures, the price of the place or of the first outlet first, and what was forecast of that series."""
    place = shown.place
    series = series_shown(session, reference.catalog, shown.product, place_kind=place.kind, place_id=place.id)[:1]
    figures = price_figures(series, reference, shown.business_date, lang)
    figures.append(subject_figure(shown.product, place.kind, place.id, shown.business_date, lang))
    told = spoken_forecasts(session, reference, series[0].key, until=shown.business_date) if series else None
    return figures, told
