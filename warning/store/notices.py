"""Stored events as notices: names, reasons and channels in both languages, and the messages before each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from warning.catalog import DISTRICT_ID, DISTRICT_NAMES, Catalog, PlaceKind
from warning.messages.notice import Notice, Pair
from warning.store.alert_messages import ToldEvent, sent_before

FIRST = 3
"""So many reasons and channels stand in a message; the alert's page has them all."""


def notices_of(session: Session, catalog: Catalog, told: Iterable[ToldEvent]) -> tuple[Notice, ...]:
    """The notices of events; `catalog` knows the markets that feeds registered, where their names are wanted."""
    return tuple(_notice(session, catalog, one) for one in told)


def _notice(session: Session, catalog: Catalog, told: ToldEvent) -> Notice:
    alert, event, said = told.alert, told.event, told.judgement
    product = catalog.products.get(alert.product_id)
    drivers = said.drivers if said else []
    return Notice(
        alert_id=alert.id,
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        level=event.level,
        product=(product.name_zh, product.name_en) if product else (alert.product_id, alert.product_id),
        place=_place(catalog, alert.place_kind, alert.place_id),
        geocode="" if alert.place_kind == PlaceKind.MARKET else alert.place_id,
        onset=alert.raised_at,
        simulated=alert.simulated,
        reason=(event.reason_zh, event.reason_en),
        why=tuple((str(one.get("text_zh", "")), str(one.get("text_en", ""))) for one in drivers[:FIRST]),
        channels=_channels(catalog, said.channels[:FIRST], event.business_date) if said else (),
        tier=said.tier if said else "",
        type=said.type if said else "",
        surplus_t=said.surplus_t if said else None,
        surplus_estimated=said.surplus_estimated if said else False,
        # what was observed is not likely, but so
        probability=said.probability if said and said.observed_level < event.level else None,
        false_alarm=event.kind == "resolved" and alert.false_alarm,
        before=sent_before(session, alert.id, event.sequence),
    )


def _place(catalog: Catalog, kind: str, place_id: str) -> Pair:
    if kind == PlaceKind.TOWNSHIP and place_id in catalog.townships:
        township = catalog.townships[place_id]
        return township.name_zh, township.name_en
    if kind == PlaceKind.MARKET and place_id in catalog.markets:
        market = catalog.markets[place_id]
        return market.name_zh or market.name, market.name
    return DISTRICT_NAMES if place_id == DISTRICT_ID else (place_id, place_id)


def _channels(catalog: Catalog, documents: Iterable[dict[str, Any]], day: dt.date) -> tuple[Pair, ...]:
    found = []
    for one in documents:
        channel = catalog.channels.get(str(one.get("channel", "")))
        if channel is not None:
            lead = catalog.department_on(channel.lead, day)
            found.append(
                (
                    f"{channel.name_zh}（{channel.clause}，{lead.name_zh}牵头）",
                    f"{channel.name_en} ({channel.clause}, {lead.name_en} leads)",
                )
            )
    return tuple(found)
