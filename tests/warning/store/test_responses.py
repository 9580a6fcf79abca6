"""Responses: recorded once, corrected by versions, read as of any moment; quotas drawn by the difference or not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from warning.absorption.effect import Delivered
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.errors import Conflict, InvalidEntry
from warning.store.quotas import quota_accounts, quota_entries, set_quota
from warning.store.responses import Response, ResponseChanges, delivered, record_responses, responses_as_of
from warning.store.units import put_units, retire_unit

NOW = dt.datetime(2024, 11, 20, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.date(2024, 11, 18)
RESERVE = AbsorbingUnit("reserve", "832 预留", "budget-procurement", UnitKind.RESERVE, tonnes_per_day=5)
UNION = AbsorbingUnit("union", "总工会", "budget-procurement", UnitKind.UNION, tonnes_per_day=5, price_per_kg=2.0)
SCHOOL = AbsorbingUnit("school", "一小", "canteens", UnitKind.SCHOOL, diners=900)
TEN = Response("reserve", "cabbage", "500155102", "冬", DAY, 10.0)
ONE = Response("school", "cabbage", "500155104", "", DAY, 1.25, 1.8, "alert", "plan-20241115-00000000", "送到")


@pytest.fixture
def register(store):
    """A store with three units; 2024 has 15 t reserved at one and 100,000 CNY at another."""
    with store.writing() as session:
        put_units(session, [RESERVE, UNION, SCHOOL], at=NOW - 9 * HOUR, by="office")
        set_quota(session, "reserve", 2024, tonnes=15.0, at=NOW, by="office")
        set_quota(session, "union", 2024, cny=100_000.0, at=NOW, by="office")
    return store


def record(store, *responses, at=NOW, by="shop"):
    with store.writing() as session:
        return record_responses(session, responses, at=at, by=by)


def held(store, at=NOW + 99 * HOUR, **wanted):
    with store.session() as session:
        return [one.response for one in responses_as_of(session, at, **wanted)]


def account(store, unit="reserve", year=2024):
    with store.session() as session:
        return {one.unit_id: one for one in quota_accounts(session, year)}[unit]


def ledger(store, unit="reserve"):
    with store.session() as session:
        return [(one.what, one.tonnes, one.cny) for one in quota_entries(session, unit, 2024)]


def test_a_response_comes_back_as_it_was_recorded(register):
    assert record(register, TEN, ONE) == ResponseChanges(added=2)
    with register.session() as session:
        found = responses_as_of(session, NOW)
    assert [(one.response, one.recorded_at, one.by) for one in found] == [(TEN, NOW, "shop"), (ONE, NOW, "shop")]


def test_the_same_again_changes_nothing_and_draws_nothing(register):
    record(register, TEN, ONE)
    assert record(register, TEN, ONE, ONE, at=NOW + HOUR) == ResponseChanges(unchanged=3)
    assert ledger(register) == [("set", 15.0, None), ("draw", 10.0, None)]


def test_a_correction_gives_the_quota_back_and_keeps_what_was_said_before(register):
    record(register, TEN)
    four = dataclasses.replace(TEN, tonnes=4.0)
    assert record(register, four, at=NOW + HOUR) == ResponseChanges(changed=1)
    assert (held(register, NOW), held(register, NOW + HOUR)) == ([TEN], [four])
    assert held(register, NOW - HOUR) == []
    assert account(register).left_t == 11.0
    assert record(register, dataclasses.replace(TEN, tonnes=15.0), at=NOW + 2 * HOUR).changed == 1
    assert ledger(register)[1:] == [("draw", 10.0, None), ("correct", -6.0, None), ("correct", 11.0, None)]
    assert account(register).left_t == 0.0


def test_a_correction_of_the_note_alone_draws_nothing(register):
    record(register, TEN)
    assert record(register, dataclasses.replace(TEN, note="迟到"), at=NOW + HOUR).changed == 1
    assert len(ledger(register)) == 2
    assert [one.note for one in held(register)] == ["迟到"]


def test_an_overdrawn_response_writes_nothing(register):
    record(register, TEN)
    more = dataclasses.replace(TEN, lot="春", tonnes=5.5)
    with pytest.raises(Conflict, match=r"reserve, 2024: 5 t are left, 5\.5 are asked"):
        record(register, ONE, more, at=NOW + HOUR)
    assert held(register) == [TEN]
    assert len(ledger(register)) == 2
    # nor where the caller goes on in the same transaction
    with register.writing() as session:
        with pytest.raises(Conflict):
            record_responses(session, [ONE, more], at=NOW, by="shop")
        record_responses(session, [ONE], at=NOW, by="shop")
    assert held(register) == [TEN, ONE]


def test_what_a_correction_frees_can_be_drawn_in_the_same_call(register):
    record(register, TEN)
    moved = dataclasses.replace(TEN, township_id="500155104", tonnes=12.0)
    assert record(register, moved, dataclasses.replace(TEN, tonnes=1.0)) == ResponseChanges(added=1, changed=1)
    assert account(register).drawn_t == 13.0


def test_a_response_draws_the_quota_of_its_own_year(register):
    record(register, dataclasses.replace(TEN, day=dt.date(2023, 12, 31), tonnes=99.0))
    assert account(register).drawn_t == 0.0
    with register.writing() as session:
        set_quota(session, "reserve", 2025, tonnes=8.0, at=NOW, by="office")
    record(register, dataclasses.replace(TEN, day=dt.date(2025, 1, 1), tonnes=3.0))
    assert (account(register).drawn_t, account(register, year=2025).drawn_t) == (0.0, 3.0)


def test_money_is_drawn_at_the_stated_price_else_at_the_units_own(register):
    own = dataclasses.replace(TEN, unit_id="union", tonnes=10.0)
    stated = dataclasses.replace(own, lot="春", price_per_kg=3.0)
    record(register, own, stated)
    assert account(register, "union").left_cny == 50_000.0
    record(register, dataclasses.replace(stated, price_per_kg=1.0))
    assert account(register, "union").left_cny == 70_000.0
    with pytest.raises(Conflict, match="70,000 CNY are left, 70,002 are asked"):
        record(register, dataclasses.replace(own, day=DAY + dt.timedelta(days=1), tonnes=35.001))


def test_money_without_any_price_is_refused_and_says_so(register):
    with register.writing() as session:
        set_quota(session, "reserve", 2024, tonnes=15.0, cny=1e6, at=NOW, by="office")
    with pytest.raises(InvalidEntry, match="no price is known: reserve"):
        record(register, TEN, ONE)
    assert held(register) == []
    record(register, dataclasses.replace(TEN, price_per_kg=1.5))
    assert account(register).drawn_cny == 15_000.0
    assert record(register, dataclasses.replace(TEN, tonnes=0.0)).changed == 1  # nothing costs nothing
    assert (account(register).drawn_t, account(register).drawn_cny) == (0.0, 0.0)


def test_all_faulty_rows_are_listed_and_none_is_written(register):
    rows = [
        dataclasses.replace(TEN, unit_id="nobody"),
        ONE,
        dataclasses.replace(TEN, product_id="unicorn", township_id="999"),
        dataclasses.replace(TEN, tonnes=-1.0),
        dataclasses.replace(ONE, tonnes=2.0),
        dataclasses.replace(TEN, lot="a", tonnes=float("nan")),
        dataclasses.replace(TEN, lot="b", price_per_kg=float("inf")),
    ]
    with pytest.raises(InvalidEntry) as caught:
        record(register, *rows)
    for told in (
        "row 1 (nobody, 2024-11-18): there is no unit 'nobody'",
        "row 3 (reserve, 2024-11-18): there is no product 'unicorn', there is no township '999'",
        "row 4 (reserve, 2024-11-18): -1.0 t",
        "row 5 (school, 2024-11-18): it stands twice",
        "row 6 (reserve, 2024-11-18): nan t",
        "row 7 (reserve, 2024-11-18): inf CNY/kg",
    ):
        assert told in caught.value.what
    assert "row 2" not in caught.value.what
    assert held(register) == []


def test_the_past_of_a_retired_unit_can_be_corrected(register):
    record(register, ONE)
    with register.writing() as session:
        retire_unit(session, "school", at=NOW, by="office")
    assert record(register, dataclasses.replace(ONE, tonnes=1.0)).changed == 1


def test_responses_are_narrowed_and_in_order(register):
    later = dataclasses.replace(TEN, day=DAY + dt.timedelta(days=2), tonnes=2.0)
    leek = dataclasses.replace(ONE, product_id="garlic")
    nothing = dataclasses.replace(ONE, lot="none", tonnes=0.0)
    record(register, later, leek, nothing, ONE, TEN)
    assert held(register) == [TEN, ONE, nothing, leek, later]
    assert held(register, product_id="garlic") == [leek]
    assert held(register, township_id="500155102") == [TEN, later]
    assert held(register, unit_id="school", product_id="cabbage") == [ONE, nothing]
    assert (
        held(register, first=DAY + dt.timedelta(days=1)) == held(register, last=later.day, first=later.day) == [later]
    )
    with register.session() as session:
        assert delivered(responses_as_of(session, NOW, unit_id="school", last=DAY)) == [
            Delivered("school", "cabbage", "500155104", DAY, 1.25),
            Delivered("school", "garlic", "500155104", DAY, 1.25),
        ]


def test_two_who_record_at_once_never_overdraw(register):
    start = threading.Barrier(6)

    def attempt(number):
        start.wait()
        try:
            return record(register, dataclasses.replace(TEN, lot=str(number), tonnes=4.0)).added
        except Conflict:
            return 0

    with ThreadPoolExecutor(6) as pool:
        recorded = sum(pool.map(attempt, range(6)))
    assert recorded == len(held(register)) == 3
    assert account(register).drawn_t == 12.0


def test_the_same_response_sent_twice_at_once_is_recorded_once(register):
    start = threading.Barrier(4)

    def attempt(_):
        start.wait()
        return record(register, TEN)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(attempt, range(4)))
    assert sum(one.added for one in done) == 1
    assert sum(one.unchanged for one in done) == 3
    assert account(register).drawn_t == 10.0


def test_many_rows_are_recorded_and_drawn_together(register):
    with register.writing() as session:
        set_quota(session, "reserve", 2024, tonnes=1e6, at=NOW, by="office")
    rows = [dataclasses.replace(TEN, lot=str(number), tonnes=0.001 * number) for number in range(3000)]
    assert record(register, *rows).added == 3000
    assert account(register).drawn_t == 4498.5
    assert record(register, *rows[:2999], dataclasses.replace(rows[-1], tonnes=1.0)) == ResponseChanges(0, 1, 2999)
    assert account(register).drawn_t == 4496.501
