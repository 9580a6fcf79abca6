"""The quota ledger: purchases that a unit reserves for a year (832 platform, unions), set, drawn and corrected."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, fields, replace

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from warning.absorption.problem import Quota
from warning.errors import Conflict, InvalidEntry
from warning.store.draws import Draw, QuotaAccount, draw_all, exact, hold_accounts
from warning.store.histories import hold_history
from warning.store.tables import QuotaEntryRow, QuotaRow, ResponseRow
from warning.store.units import unit_on

__all__ = ["QuotaAccount", "QuotaEntry", "cost_cny", "draw", "quota_accounts", "quota_entries", "quotas_left",
           "set_quota"]  # fmt: skip

OPEN = """
    insert into absorption_quota (unit_id, year, drawn_t, drawn_cny) values (:unit, :year, 0, 0)
    on conflict do nothing
    """


@dataclass(frozen=True, slots=True)
class QuotaEntry:
    """One line of the ledger: the amounts of a quota as set, or what was drawn or corrected."""

    unit_id: str
    year: int
    what: str
    """set, draw, correct."""
    tonnes: float | None
    cny: float | None
    at: dt.datetime
    by: str
    response_id: int | None


def set_quota(
    session: Session,
    unit_id: str,
    year: int,
    *,
    tonnes: float | None = None,
    cny: float | None = None,
    at: dt.datetime,
    by: str,
) -> None:
    """Set what a unit buys in a year; where it is set for the first time, the year's responses so far are drawn.

    NotFound where the register has no such unit; InvalidEntry for amounts that are none; Conflict where more is drawn
    already. What was set before stays in the ledger.
    """
    _refuse_faulty(unit_id, year, tonnes, cny)
    unit = unit_on(session, unit_id, at)
    with session.begin_nested():
        hold_history(session, ResponseRow)  # nobody records one while the account is opened
        first = not hold_accounts(session, {(unit_id, year)})
        session.execute(text(OPEN), {"unit": unit_id, "year": year})
        account = hold_accounts(session, {(unit_id, year)})[unit_id, year]
        amounts = {"tonnes": None if tonnes is None else exact(tonnes), "cny": None if cny is None else exact(cny)}
        _refuse_drawn(session, replace(account, tonnes=amounts["tonnes"], cny=amounts["cny"]))
        of_account = (QuotaRow.unit_id == unit_id, QuotaRow.year == year)
        session.execute(update(QuotaRow).where(*of_account).values(**amounts))
        session.add(QuotaEntryRow(unit_id=unit_id, year=year, what="set", at=at, by=by, response_id=None, **amounts))
        session.flush()
        if first:
            draw_all(session, _drawn_before(session, unit_id, year, unit.price_per_kg), at=at, by=by)


def draw(
    session: Session,
    unit_id: str,
    year: int,
    *,
    tonnes: float,
    cny: float | None,
    at: dt.datetime,
    by: str,
    response_id: int | None,
) -> None:
    """Draw on a unit's quota, or give back what is negative; a unit without an account for the year draws nothing.

    Conflict where it would be overdrawn; InvalidEntry where the quota counts money and `cny` is None.
    """
    what = "draw" if tonnes >= 0 and (cny or 0.0) >= 0 else "correct"
    draw_all(session, [Draw(unit_id, year, tonnes, cny, response_id, what)], at=at, by=by)


def quotas_left(session: Session, year: int) -> list[Quota]:
    """What is left of each unit's quota, by unit id."""
    return [Quota(one.unit_id, one.left_t, one.left_cny) for one in quota_accounts(session, year)]


def quota_accounts(session: Session, year: int) -> list[QuotaAccount]:
    """Each unit's account for a year with what is drawn and left, by unit id."""
    columns = (QuotaRow.unit_id, QuotaRow.year, QuotaRow.tonnes, QuotaRow.cny, QuotaRow.drawn_t, QuotaRow.drawn_cny)
    rows = session.execute(select(*columns).where(QuotaRow.year == year))
    found = [
        QuotaAccount(*row, left_t=_left(row.tonnes, row.drawn_t), left_cny=_left(row.cny, row.drawn_cny))
        for row in rows
    ]
    return sorted(found, key=lambda account: account.unit_id)


def quota_entries(session: Session, unit_id: str, year: int) -> list[QuotaEntry]:
    """The ledger of a unit's quota, oldest first; empty where it has none."""
    columns = [getattr(QuotaEntryRow, one.name) for one in fields(QuotaEntry)]
    rows = session.execute(
        select(*columns).where(QuotaEntryRow.unit_id == unit_id, QuotaEntryRow.year == year).order_by(QuotaEntryRow.id)
    )
    return [QuotaEntry(*row) for row in rows]


def cost_cny(tonnes: float, stated: float | None, own: float | None) -> float | None:
    """What tonnes cost at the stated price per kg, else at the unit's own; None where neither is known."""
    price = own if stated is None else stated
    if price is None:
        return None if tonnes else 0.0
    return tonnes * 1000 * price


def _drawn_before(session: Session, unit_id: str, year: int, own: float | None) -> list[Draw]:
    """What the responses of the year took before there was an account."""
    rows = session.execute(
        select(ResponseRow.id, ResponseRow.tonnes, ResponseRow.price_per_kg)
        .where(
            ResponseRow.unit_id == unit_id,
            ResponseRow.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            ResponseRow.superseded_at.is_(None),
        )
        .order_by(ResponseRow.day, ResponseRow.id)
    )
    return [Draw(unit_id, year, row.tonnes, cost_cny(row.tonnes, row.price_per_kg, own), row.id) for row in rows]


def _left(amount: float | None, drawn: float) -> float | None:
    return None if amount is None else max(0.0, exact(amount - drawn))


def _refuse_faulty(unit_id: str, year: int, tonnes: float | None, cny: float | None) -> None:
    told = [f"{amount} is no number from 0 up" for amount in (tonnes, cny)
            if amount is not None and not (math.isfinite(amount) and amount >= 0)]  # fmt: skip
    if tonnes is None and cny is None:
        told.append("neither tonnes nor CNY are stated")
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        told.append(f"there is no year {year}")
    if told:
        raise InvalidEntry(
            f"{unit_id}, {year}: {'; '.join(told)}", where="quota", todo="state what is bought in the year"
        )


def _refuse_drawn(session: Session, account: QuotaAccount) -> None:
    """Refuse amounts below what is drawn, and money where some was drawn without a price."""
    of = f"{account.unit_id}, {account.year}"
    for amount, drawn, measure in (
        (account.tonnes, account.drawn_t, "t"),
        (account.cny, account.drawn_cny, "CNY"),
    ):
        if amount is not None and amount < drawn:
            raise Conflict(
                f"{of}: {drawn:,.10g} {measure} are drawn already, more than {amount:,.10g}",
                where="quota",
                todo="set no less than is drawn, or correct the responses first",
            )
    entry = (QuotaEntryRow.unit_id == account.unit_id, QuotaEntryRow.year == account.year)
    unpriced = select(func.count()).where(*entry, QuotaEntryRow.what != "set", QuotaEntryRow.cny.is_(None))
    if account.cny is not None and session.scalar(unpriced):
        raise Conflict(
            f"{of}: something was drawn without a price, so money cannot be counted",
            where="quota",
            todo="record those responses again with their price, or count tonnes",
        )
