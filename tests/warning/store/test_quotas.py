"""The quota ledger: set, drawn, given back, never overdrawn by however many at once, and its whole history."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from warning.absorption.problem import Quota
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.errors import Conflict, InvalidEntry, NotFound
from warning.store.quotas import QuotaAccount, QuotaEntry, draw, quota_accounts, quota_entries, quotas_left, set_quota
from warning.store.responses import Response, record_responses
from warning.store.units import put_units

NOW = dt.datetime(2024, 11, 15, 4, tzinfo=dt.UTC)
RESERVE = AbsorbingUnit("reserve", "832 预留", "budget-procurement", UnitKind.RESERVE, tonnes_per_day=5)
UNION = AbsorbingUnit("union", "总工会", "budget-procurement", UnitKind.UNION, tonnes_per_day=5, price_per_kg=2.0)


@pytest.fixture
def ledger(store):
    """A store whose register has two units that reserve purchases."""
    with store.writing() as session:
        put_units(session, [RESERVE, UNION], at=NOW, by="office")
    return store


def put(store, unit="reserve", year=2024, **amounts):
    with store.writing() as session:
        set_quota(session, unit, year, at=NOW, by="office", **amounts)


def take(store, tonnes, cny=None, unit="reserve", year=2024):
    with store.writing() as session:
        draw(session, unit, year, tonnes=tonnes, cny=cny, at=NOW, by="shop", response_id=None)


def account(store, unit="reserve", year=2024):
    with store.session() as session:
        return {one.unit_id: one for one in quota_accounts(session, year)}.get(unit)


def entries(store, unit="reserve", year=2024):
    with store.session() as session:
        return quota_entries(session, unit, year)


def test_what_is_drawn_is_no_longer_left(ledger):
    put(ledger, tonnes=100.0, cny=90_000.0)
    put(ledger, "union", cny=500.0)
    take(ledger, 12.5, 30_000.0)
    assert account(ledger) == QuotaAccount("reserve", 2024, 100.0, 90_000.0, 12.5, 30_000.0, 87.5, 60_000.0)
    with ledger.session() as session:
        assert quotas_left(session, 2024) == [Quota("reserve", 87.5, 60_000.0), Quota("union", None, 500.0)]
        assert quotas_left(session, 2025) == []


@pytest.mark.parametrize(("tonnes", "cny", "left"), [(10.5, 10.0, "10 t are left, 10.5"), (1.0, 99.0, "50 CNY")])
def test_an_overdraft_is_refused_with_what_is_left(ledger, tonnes, cny, left):
    put(ledger, tonnes=30.0, cny=50.0)
    take(ledger, 20.0, 0.0)
    before = account(ledger), entries(ledger)
    with pytest.raises(Conflict, match="reserve, 2024: " + left):
        take(ledger, tonnes, cny)
    assert (account(ledger), entries(ledger)) == before


def test_all_that_is_left_can_be_drawn_in_tenths(ledger):
    put(ledger, tonnes=0.3)
    for _ in range(3):
        take(ledger, 0.1)
    assert account(ledger).left_t == 0.0
    with pytest.raises(Conflict):
        take(ledger, 0.000001)


def test_a_unit_without_an_account_draws_nothing(ledger):
    put(ledger, tonnes=1.0)
    take(ledger, 50.0, year=2025)
    take(ledger, 50.0, unit="union")
    assert account(ledger, "union") is None
    assert entries(ledger, year=2025) == []
    assert account(ledger).drawn_t == 0.0


def test_what_is_given_back_can_be_drawn_again_but_no_more_than_was_drawn(ledger):
    put(ledger, tonnes=10.0)
    take(ledger, 10.0)
    take(ledger, -4.0)
    assert account(ledger).left_t == 4.0
    with pytest.raises(Conflict, match="cannot be given back"):
        take(ledger, -6.5)
    take(ledger, 4.0)
    assert [one.what for one in entries(ledger)] == ["set", "draw", "correct", "draw"]


def test_the_ledger_keeps_every_amount_that_was_set(ledger):
    put(ledger, tonnes=10.0)
    take(ledger, 6.0, 1200.0)
    put(ledger, tonnes=8.0, cny=2000.0)
    assert entries(ledger) == [
        QuotaEntry("reserve", 2024, "set", 10.0, None, NOW, "office", None),
        QuotaEntry("reserve", 2024, "draw", 6.0, 1200.0, NOW, "shop", None),
        QuotaEntry("reserve", 2024, "set", 8.0, 2000.0, NOW, "office", None),
    ]
    assert account(ledger).left_cny == 800.0


def test_less_than_is_drawn_cannot_be_set(ledger):
    put(ledger, tonnes=10.0)
    take(ledger, 6.0)
    with pytest.raises(Conflict, match="6 t are drawn already, more than 5"):
        put(ledger, tonnes=5.0)
    with pytest.raises(Conflict, match="without a price"):
        put(ledger, tonnes=10.0, cny=99.0)
    assert (account(ledger).tonnes, len(entries(ledger))) == (10.0, 2)


def test_money_without_a_price_is_refused(ledger):
    put(ledger, cny=100.0)
    with pytest.raises(InvalidEntry, match="no price is known: reserve"):
        take(ledger, 1.0)


def test_a_quota_needs_a_unit_and_an_amount(ledger):
    with pytest.raises(NotFound, match="nobody"):
        put(ledger, "nobody", tonnes=1.0)
    for amounts in ({}, {"tonnes": -1.0}, {"cny": float("nan")}, {"tonnes": float("inf")}, {"tonnes": 1.0, "year": 0}):
        with pytest.raises(InvalidEntry, match="reserve"):
            put(ledger, **amounts)
    with pytest.raises(InvalidEntry, match="inf"):
        take(ledger, float("inf"))
    assert account(ledger) is None
    assert entries(ledger) == []


def test_an_account_opened_late_counts_the_responses_of_its_year(ledger):
    given = [
        Response("union", "cabbage", "", "", dt.date(2023, 12, 31), 7.0),
        Response("union", "cabbage", "", "", dt.date(2024, 1, 1), 2.0),
        Response("union", "cabbage", "", "", dt.date(2024, 12, 31), 1.5, price_per_kg=3.0),
    ]
    with ledger.writing() as session:
        record_responses(session, given, at=NOW, by="shop")
    with pytest.raises(Conflict, match=r"union, 2024: 3 t are left, 3\.5 are asked"):
        put(ledger, "union", tonnes=3.0)
    assert account(ledger, "union") is None
    assert entries(ledger, "union") == []
    put(ledger, "union", tonnes=9.0, cny=10_000.0)
    assert account(ledger, "union") == QuotaAccount("union", 2024, 9.0, 10_000.0, 3.5, 8_500.0, 5.5, 1_500.0)
    assert [one.response_id is not None for one in entries(ledger, "union")] == [False, True, True]


def test_two_who_draw_at_once_never_overdraw(ledger):
    put(ledger, tonnes=10.0)
    start = threading.Barrier(8)

    def attempt(_):
        start.wait()
        try:
            take(ledger, 3.0)
        except Conflict:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        drawn = sum(pool.map(attempt, range(8)))
    assert drawn == 3
    assert account(ledger).drawn_t == 9.0
    assert sum(one.tonnes for one in entries(ledger) if one.what == "draw") == 9.0


def test_the_second_waits_for_the_first_and_sees_what_it_drew(ledger):
    """The first holds the account when the second begins: it must not decide by what was left before."""
    put(ledger, tonnes=10.0)
    told = []

    def second():
        try:
            take(ledger, 6.0)
        except Conflict as error:
            told.append(error.what)

    with ledger.writing() as session:
        draw(session, "reserve", 2024, tonnes=6.0, cny=None, at=NOW, by="shop", response_id=None)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        assert not told
    thread.join()
    assert told == ["reserve, 2024: 4 t are left, 6 are asked"]


def test_one_unit_opened_by_two_at_once_has_one_account(ledger):
    start = threading.Barrier(2)

    def open_with(tonnes):
        start.wait()
        put(ledger, tonnes=tonnes)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(open_with, (5.0, 6.0)))
    assert account(ledger).tonnes == entries(ledger)[-1].tonnes
    assert sorted(one.tonnes for one in entries(ledger)) == [5.0, 6.0]
