"""Subscriptions in the store: kept, listed, switched off."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.store.alert_messages import newest_number
from warning.store.outbox_tables import SubscriptionRow
from warning.subscriptions.subscription import Rule, Subscription, Way, check_subscription

PLAIN = ("id", "name", "target", "secret", "digest_at", "quiet_from", "quiet_to", "cool_hours", "active", "why_not",
         "created_at", "created_by", "seen")  # fmt: skip


def add_subscription(session: Session, one: Subscription, *, at: dt.datetime, by: str) -> Subscription:
    """Keep a new subscription, which hears of what comes from now on; InvalidEntry where it makes no sense."""
    check_subscription(one)
    kept = replace(one, id=f"sub-{secrets.token_hex(6)}", created_at=at, created_by=by, seen=newest_number(session))
    values = {name: getattr(kept, name) for name in PLAIN}
    session.add(SubscriptionRow(**values, way=kept.way.value, rule=asdict(kept.rule)))
    session.flush()
    return kept


def subscriptions(session: Session, *, active: bool | None = None) -> tuple[Subscription, ...]:
    """All of them, or those that are (not) active, oldest first."""
    wanted = select(SubscriptionRow).order_by(SubscriptionRow.created_at, SubscriptionRow.id)
    if active is not None:
        wanted = wanted.where(SubscriptionRow.active.is_(active))
    return tuple(_subscription(row) for row in session.scalars(wanted))


def find_subscription(session: Session, subscription_id: str) -> Subscription:
    """One of them, or NotFound."""
    return _subscription(row_of(session, subscription_id))


def remove_subscription(session: Session, subscription_id: str) -> None:
    """Let it go with its outbox and log, or NotFound."""
    session.delete(row_of(session, subscription_id))


def switch_off(session: Session, subscription_id: str, why: str) -> None:
    """It is told of nothing more until somebody makes it anew."""
    row = row_of(session, subscription_id)
    row.active, row.why_not = False, why


def row_of(session: Session, subscription_id: str) -> SubscriptionRow:
    """The row, or NotFound."""
    row = session.get(SubscriptionRow, subscription_id)
    if row is None:
        raise NotFound(
            f"there is no subscription {subscription_id}", where="id", todo="list them with GET /v1/subscriptions"
        )
    return row


def _subscription(row: SubscriptionRow) -> Subscription:
    rule: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.rule.items()
    }
    return Subscription(
        **{name: getattr(row, name) for name in PLAIN},
        way=Way(row.way),
        rule=Rule(**rule),
    )
