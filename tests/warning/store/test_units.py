"""The register of units and the places of townships: every version kept, read as of any moment, faults named."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import func, select

from warning.absorption.distance import Place
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.errors import InvalidEntry, NotFound
from warning.store.tables import AbsorbingUnitRow, TownshipPlaceRow
from warning.store.township_places import places_as_of, put_places
from warning.store.units import UnitChanges, put_units, retire_unit, unit_on, unit_versions, units_as_of

NOON = dt.datetime(2024, 11, 15, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SCHOOL = AbsorbingUnit("school-1", "梁平中学", "canteens", UnitKind.SCHOOL, "500155001", diners=3200)
STORE = AbsorbingUnit(
    id="cold-1",
    name="双桂冷库",
    channel="cold-storage-outlets",
    kind=UnitKind.COLD_STORE,
    township_id="500155002",
    latitude=30.6745,
    longitude=107.8012,
    tonnes_per_day=0.1 + 0.2,
    grams_per_diner=None,
    closed_in_holidays=True,
    closed_weekends=True,
    lead_days=2,
    minimum_lot_t=0.05,
    price_per_kg=1.7,
    accepts=("citrus", "pomelo"),
    prefers=("pomelo",),
    storage_t=400.0,
    storage_days=90,
    loss_rate=0.02,
    contact="张三 023-0000",
    note="先预约",
    simulated=True,
)


def put(store, *units, at=NOON, by="office"):
    with store.writing() as session:
        return put_units(session, units, at=at, by=by)


def register(store, at=NOON):
    with store.session() as session:
        return units_as_of(session, at)


def count(store, table=AbsorbingUnitRow):
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_units_come_back_as_they_were_put_and_by_id(store):
    assert put(store, SCHOOL, STORE) == UnitChanges(added=("school-1", "cold-1"))
    assert register(store) == [STORE, SCHOOL]


def test_only_what_differs_makes_a_new_version(store):
    put(store, SCHOOL, STORE)
    more = dataclasses.replace(SCHOOL, diners=3300)
    shop = dataclasses.replace(STORE, id="cold-2")
    done = put(store, more, STORE, shop, at=NOON + HOUR)
    assert done == UnitChanges(added=("cold-2",), changed=("school-1",), unchanged=("cold-1",))
    assert count(store) == 4


def test_the_register_is_read_as_of_an_earlier_moment(store):
    put(store, SCHOOL, STORE)
    put(store, dataclasses.replace(SCHOOL, diners=0, tonnes_per_day=0.0), at=NOON + HOUR)
    with store.writing() as session:
        retire_unit(session, "cold-1", at=NOON + 2 * HOUR, by="office")
    assert register(store, NOON - HOUR) == []
    assert register(store, NOON + HOUR / 2) == [STORE, SCHOOL]
    assert [unit.diners for unit in register(store, NOON + HOUR)] == [0, 0]
    assert [unit.id for unit in register(store, NOON + 2 * HOUR)] == ["school-1"]


def test_a_retired_unit_is_gone_until_it_is_put_again(store):
    put(store, STORE)
    with store.writing() as session:
        retire_unit(session, "cold-1", at=NOON + HOUR, by="Li")
    with store.writing() as session, pytest.raises(NotFound, match="cold-1"):
        retire_unit(session, "cold-1", at=NOON + HOUR, by="Li")
    with store.session() as session:
        assert unit_on(session, "cold-1", NOON) == STORE
        with pytest.raises(NotFound, match="cold-1"):
            unit_on(session, "cold-1", NOON + HOUR)
    assert put(store, STORE, at=NOON + 3 * HOUR).added == ("cold-1",)
    with store.session() as session:
        assert unit_on(session, "cold-1", NOON + 3 * HOUR) == STORE
        found = [(one.known_from, one.by, one.retired) for one in unit_versions(session, "cold-1")]
    assert found == [(NOON, "office", False), (NOON + HOUR, "Li", True), (NOON + 3 * HOUR, "office", False)]


def test_a_clock_set_back_does_not_change_what_was_known(store):
    put(store, SCHOOL)
    put(store, dataclasses.replace(SCHOOL, diners=10), at=NOON - HOUR)
    assert register(store, NOON - HOUR) == []
    assert register(store, NOON)[0].diners == 10


def test_all_faulty_units_are_named_and_nothing_is_written(store):
    hungry = dataclasses.replace(SCHOOL, id="school-2", diners=0)
    endless = dataclasses.replace(STORE, id="cold-3", tonnes_per_day=float("inf"))
    nameless = dataclasses.replace(SCHOOL, id="school-9", name=" ")
    with pytest.raises(InvalidEntry) as caught:
        put(store, SCHOOL, hungry, endless, nameless, STORE, STORE)
    for told in ("school-2 tonnes_per_day", "cold-3 tonnes_per_day", "school-9", "cold-1 stands 2 times"):
        assert told in caught.value.what
    assert register(store) == []


def test_an_unknown_unit_is_not_found(store):
    with store.session() as session:
        for ask in (lambda: unit_versions(session, "nobody"), lambda: unit_on(session, "nobody", NOON)):
            with pytest.raises(NotFound, match="nobody"):
                ask()


def test_places_are_kept_with_their_versions(store):
    first = {"500155002": Place(30.6, 107.8, True), "500155001": Place()}
    with store.writing() as session:
        assert put_places(session, first, at=NOON, by="office") == 2
    with store.writing() as session:
        moved = {"500155001": Place(30.7, 107.7), "500155002": Place(30.6, 107.8, True)}
        assert put_places(session, moved, at=NOON + HOUR, by="office") == 1
    with store.session() as session:
        assert places_as_of(session, NOON - HOUR) == {}
        assert places_as_of(session, NOON) == first
        assert list(places_as_of(session, NOON)) == sorted(first)
        assert places_as_of(session, NOON + HOUR) == moved


@pytest.mark.parametrize("place", [Place(91.0, 107.8), Place(30.6, None), Place(30.6, 180.5), Place(float("nan"), 1.0)])
def test_a_faulty_place_is_named_and_none_is_written(store, place):
    with store.writing() as session, pytest.raises(InvalidEntry, match="500155003"):
        put_places(session, {"500155001": Place(30.6, 107.8), "500155003": place}, at=NOON, by="office")
    assert count(store, TownshipPlaceRow) == 0
