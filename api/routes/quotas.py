"""Quotas: what units reserve for a year (832 platform, unions), what is drawn and left, and the ledger of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.instants import SHANGHAI
from api.queries import link_next
from api.routes.units import UnitId
from api.schemas.basics import Paging
from api.schemas.problem import UNCHANGED, problems
from api.schemas.quotas import QuotaEntryList, QuotaIn, QuotaItem, QuotaList, entry_item, quota_item
from api.service import ServiceDep
from warning.errors import NotFound
from warning.store.engine import Session
from warning.store.paging import page_of
from warning.store.units import unit_names, unit_versions

FIRST_YEAR, LAST_YEAR = 2000, 2200
router = APIRouter(prefix="/v1/quotas", tags=["quotas"])
of_unit = APIRouter(prefix="/v1/units", tags=["quotas"])
Year = Annotated[int, Path(description="年度 · year", ge=FIRST_YEAR, le=LAST_YEAR, examples=[2024])]


class QuotaQuery(Paging):
    """Of which year to show the accounts."""

    year: Annotated[
        int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="年度；省略为今年 · year; this one where left out")
    ] = None


@router.get("", summary="预留额度 · Quotas", responses=UNCHANGED)
def list_quotas(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[QuotaQuery, Query()]
) -> QuotaList:
    """一年中各单位的预留采购：设定、已用、剩余。

    The account of each unit that reserves purchases for the year: what it set, what responses drew, what is left.
    """
    from warning.store.quotas import quota_accounts

    year = asked.year or service.clock().astimezone(SHANGHAI).year
    with service.store.session() as session:
        accounts = quota_accounts(session, year)
        names = unit_names(session)
    scope = repr(("quotas", year))
    page = page_of(accounts, key=lambda one: one.unit_id, scope=scope, limit=asked.limit, cursor=asked.cursor)
    items = [quota_item(account, names.get(account.unit_id, account.unit_id)) for account in page.items]
    return QuotaList(items=items, year=year, next=link_next(request, response, page.next))


@of_unit.get("/{unit_id}/quotas/{year}", summary="一个单位的额度 · One account", responses=UNCHANGED | problems(404))
def show_quota(service: ServiceDep, unit_id: UnitId, year: Year) -> QuotaItem:
    """一个单位一年的预留采购：设定、已用、剩余。 · A unit's account for a year; 404 where it reserves nothing in it."""
    with service.store.session() as session:
        return _account(session, unit_id, year)


@of_unit.put("/{unit_id}/quotas/{year}", summary="设定额度 · Set a quota", responses=problems(400, 404, 409, 413))
def put_quota(service: ServiceDep, unit_id: UnitId, year: Year, stated: QuotaIn) -> QuotaItem:
    """设定一个单位一年的预留采购。

    Sets what the unit buys in the year, in tonnes, money or both; what was set before stays in the ledger. Set for the
    first time, what it took in the year so far is drawn at once. 409 where more is drawn already.
    """
    from warning.store.quotas import set_quota

    with service.store.writing() as session:
        set_quota(session, unit_id, year, tonnes=stated.tonnes, cny=stated.cny, at=service.clock(), by=stated.by)
        return _account(session, unit_id, year)


@of_unit.get("/{unit_id}/quotas/{year}/entries", summary="额度台账 · Ledger", responses=UNCHANGED | problems(404))
def list_entries(service: ServiceDep, unit_id: UnitId, year: Year) -> QuotaEntryList:
    """一个单位一年的台账：设定、使用、更正，只增不改。

    Every amount set, drawn and corrected with who did it and when, oldest first; empty where nothing was reserved.
    """
    from warning.store.quotas import quota_entries

    with service.store.session() as session:
        unit_versions(session, unit_id)  # 404 where there never was such a unit
        entries = quota_entries(session, unit_id, year)
    return QuotaEntryList(unit=unit_id, year=year, items=[entry_item(entry) for entry in entries])


def _account(session: Session, unit_id: str, year: int) -> QuotaItem:
    """The unit's account with its last name; NotFound without such a unit or account."""
    from warning.store.quotas import quota_accounts

    name = unit_versions(session, unit_id)[-1].unit.name
    for account in quota_accounts(session, year):
        if account.unit_id == unit_id:
            return quota_item(account, name)
    raise NotFound(
        f"{unit_id} reserves nothing in {year}", where="year", todo=f"set it with PUT /v1/units/{unit_id}/quotas/{year}"
    )
