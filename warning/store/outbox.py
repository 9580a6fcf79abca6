"""The outbox: each event once a subscription, kept until it is told, and the log of every try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from warning.catalog import Product
from warning.store.alert_messages import ToldEvent, events_after, told_events
from warning.store.outbox_tables import DeliveryRow, OutboxRow, SubscriptionRow
from warning.store.paging import Key, Order, Page, read_page
from warning.store.subscriptions import find_subscription
from warning.subscriptions.rule import Happening, wanted
from warning.subscriptions.subscription import Subscription
from warning.subscriptions.timing import GIVEN_UP, due_at, next_try

AT_ONCE = 500
MOST_IN_ONE = 20
"""Events told in one message."""
CLAIM = dt.timedelta(minutes=10)
"""What was claimed so long ago was claimed by a job that died: it is tried again under the same message id."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Events of one subscription that are due, to be told in one message."""

    subscription: Subscription
    rows: tuple[int, ...]
    events: tuple[ToldEvent, ...]
    tries: int
    first_due_at: dt.datetime

    @property
    def message_id(self) -> str:
        """The same on each try: of the subscription and its events."""
        return f"msg_{self.subscription.id.removeprefix('sub-')}_{self.rows[0]}_{self.rows[-1]}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: sent, retry, gone or failed."""

    outcome: str
    status: int | None = None
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of the log."""

    id: int
    subscription_id: str
    message_id: str
    at: dt.datetime
    events: int
    outcome: str
    status: int | None
    detail: str
    seconds: float


def fill_outbox(session: Session, products: Mapping[str, Product]) -> int:
    """Put what has happened since into the outbox of each active subscription; gives how many are to be told.

    Subscriptions are held the while: what one job has looked at, no other puts in again.
    """
    found = 0
    held = select(SubscriptionRow).where(SubscriptionRow.active.is_(True)).order_by(SubscriptionRow.id)
    fresh = {"populate_existing": True}
    for row in session.scalars(held.with_for_update(), execution_options=fresh).all():
        one = find_subscription(session, row.id)
        for told in events_after(session, one.seen, limit=AT_ONCE):
            row.seen = told.number
            if wanted(one.rule, _happening(told), products):
                found += _put(session, one, told)
    session.flush()
    return found


def claim_due(session: Session, now: dt.datetime) -> tuple[Parcel, ...]:
    """What is due, marked as being sent, with what a job that died had claimed; what another is claiming is its own."""
    stale = (OutboxRow.state == "sending") & (OutboxRow.claimed_at <= now - CLAIM)
    due = (OutboxRow.state == "pending") & (OutboxRow.due_at <= now)
    wanted_rows = (
        select(OutboxRow)
        .join(SubscriptionRow, SubscriptionRow.id == OutboxRow.subscription_id)
        .where(stale | due, SubscriptionRow.active.is_(True))
        .order_by(OutboxRow.subscription_id, OutboxRow.first_due_at, OutboxRow.id)
        .limit(AT_ONCE)
        .with_for_update(of=OutboxRow, skip_locked=True)
    )
    by_subscription: dict[str, list[OutboxRow]] = {}
    for row in session.scalars(wanted_rows):
        by_subscription.setdefault(row.subscription_id, []).append(row)
    parcels = []
    for subscription_id, rows in by_subscription.items():
        chosen = rows[:MOST_IN_ONE]
        for row in chosen:
            row.state, row.claimed_at = "sending", now
        parcels.append(
            Parcel(
                find_subscription(session, subscription_id),
                tuple(row.id for row in chosen),
                told_events(session, [row.event_id for row in chosen]),
                max(row.tries for row in chosen),
                min(row.first_due_at for row in chosen),
            )
        )
    session.flush()
    return tuple(parcels)


def settle(session: Session, parcel: Parcel, outcome: Outcome, now: dt.datetime) -> str:
    """Keep what came of a try: sent, tried again later, let go after days, or the subscription switched off.

    Gives the outcome that was kept.
    """
    kept = outcome.outcome
    if kept == "retry" and now - parcel.first_due_at > GIVEN_UP:
        kept = "failed"
    state = {"sent": "sent", "retry": "pending"}.get(kept, "failed")
    rows = update(OutboxRow).where(OutboxRow.id.in_(parcel.rows))
    values: dict[str, Any] = {"state": state, "tries": OutboxRow.tries + 1, "claimed_at": None}
    if kept == "retry":
        values["due_at"] = next_try(parcel.tries + 1, now)
    session.execute(rows.values(**values))
    if kept == "gone":
        row = session.get(SubscriptionRow, parcel.subscription.id)
        if row is not None:
            row.active, row.why_not = False, f"the receiver answered {outcome.status}: it wants nothing more"
    log_delivery(session, parcel.subscription.id, parcel.message_id, len(parcel.rows), kept, outcome, now)
    return kept


def log_delivery(
    session: Session, subscription_id: str, message_id: str, events: int, kept: str, outcome: Outcome, now: dt.datetime
) -> None:
    """One line of the log."""
    session.add(
        DeliveryRow(subscription_id=subscription_id, message_id=message_id, at=now, events=events, outcome=kept,
                    status=outcome.status, detail=outcome.detail[:500], seconds=round(outcome.seconds, 3))
    )  # fmt: skip


def deliveries_of(session: Session, subscription_id: str, *, limit: int, cursor: str | None) -> Page[Delivery]:
    """The log of a subscription, newest first."""
    names = Delivery.__dataclass_fields__
    return read_page(
        session,
        select(DeliveryRow).where(DeliveryRow.subscription_id == subscription_id),
        Order((Key(DeliveryRow.id, int, descending=True),), repr(("deliveries", subscription_id))),
        limit=limit,
        cursor=cursor,
        give=lambda row: Delivery(**{name: getattr(row[0], name) for name in names}),
        keys=lambda row: (row[0].id,),
    )


def waiting(session: Session) -> tuple[int, dt.datetime | None]:
    """(messages that wait to be told, since when the oldest is due)."""
    open_states = OutboxRow.state.in_(("pending", "sending"))
    count, oldest = session.execute(select(func.count(), func.min(OutboxRow.first_due_at)).where(open_states)).one()
    return int(count), oldest


def _put(session: Session, one: Subscription, told: ToldEvent) -> int:
    there = select(OutboxRow.id).where(
        OutboxRow.subscription_id == one.id, OutboxRow.event_id == told.number
    )  # fmt: skip
    if session.scalar(there) is not None:
        return 0
    due = due_at(one, told.event.at)
    held = _cooling(session, one, told)
    session.add(
        OutboxRow(subscription_id=one.id, event_id=told.number, alert_id=told.alert.id, level=told.event.level,
                  state="held" if held else "pending", due_at=due, first_due_at=due, claimed_at=None, tries=0)
    )  # fmt: skip
    return 0 if held else 1


def _cooling(session: Session, one: Subscription, told: ToldEvent) -> bool:
    """Whether the alert was told of within the cool-down, and has not got worse since."""
    if not one.cool_hours:
        return False
    since = told.event.at - dt.timedelta(hours=one.cool_hours)
    session.flush()
    worst = session.scalar(
        select(func.max(OutboxRow.level)).where(
            OutboxRow.subscription_id == one.id, OutboxRow.alert_id == told.alert.id, OutboxRow.first_due_at >= since,
            OutboxRow.state != "held",
        )
    )  # fmt: skip
    return worst is not None and told.event.level <= worst


def _happening(told: ToldEvent) -> Happening:
    alert = told.alert
    return Happening(
        told.event.kind, told.event.level, alert.peak_level, alert.product_id, alert.place_kind, alert.place_id,
        told.judgement.tier if told.judgement else "",
    )  # fmt: skip
