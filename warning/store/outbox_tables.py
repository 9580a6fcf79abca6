"""The tables of subscriptions and their messages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from warning.store.tables import Base


class SubscriptionRow(Base):
    """Who hears of which alerts, where and when."""

    __tablename__ = "subscription"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    way: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(default="")
    rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest_at: Mapped[str] = mapped_column(String(5), default="")
    quiet_from: Mapped[str] = mapped_column(String(5), default="")
    quiet_to: Mapped[str] = mapped_column(String(5), default="")
    cool_hours: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    why_not: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(default="")
    seen: Mapped[int] = mapped_column(Integer, default=0)
    """The alert event up to which it has been matched."""


class OutboxRow(Base):
    """One event that one subscription is to be told of; told once, however often it is looked at."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("subscription_id", "event_id"),
        Index("ix_outbox_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("alert_event.id"))
    alert_id: Mapped[str]
    level: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    """pending, sending, sent, held (within the cool-down), failed."""
    due_at: Mapped[dt.datetime]
    first_due_at: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(Integer, default=0)


class DeliveryRow(Base):
    """One try to deliver a message, and what came of it."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_subscription", "subscription_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    message_id: Mapped[str]
    """The same on each try."""
    at: Mapped[dt.datetime]
    events: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(10))
    """sent, retry, gone, failed."""
    status: Mapped[int | None] = mapped_column(Integer)
    detail: Mapped[str] = mapped_column(Text, default="")
    seconds: Mapped[float]
