"""Drawing on quotas: any number of draws at once, all of them or none, and never more than is left.

Amounts are kept to the gram and to a millionth of a yuan, so that a tenth drawn three times is three tenths.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from warning.errors import Conflict, InvalidEntry
from warning.store.tables import QuotaEntryRow, QuotaRow
from warning.store.units import listed

DIGITS: Final = 6
Key = tuple[str, int]
"""Unit and year."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Tonnes and CNY to be drawn by one response; negative where a correction gives something back."""

    unit_id: str
    year: int
    tonnes: float
    cny: float | None
    """None where no price is known."""
    response_id: int | None
    what: str = "draw"
    """draw, correct."""


@dataclass(frozen=True, slots=True)
class QuotaAccount:
    """A unit's purchases reserved for a year; None where they are not counted so."""

    unit_id: str
    year: int
    tonnes: float | None
    cny: float | None
    drawn_t: float
    drawn_cny: float
    left_t: float | None = None
    left_cny: float | None = None


def draw_all(session: Session, draws: Iterable[Draw], *, at: dt.datetime, by: str) -> None:
    """Enter the draws of units that have an account for the year; together they must not exceed what is left.

    Conflict names each overdrawn unit with what is left and what was asked; InvalidEntry those whose quota counts
    money where no price is known; then nothing is written. The accounts stay locked until the transaction ends.
    """
    wanted = [one for one in draws if one.tonnes or one.cny]
    _refuse_endless(wanted)
    accounts = hold_accounts(session, {(one.unit_id, one.year) for one in wanted})
    counted: dict[Key, list[Draw]] = defaultdict(list)
    for one in wanted:
        if (one.unit_id, one.year) in accounts:
            counted[one.unit_id, one.year].append(one)
    _refuse_unpriced(counted, accounts)
    drawn = {key: _after(accounts[key], asked) for key, asked in counted.items()}
    _refuse_overdrawn(accounts, drawn)
    if drawn:
        session.execute(
            update(QuotaRow),
            [
                {"unit_id": unit_id, "year": year, "drawn_t": one.drawn_t, "drawn_cny": one.drawn_cny}
                for (unit_id, year), one in drawn.items()
            ],
        )
        session.execute(insert(QuotaEntryRow), [_entry(one, at, by) for asked in counted.values() for one in asked])


def hold_accounts(session: Session, keys: set[Key]) -> dict[Key, QuotaAccount]:
    """The accounts as they are now, locked in one order, so that two writers never wait crosswise."""
    columns = (QuotaRow.unit_id, QuotaRow.year, QuotaRow.tonnes, QuotaRow.cny, QuotaRow.drawn_t, QuotaRow.drawn_cny)
    rows = session.execute(
        select(*columns)
        .where(QuotaRow.unit_id.in_({unit for unit, _ in keys}), QuotaRow.year.in_({year for _, year in keys}))
        .order_by(QuotaRow.unit_id, QuotaRow.year)
        .with_for_update()
    )
    return {(row.unit_id, row.year): QuotaAccount(*row) for row in rows if (row.unit_id, row.year) in keys}


def exact(amount: float) -> float:
    """The amount as the ledger keeps it."""
    return round(amount, DIGITS) + 0.0  # no negative nought


def _after(account: QuotaAccount, asked: Sequence[Draw]) -> QuotaAccount:
    """The account with the draws counted, be it overdrawn."""
    return replace(
        account,
        drawn_t=exact(account.drawn_t + sum(exact(one.tonnes) for one in asked)),
        drawn_cny=exact(account.drawn_cny + sum(exact(one.cny or 0.0) for one in asked)),
    )


def _refuse_endless(draws: Sequence[Draw]) -> None:
    wrong = [one for one in draws if not (math.isfinite(one.tonnes) and math.isfinite(one.cny or 0.0))]
    if wrong:
        told = listed([f"{one.unit_id}: {one.tonnes} t, {one.cny} CNY" for one in wrong])
        raise InvalidEntry(f"no amounts to draw: {told}", where="quota", todo="give finite numbers")


def _refuse_unpriced(counted: Mapping[Key, Sequence[Draw]], accounts: Mapping[Key, QuotaAccount]) -> None:
    unpriced = sorted(
        {
            key[0]
            for key, asked in counted.items()
            if accounts[key].cny is not None and any(d.cny is None for d in asked)
        }
    )
    if unpriced:
        raise InvalidEntry(
            f"the quota is counted in CNY and no price is known: {listed(unpriced)}",
            where="price_per_kg",
            todo="state the price with the response, or the unit's own price in the register",
        )


def _refuse_overdrawn(before: Mapping[Key, QuotaAccount], after: Mapping[Key, QuotaAccount]) -> None:
    told = []
    for key, then in sorted(after.items()):
        now = before[key]
        told.extend(_overdrawn(then, now.drawn_t, then.drawn_t, now.tonnes, "t"))
        told.extend(_overdrawn(then, now.drawn_cny, then.drawn_cny, now.cny, "CNY"))
    if told:
        todo = "draw no more than is left, or raise the quota: nothing was written"
        raise Conflict(listed(told), where="quota", todo=todo)


def _overdrawn(account: QuotaAccount, drawn: float, then: float, most: float | None, measure: str) -> list[str]:
    """What is wrong with going from `drawn` to `then`, in words; giving back is always possible."""
    asked = exact(then - drawn)
    of = f"{account.unit_id}, {account.year}"
    if then < 0:
        return [f"{of}: {-asked:,.10g} {measure} cannot be given back, {drawn:,.10g} are drawn"]
    if most is None or asked <= 0 or then <= most:
        return []
    return [f"{of}: {max(0.0, exact(most - drawn)):,.10g} {measure} are left, {asked:,.10g} are asked"]


def _entry(one: Draw, at: dt.datetime, by: str) -> dict[str, object]:
    return {
        "unit_id": one.unit_id,
        "year": one.year,
        "what": one.what,
        "tonnes": exact(one.tonnes),
        "cny": None if one.cny is None else exact(one.cny),
        "at": at,
        "by": by,
        "response_id": one.response_id,
    }
