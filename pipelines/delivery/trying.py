"""Trying a subscription out: one message that says it is a test, logged as any other."""

from __future__ import annotations

import datetime as dt
import secrets

from pipelines.delivery.addresses import Resolve, resolved
from pipelines.delivery.passing import send
from warning.messages.notice import Notice
from warning.store.engine import Store
from warning.store.outbox import Outcome, log_delivery
from warning.store.settings import Settings
from warning.store.subscriptions import find_subscription

TEST = ("这是一条测试消息，不是预警。", "This is a test and no alert.")


def try_out(
    store: Store, settings: Settings, subscription_id: str, now: dt.datetime, resolve: Resolve = resolved
) -> Outcome:
    """What came of it; NotFound where there is no such subscription."""
    with store.session() as session:
        one = find_subscription(session, subscription_id)
    notice = Notice(
        alert_id="test", sequence=1, kind="raised", at=now, level=1, product=("测试", "test"), place=("测试", "test"),
        geocode="", onset=now.date(), simulated=True, reason=TEST,
    )  # fmt: skip
    message_id = f"msg_test_{secrets.token_hex(6)}"
    outcome = send(one, (notice,), message_id, settings, now, resolve)
    with store.writing() as session:
        log_delivery(session, one.id, message_id, 0, outcome.outcome, outcome, now)
    return outcome
