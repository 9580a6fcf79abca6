"""A stored event as the notice that messages are made from: names, reasons and channels in both languages."""

from __future__ import annotations

from api.dashboard.channel_lines import channel_lines
from api.dashboard.words import Wording
from api.directory import Reference
from warning.catalog import PlaceKind
from warning.messages.notice import Notice
from warning.store.alert_messages import ToldEvent, sent_before
from warning.store.engine import Session

FIRST = 3
"""So many reasons and channels stand in a message; the alert's page has them all."""


def notice_of(session: Session, reference: Reference, told: ToldEvent) -> Notice:
    """The notice of an event, with the messages of its alert before it."""
    alert, event, said = told.alert, told.event, told.judgement
    drivers = said.drivers if said else []
    return Notice(
        alert_id=alert.id,
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        level=event.level,
        product=reference.product_name(alert.product_id),
        place=reference.place_name(alert.place_kind, alert.place_id),
        geocode="" if alert.place_kind == PlaceKind.MARKET else alert.place_id,
        onset=alert.raised_at,
        simulated=alert.simulated,
        reason=(event.reason_zh, event.reason_en),
        why=tuple((one.get("text_zh", ""), one.get("text_en", "")) for one in drivers[:FIRST]),
        channels=_channels(reference, told),
        tier=said.tier if said else "",
        type=said.type if said else "",
        surplus_t=said.surplus_t if said else None,
        surplus_estimated=said.surplus_estimated if said else False,
        # what was observed is not likely, but so
        probability=said.probability if said and said.observed_level < event.level else None,
        false_alarm=event.kind == "resolved" and alert.false_alarm,
        before=sent_before(session, alert.id, event.sequence),
    )


def _channels(reference: Reference, told: ToldEvent) -> tuple[tuple[str, str], ...]:
    if told.judgement is None:
        return ()
    documents, day = told.judgement.channels[:FIRST], told.event.business_date
    zh, en = (channel_lines(documents, reference.catalog, day, Wording(lang)) for lang in ("zh", "en"))
    return tuple(
        (f"{one.name}（{one.clause}，{one.lead}牵头）", f"{two.name} ({two.clause}, {two.lead} leads)")
        for one, two in zip(zh, en, strict=True)
    )
