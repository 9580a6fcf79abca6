"""The register of absorbing units: who can take a surplus, edited here with every version kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.directory import Reference
from api.faults import Faults
from api.instants import Moment
from api.queries import Township, link_next
from api.schemas.basics import PLAIN_TEXT, Name, Paging
from api.schemas.problem import UNCHANGED, Responses, problems
from api.schemas.units import UnitHistory, UnitIn, UnitItem, UnitList, unit_item, version_item
from api.service import ServiceDep
from warning.absorption.units import AbsorbingUnit, UnitKind, faults
from warning.errors import UnknownName
from warning.store.paging import page_of
from warning.store.units import put_units, retire_unit, unit_on, unit_versions, units_as_of

router = APIRouter(prefix="/v1/units", tags=["units"])
UnitId = Annotated[
    str, Path(description="单位编号 · unit id", examples=["school-1"], pattern=PLAIN_TEXT, min_length=1, max_length=100)
]
KnownAt = Annotated[Moment | None, Field(description="当时已知；省略为现在 · as known then; now where left out")]
ADDED: Responses = {201: {"model": UnitItem, "description": "新登记 · added to the register"}}


class UnitQuery(Paging):
    """Which units to show, and as known when."""

    channel: Annotated[Name | None, Field(description="渠道：id、序号或名称 · channel")] = None
    township: Township = None
    kind: Annotated[UnitKind | None, Field(description="种类 · kind")] = None
    as_of: KnownAt = None


@router.get("", summary="消纳单位 · Units", responses=UNCHANGED)
def list_units(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[UnitQuery, Query()]
) -> UnitList:
    """名册中的消纳单位。

    The units of the register by id, as known at `as_of`; those taken out of it before are not shown.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
        channel = channel_id(reference, asked.channel) if asked.channel else None
        township = reference.township(asked.township) if asked.township else None
        units = units_as_of(session, asked.as_of or service.clock())
    wanted = {"channel": channel, "township_id": township, "kind": asked.kind}
    stated = {name: value for name, value in wanted.items() if value is not None}
    found = [unit for unit in units if all(getattr(unit, name) == value for name, value in stated.items())]
    scope = repr(("units", channel, township, asked.kind, asked.as_of))
    page = page_of(found, key=lambda unit: unit.id, scope=scope, limit=asked.limit, cursor=asked.cursor)
    items = [unit_item(unit, reference) for unit in page.items]
    return UnitList(items=items, next=link_next(request, response, page.next))


@router.get("/{unit_id}", summary="一个单位 · One unit", responses=UNCHANGED | problems(404))
def show_unit(service: ServiceDep, unit_id: UnitId, as_of: Annotated[KnownAt, Query()] = None) -> UnitItem:
    """名册中的一个消纳单位。 · One unit of the register, as known at `as_of`."""
    with service.store.session() as session:
        reference = service.directory.read(session)
        return unit_item(unit_on(session, unit_id, as_of or service.clock()), reference)


@router.put("/{unit_id}", summary="登记或更改 · Add or replace", responses=ADDED | problems(400, 413))
def put_unit(response: Response, service: ServiceDep, unit_id: UnitId, stated: UnitIn) -> UnitItem:
    """登记一个单位，或整体替换已有的。

    Adds the unit, or replaces it as a whole: what is left out is no longer stated. The version before is kept; saying
    the same again changes nothing.
    """
    with service.store.writing() as session:
        reference = service.directory.read(session)
        unit = _unit(unit_id, stated, reference)
        changes = put_units(session, [unit], at=service.clock(), by=stated.by)
    response.status_code = 201 if changes.added else 200
    return unit_item(unit, reference)


@router.delete("/{unit_id}", status_code=204, summary="注销 · Retire", responses=problems(404))
def retire(
    service: ServiceDep, unit_id: UnitId, by: Annotated[Name, Query(description="经办人 · who takes it out")]
) -> None:
    """把单位从名册中注销。

    From now on no plan counts on it; its versions, its ledger and what it took remain.
    """
    with service.store.writing() as session:
        retire_unit(session, unit_id, at=service.clock(), by=by)


@router.get("/{unit_id}/history", summary="历次改动 · History", responses=UNCHANGED | problems(404))
def history(service: ServiceDep, unit_id: UnitId) -> UnitHistory:
    """一个单位的历次改动，旧的在前。 · Every version of a unit with who entered it and when, oldest first."""
    with service.store.session() as session:
        reference = service.directory.read(session)
        versions = unit_versions(session, unit_id)
    return UnitHistory(items=[version_item(version, reference) for version in versions])


def channel_id(reference: Reference, text: str) -> str:
    """The id of a channel by id, number or name; UnknownName carries the ids."""
    channels = reference.catalog.channels
    for channel in channels.values():
        if text in (channel.id, str(channel.number), channel.name_zh, channel.name_en):
            return channel.id
    raise UnknownName(f"there is no channel “{text}”", where="channel", candidates=tuple(channels))


def _unit(unit_id: str, stated: UnitIn, reference: Reference) -> AbsorbingUnit:
    """The unit meant, under the catalog's ids; InvalidRequest names every faulty field."""
    body = Faults("body")

    def meant(field: str, resolve: Callable[[Reference, str], str], text: str) -> str:
        return body.meant(field, partial(resolve, reference), text) or ""

    plain = {one.name: getattr(stated, one.name) for one in fields(AbsorbingUnit) if one.name in UnitIn.model_fields}
    unit = AbsorbingUnit(id=unit_id, **plain)
    unit = replace(
        unit,
        channel=meant("channel", channel_id, stated.channel),
        township_id=meant("township", Reference.township, stated.township) if stated.township else "",
        accepts=tuple(meant(f"accepts.{at}", _goods, text) for at, text in enumerate(stated.accepts)),
        prefers=tuple(meant(f"prefers.{at}", _goods, text) for at, text in enumerate(stated.prefers)),
    )
    for field, zh, en in faults(unit):
        body.add(field, f"{zh} · {en}")
    if not unit.id.strip():
        body.elsewhere("path").add("unit_id", "编号为空 · the id is blank")
    body.refuse()
    return unit


def _goods(reference: Reference, text: str) -> str:
    """The group of that id, or the product meant."""
    groups = {product.group for product in reference.catalog.products.values()}
    return text if text in groups else reference.product(text)
