"""One pass: match what has happened, claim what is due, send it, keep what came of each. Safe to run twice at once."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pipelines.delivery.addresses import Resolve, resolved
from pipelines.delivery.http_sender import post_json
from pipelines.delivery.mail_sender import send_mail
from warning.catalog import Catalog
from warning.messages.atom import cap_path
from warning.messages.notice import Notice
from warning.store.engine import Store
from warning.store.notices import notices_of
from warning.store.outbox import Outcome, Parcel, claim_due, fill_outbox, settle
from warning.store.settings import Settings
from warning.subscriptions.robots import robot_address, robot_body, robot_refusal
from warning.subscriptions.subscription import Subscription, Way
from warning.subscriptions.wording import html, subject, text

MOST_THREADS = 16
"""So many receivers are spoken to at a time: a slow one keeps its own thread and nobody else."""
Clock = Callable[[], dt.datetime]


def deliver(
    store: Store, catalog: Catalog, settings: Settings, *, clock: Clock, resolve: Resolve = resolved
) -> Counter[str]:
    """How many messages were sent, put off, given up, by outcome; `matched` is how many events are newly to be told."""
    now = clock()
    with store.writing() as session:
        matched = fill_outbox(session, catalog.products)
    with store.writing() as session:
        parcels = claim_due(session, now)
        notices = [notices_of(session, catalog, parcel.events) for parcel in parcels]
    counts: Counter[str] = Counter({"matched": matched})
    if not parcels:
        return counts

    def sent(parcel: Parcel, told: tuple[Notice, ...]) -> str:
        outcome = send(parcel.subscription, told, parcel.message_id, settings, now, resolve)
        with store.writing() as session:
            return settle(session, parcel, outcome, now)

    with ThreadPoolExecutor(min(MOST_THREADS, len(parcels)), thread_name_prefix="delivery") as threads:
        counts.update(threads.map(sent, parcels, notices))
    return counts


def send(
    one: Subscription,
    notices: tuple[Notice, ...],
    message_id: str,
    settings: Settings,
    now: dt.datetime,
    resolve: Resolve = resolved,
) -> Outcome:
    """Send notices the way that a subscription wants; what went wrong is an outcome, and never an exception."""
    base = settings.public_url.rstrip("/")
    if one.way == Way.EMAIL:
        words = (subject(notices), text(notices, base), html(notices, base))
        return send_mail(settings, one.target, *words, message_id=message_id, at=now.timestamp())
    if one.way == Way.WEBHOOK:
        body = webhook_body(notices, now, base)
        headers = signed(one.secret, message_id, now, body)
        return post_json(one.target, body, headers, private=settings.deliver_private, resolve=resolve)[0]
    body = json.dumps(robot_body(one.way, notices, base, one.secret, now), ensure_ascii=False).encode()
    target = robot_address(one.way, one.target, one.secret, now)
    outcome, answer = post_json(target, body, {}, private=settings.deliver_private, resolve=resolve)
    if outcome.outcome == "sent" and (why := robot_refusal(one.way, answer)):
        return Outcome("retry", outcome.status, f"the robot did not take it: {why}", outcome.seconds)
    return outcome


def webhook_body(notices: tuple[Notice, ...], now: dt.datetime, base: str) -> bytes:
    """JSON by Standard Webhooks: type, timestamp and data, one entry an event."""
    told = [
        {
            "alert": one.alert_id, "sequence": one.sequence, "kind": one.kind, "at": one.at.isoformat(),
            "level": one.level, "product": one.product, "place": one.place, "type": one.type, "tier": one.tier,
            "surplus_t": one.surplus_t, "surplus_estimated": one.surplus_estimated, "probability": one.probability,
            "why": one.why, "channels": one.channels, "simulated": one.simulated, "cap": f"{base}{cap_path(one)}",
        }
        for one in notices
    ]  # fmt: skip
    kind = f"alert.{notices[0].kind}" if len(notices) == 1 else "alert.digest"
    body = {"type": kind, "timestamp": now.isoformat(), "data": {"events": told}}
    return json.dumps(body, ensure_ascii=False).encode()


def signed(secret: str, message_id: str, now: dt.datetime, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks."""
    from standardwebhooks import Webhook

    signature = Webhook(secret).sign(message_id, now, body.decode())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
