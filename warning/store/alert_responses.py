"""What an alert led to: the responses that count for it, and the plan they are set against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.absorption.plan import Placement
from warning.catalog import PlaceKind
from warning.store.alerts import Alert
from warning.store.plans import StoredPlan, plans, read_plan
from warning.store.responses import RecordedResponse, responses_as_of
from warning.store.tables import AlertRow


def responses_to(session: Session, alert: Alert, known_at: dt.datetime) -> list[RecordedResponse]:
    """What was recorded for the alert, and on its product and place while it lasted, by day.

    A sheet of what units took names no alert; what was placed for a township's alert is placed for the district's too,
    and the other way round where the township is named. Of a market's alert only what names it counts: goods that were
    placed come from townships.
    """
    found = responses_as_of(session, known_at, alert_id=alert.id)
    if alert.place_kind != PlaceKind.MARKET:
        here = responses_as_of(
            session,
            known_at,
            product_id=alert.product_id,
            township_id=alert.township_id,
            first=alert.raised_at,
            last=alert.ended_at,
        )
        at_markets = _markets_alerts(session, alert.product_id)
        found += [one for one in here if one.response.alert_id not in at_markets | {alert.id}]
    return sorted(found, key=lambda one: (one.response.day, one.response.key))


def _markets_alerts(session: Session, product_id: str) -> set[str]:
    wanted = select(AlertRow.id).where(AlertRow.product_id == product_id, AlertRow.place_kind == PlaceKind.MARKET.value)
    return set(session.scalars(wanted))


def first_day(found: Iterable[RecordedResponse]) -> dt.date | None:
    """The first day on which anything was taken: a forecast made before it knows nothing of the response."""
    return min((one.response.day for one in found if one.response.tonnes > 0), default=None)


def plan_for(session: Session, alert: Alert, plan_id: str | None) -> StoredPlan | None:
    """The plan named, else the alert's newest stored one; NotFound where the one named is not there."""
    if plan_id is None:
        newest = plans(session, alert_id=alert.id, limit=1).items
        if not newest:
            return None
        plan_id = newest[0].id
    return read_plan(session, plan_id)


def placements_for(kept: StoredPlan, alert: Alert) -> list[Placement]:
    """What a plan places of the alert: all, where the plan was made for it, else its product (and township)."""
    if kept.alert_id == alert.id:
        return list(kept.plan.placements)
    township = alert.township_id
    mine = [one for one in kept.plan.placements if one.product_id == alert.product_id]
    return [one for one in mine if township in (None, one.township_id)]
