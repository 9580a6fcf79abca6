"""Subscriptions coming in and going out; a secret goes out once, when it is made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.instants import Instant
from api.schemas.basics import NEXT, PLAIN_TEXT, Name
from warning.store.outbox import Delivery
from warning.subscriptions.subscription import Subscription

Way = Literal["email", "webhook", "wecom", "dingtalk", "feishu"]
Clock = Annotated[str, Field(max_length=5, pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]
Words = Annotated[list[Name], Field(max_length=100)]


class RuleIn(BaseModel):
    """要哪些预警；不写即全部 · Which events; all where nothing is said."""

    model_config = ConfigDict(extra="forbid")

    products: Words = Field(default_factory=list, description="品种 · products, by id or name")
    groups: Words = Field(default_factory=list, description="品种类别 · groups of products")
    places: Words = Field(default_factory=list, description="乡镇或市场 · townships or markets, by id or name")
    place_kinds: list[Literal["district", "township", "market"]] = Field(
        default_factory=list, max_length=3, description="地点类别 · kinds of place"
    )
    level: Literal["blue", "yellow", "orange", "red"] = Field("blue", description="从哪一级起 · from this level on")
    tiers: list[Literal["T1", "T2", "T3"]] = Field(default_factory=list, max_length=3, description="证据层级 · tiers")
    kinds: list[Literal["raised", "escalated", "eased", "ended", "reopened", "resolved"]] = Field(
        default_factory=list, max_length=6, description="哪些事件 · kinds of event"
    )


class SubscriptionIn(BaseModel):
    """新的订阅 · A subscription to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="名称 · what it is for")
    way: Way = Field(description="方式 · how it goes")
    target: Annotated[str, Field(min_length=3, max_length=500, pattern=PLAIN_TEXT)] = Field(
        description="邮箱，或 http(s) 地址 · address of mail or of HTTP"
    )
    rule: RuleIn = Field(default_factory=RuleIn)
    secret: Annotated[str, Field(max_length=200, pattern=PLAIN_TEXT)] = Field(
        "", description="机器人的密钥；webhook 不写则生成 · of a robot; a webhook is given one"
    )
    digest_at: Clock = Field("", description="每日汇总时刻；空为即时 · once a day at HH:MM; blank: at once")
    quiet_from: Clock = Field("", description="免打扰起 · quiet hours begin")
    quiet_to: Clock = Field("", description="免打扰止 · and end")
    cool_hours: Annotated[int, Field(ge=0, le=336)] = Field(0, description="冷却小时，变重除外 · cool-down, hours")
    by: Name = Field(description="谁订的 · whose it is")


class SubscriptionItem(BaseModel):
    """订阅 · A subscription; its secret is not shown."""

    id: str
    name: str
    way: str
    target: str
    rule: dict[str, object]
    digest_at: str
    quiet_from: str
    quiet_to: str
    cool_hours: int
    active: bool
    why_not: str = Field(description="停用原因 · why it is not active")
    has_secret: bool
    created_at: Instant | None
    created_by: str


class SubscriptionMade(SubscriptionItem):
    """新订阅及其密钥 · A new subscription with its secret, shown this once."""

    secret: str


class SubscriptionList(BaseModel):
    """订阅列表 · Subscriptions, oldest first."""

    items: list[SubscriptionItem]


class DeliveryItem(BaseModel):
    """一次投递 · One try to deliver."""

    id: int
    message_id: str
    at: Instant
    events: int
    outcome: str = Field(description="sent 送达, retry 待重试, gone 对方不再接收, failed 放弃")
    status: int | None
    detail: str
    seconds: float


class DeliveryList(BaseModel):
    """投递记录 · Tries, newest first."""

    items: list[DeliveryItem]
    next: str | None = NEXT


def subscription_item(one: Subscription) -> SubscriptionItem:
    """A subscription going out."""
    return SubscriptionItem(**_fields(one))


def subscription_made(one: Subscription) -> SubscriptionMade:
    """A new one going out, with its secret."""
    return SubscriptionMade(**_fields(one), secret=one.secret)


def delivery_item(one: Delivery) -> DeliveryItem:
    """A line of the log going out."""
    return DeliveryItem(**{name: getattr(one, name) for name in DeliveryItem.model_fields})


def _fields(one: Subscription) -> dict[str, object]:
    from dataclasses import asdict

    plain = ("id", "name", "target", "digest_at", "quiet_from", "quiet_to", "cool_hours", "active", "why_not",
             "created_at", "created_by")  # fmt: skip
    return {name: getattr(one, name) for name in plain} | {
        "way": one.way.value, "rule": asdict(one.rule), "has_secret": bool(one.secret)
    }  # fmt: skip
