"""Absorption channels with their clause and departments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.instants import SHANGHAI, Day
from api.queries import Product
from api.schemas.catalog import ChannelList, channel_item
from api.schemas.levels import NUMBERS, LevelWord
from api.schemas.problem import UNCHANGED
from api.service import ServiceDep

router = APIRouter(prefix="/v1/channels", tags=["channels"])


class ChannelQuery(BaseModel):
    """Which channels to show, and on which day."""

    model_config = ConfigDict(extra="forbid")

    product: Product = None
    level: Annotated[LevelWord, Field(description="按何等级推荐，仅与 product= 同用 · level to advise for")] = "yellow"
    blocked: Annotated[bool, Field(description="物流受阻，仅与 product= 同用 · logistics are blocked")] = False
    on: Annotated[Day | None, Field(description="哪一天的部门名称；省略为今天 · day whose department names count")] = (
        None
    )


@router.get("", summary="消纳渠道 · Channels", responses=UNCHANGED)
def list_channels(service: ServiceDep, asked: Annotated[ChannelQuery, Query()]) -> ChannelList:
    """消纳渠道及其条款、牵头和配合单位、启动天数。

    The channels of the plan. With `product=`, those that suit its shelf life and properties, in order of use
    and each with its reason.
    Departments stand under the name they have on the day.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
    day = asked.on or service.clock().astimezone(SHANGHAI).date()
    if asked.product is None:
        channels = sorted(reference.catalog.channels.values(), key=lambda channel: channel.number)
        return ChannelList(items=[channel_item(channel, reference.catalog, day) for channel in channels], on=day)
    from warning.absorption.channels import suitable_channels

    product = reference.catalog.products[reference.product(asked.product)]
    advised = suitable_channels(
        product, day, reference.catalog, level=NUMBERS[asked.level], logistics_blocked=asked.blocked
    )
    items = [
        channel_item(reference.catalog.channels[advice.channel], reference.catalog, day, advice) for advice in advised
    ]
    return ChannelList(items=items, on=day)
