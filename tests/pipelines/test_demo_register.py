"""The simulated district's register: every kind of unit, said to be simulated, where its goods can go."""

from __future__ import annotations

import datetime as dt

import pytest

from pipelines.demo.buyers import BUYERS
from pipelines.demo.register import KEY_TOWNSHIPS, absorbing_units, places, put_register
from warning.absorption.distance import road_km
from warning.absorption.units import HABITS, UnitKind, faults
from warning.reference import load_catalog
from warning.store.quotas import quota_accounts
from warning.store.units import units_as_of

CATALOG = load_catalog()
UNITS = absorbing_units(CATALOG)


def test_every_buyer_is_a_sound_unit_and_says_that_it_is_simulated():
    assert len(UNITS) == len(BUYERS)
    assert [list(faults(unit)) for unit in UNITS] == [[]] * len(UNITS)
    assert all(unit.simulated and unit.name.startswith("模拟") and "模拟" in unit.note for unit in UNITS)
    assert {unit.kind for unit in UNITS} == set(HABITS)
    assert {unit.channel for unit in UNITS} == set(CATALOG.channels)


def test_what_they_accept_is_in_the_catalog():
    groups = {product.group for product in CATALOG.products.values()}
    for unit in UNITS:
        assert {*unit.accepts, *unit.prefers} <= groups | set(CATALOG.products), unit.name


def test_schools_close_and_stores_keep():
    schools = [unit for unit in UNITS if unit.kind == UnitKind.SCHOOL]
    assert all(unit.closed_in_holidays and unit.closed_weekends and unit.diners for unit in schools)
    assert all(unit.storage_t for unit in UNITS if unit.kind == UnitKind.COLD_STORE)


def test_townships_lie_apart_within_a_district_and_four_are_key():
    found = places(CATALOG)
    assert set(found) == set(CATALOG.townships)
    spots = [(place.latitude, place.longitude) for place in found.values()]
    assert len(set(spots)) == len(spots)
    assert road_km(spots, spots).max() < 130
    assert {CATALOG.townships[one].name_zh for one, place in found.items() if place.key} == set(KEY_TOWNSHIPS)


@pytest.mark.parametrize("day", [dt.date(2026, 11, 1), dt.date(2026, 12, 30)])
def test_the_store_knows_it_from_the_first_day_with_the_quotas_of_the_years_ahead(store, day):
    line = put_register(store, CATALOG, day, since=day - dt.timedelta(days=30))
    assert "模拟" in line
    with store.session() as session:
        at = dt.datetime.combine(day - dt.timedelta(days=30), dt.time(), dt.UTC)
        assert len(units_as_of(session, at)) == len(UNITS)
        assert units_as_of(session, at - dt.timedelta(seconds=1)) == []
        for year in (2026, 2027):
            assert {one.unit_id for one in quota_accounts(session, year)} == {
                unit.id for unit in UNITS if unit.kind in (UnitKind.RESERVE, UnitKind.UNION)
            }
