"""What was placed for an alert, against its plan and the forecast: one reading for the interface and the board."""

from __future__ import annotations

from api.directory import Reference
from api.instants import SHANGHAI
from api.schemas.responses import ResponseList, against_item, effect_item, response_item
from api.service import Service
from warning.catalog import PlaceKind
from warning.store.alerts import Alert, alert_on
from warning.store.units import unit_names


def responded(service: Service, alert_id: str, plan: str | None) -> ResponseList:
    """The responses that count for the alert, planned against taken up to today, and the effect."""
    from warning.absorption.effect import against_plan, effect_of
    from warning.store.alert_responses import first_day, placements_for, plan_for, responses_to
    from warning.store.expected import PriceWatch, price_watch
    from warning.store.responses import delivered

    now = service.clock()
    today = now.astimezone(SHANGHAI).date()
    with service.store.session() as session:
        reference = service.directory.read(session)
        alert = alert_on(session, alert_id, None).alert
        kept = plan_for(session, alert, plan)
        found = responses_to(session, alert, now)
        names = unit_names(session)
        first = first_day(found)
        watch = PriceWatch() if first is None else price_watch(
            session, alert.product_id, _markets(alert, reference), before=first, now=now, today=today
        )  # fmt: skip
    taken = delivered(found)
    effect = effect_of([one for one in taken if one.product_id == alert.product_id], watch.expected, watch.prices)
    lines = against_plan(placements_for(kept, alert), taken, today) if kept else ()
    return ResponseList(
        alert=alert_id,
        items=[response_item(one, names, reference) for one in found],
        total_t=round(sum(one.tonnes for one in taken), 3),
        plan=kept.id if kept else None,
        until=today,
        against_plan=[against_item(line, names) for line in lines],
        effect=effect_item(effect, series=watch.series, issued=watch.issue_day),
    )


def _markets(alert: Alert, reference: Reference) -> tuple[str, ...]:
    """The markets whose price shows the effect: the alert's own, else the product's outlets."""
    if alert.place_kind == PlaceKind.MARKET:
        return (alert.place_id,)
    product = reference.catalog.products.get(alert.product_id)
    return tuple(product.outlet_markets) if product else ()
