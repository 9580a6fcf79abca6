"""Subscriptions: who hears of which alerts, where and when, and what came of each delivery."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.directory import Reference
from api.queries import link_next
from api.schemas.basics import PLAIN_TEXT, Paging
from api.schemas.problem import UNCHANGED, problems
from api.schemas.subscriptions import (
    DeliveryList,
    RuleIn,
    SubscriptionIn,
    SubscriptionItem,
    SubscriptionList,
    SubscriptionMade,
    delivery_item,
    subscription_item,
    subscription_made,
)
from api.service import ServiceDep
from warning.errors import UnknownName
from warning.subscriptions.subscription import Rule

router = APIRouter(prefix="/v1/subscriptions", tags=["subscriptions"])
SubscriptionId = Annotated[str, Path(description="订阅编号 · subscription id", pattern=PLAIN_TEXT, max_length=64)]


@router.get("", summary="订阅 · Subscriptions", responses=UNCHANGED)
def list_subscriptions(service: ServiceDep) -> SubscriptionList:
    """全部订阅；密钥不显示。 · All of them; secrets are not shown."""
    from warning.store.subscriptions import subscriptions

    with service.store.session() as session:
        return SubscriptionList(items=[subscription_item(one) for one in subscriptions(session)])


@router.post("", status_code=201, summary="新订阅 · Subscribe", responses=problems(400, 413))
def subscribe(service: ServiceDep, asked: SubscriptionIn) -> SubscriptionMade:
    """新建一个订阅：从此刻起的事件按规则发送。

    Tells of what happens from now on. A webhook is given a secret of Standard Webhooks, shown in this answer alone.
    """
    from warning.store.subscriptions import add_subscription
    from warning.subscriptions.making import made

    with service.store.writing() as session:
        reference = service.directory.read(session)
        rule = _rule(asked.rule, reference)
        one = made(asked.name, asked.way, asked.target, rule, secret=asked.secret, digest_at=asked.digest_at,
                   quiet_from=asked.quiet_from, quiet_to=asked.quiet_to, cool_hours=asked.cool_hours)  # fmt: skip
        kept = add_subscription(session, one, at=service.clock(), by=asked.by)
    return subscription_made(kept)


@router.get("/{subscription_id}", summary="一个订阅 · One subscription", responses=UNCHANGED | problems(404))
def show(service: ServiceDep, subscription_id: SubscriptionId) -> SubscriptionItem:
    """规则、去处和状态。 · Its rule, where it goes, and whether it is active."""
    from warning.store.subscriptions import find_subscription

    with service.store.session() as session:
        return subscription_item(find_subscription(session, subscription_id))


@router.delete("/{subscription_id}", status_code=204, summary="退订 · Unsubscribe", responses=problems(404))
def unsubscribe(service: ServiceDep, subscription_id: SubscriptionId) -> Response:
    """退订，连同待发和记录。 · Lets it go with what waits and its log."""
    from warning.store.subscriptions import remove_subscription

    with service.store.writing() as session:
        remove_subscription(session, subscription_id)
    return Response(status_code=204)


@router.get("/{subscription_id}/deliveries", summary="投递记录 · Deliveries", responses=UNCHANGED | problems(404))
def deliveries(
    request: Request,
    response: Response,
    service: ServiceDep,
    subscription_id: SubscriptionId,
    asked: Annotated[Paging, Query()],
) -> DeliveryList:
    """每次投递的时间、结果和原因，新的在前。 · Every try with what came of it, newest first."""
    from warning.store.outbox import deliveries_of
    from warning.store.subscriptions import find_subscription

    with service.store.session() as session:
        find_subscription(session, subscription_id)
        page = deliveries_of(session, subscription_id, limit=asked.limit, cursor=asked.cursor)
    items = [delivery_item(one) for one in page.items]
    return DeliveryList(items=items, next=link_next(request, response, page.next))


def _rule(asked: RuleIn, reference: Reference) -> Rule:
    from warning.subscriptions.making import rule_of

    return rule_of(
        products=[reference.product(one) for one in asked.products],
        groups=asked.groups,
        known_groups={product.group for product in reference.catalog.products.values()},
        places=[_place(one, reference) for one in asked.places],
        place_kinds=asked.place_kinds,
        level=asked.level,
        tiers=asked.tiers,
        kinds=asked.kinds,
    )


def _place(word: str, reference: Reference) -> str:
    """A township, else a market; UnknownName where it is neither."""
    try:
        return reference.township(word)
    except UnknownName:
        return reference.market(word)
