"""What guidance reads from the store: reports, forecasts, volumes and units as of a business date."""

from __future__ import annotations

import datetime as dt

import growing
import numpy as np
import pytest

from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.errors import NotFound
from warning.reference import load_catalog
from warning.store.guiding import Wanted, guiding_facts, usual_market
from warning.store.units import put_units

CATALOG = load_catalog()


def read(store, **wanted):
    return guiding_facts(store, CATALOG, Wanted(**wanted), now=growing.NOW)


def only(store, **wanted):
    (found,) = read(store, **wanted).products
    return found


@pytest.fixture
def office(store):
    growing.judged(store)
    return store


def test_a_day_without_a_run_is_refused(store):
    with pytest.raises(NotFound, match="no daily run"):
        read(store)
    growing.judged(store)
    with pytest.raises(NotFound, match="2018-11-01"):
        read(store, day=dt.date(2018, 11, 1))


def test_nothing_reported_is_no_product_and_a_product_asked_for_has_no_grower(office):
    assert read(office).products == ()
    found = only(office, products=("cabbage",))
    assert (found.growers, found.harvests, found.forecast) == ((), (), None)


def test_stock_harvest_and_fees_of_a_report_make_a_grower(office):
    growing.report(
        office, **growing.STOCK, expected_harvest_t=70.0, harvest_from=growing.DAY - dt.timedelta(days=5),
        harvest_to=growing.DAY + dt.timedelta(days=14), collect_fee_per_kg=0.1, freight_per_kg=0.2,
    )  # fmt: skip
    (grower,) = only(office).growers
    assert (grower.township_id, grower.ready_t, grower.keeps_days) == (growing.PINGJIN, 60.0, 21)
    assert grower.harvest_t[:3] == pytest.approx((35, 35, 0)), "what is left to harvest, over the days left"
    assert grower.selling_cost_per_kg == pytest.approx(0.3)


def test_a_stock_that_keeps_no_day_is_expired_and_a_report_of_last_month_is_silent(office):
    growing.report(office, stock_t=8.0, shelf_life_days=0.0)
    growing.report(office, township=growing.LIRANG, day=growing.DAY - dt.timedelta(days=20), **growing.STOCK)
    (grower,) = only(office).growers
    assert (grower.township_id, grower.ready_t, grower.expired_t) == (growing.PINGJIN, 0.0, 8.0)


def test_what_became_known_after_the_run_is_not_read(office):
    growing.report(office, **growing.STOCK)
    growing.report(office, township=growing.LIRANG, day=growing.DAY + dt.timedelta(days=3), **growing.STOCK)
    assert [one.township_id for one in only(office).growers] == [growing.PINGJIN]


def test_the_forecast_is_of_whichever_speaks_and_counted_from_the_day(office):
    growing.report(office, **growing.STOCK)
    growing.forecast(office, 1.0, 1.2, 1.4, issued=growing.DAY - dt.timedelta(days=7))
    found = only(office)
    assert (found.market_id, found.issue_day) == (growing.MARKET, dt.date(2018, 11, 25))
    assert [(one.horizon_days, one.middle) for one in found.forecast.quantiles] == [(7, 1.2), (14, 1.4)]


def test_a_baseline_that_speaks_is_taken_instead(office):
    growing.forecast(office, 1.0, 1.2, speaks="baseline")
    assert [one.middle for one in only(office, products=("cabbage",)).forecast.quantiles] == pytest.approx([2.0, 2.4])


def test_a_forecast_of_two_weeks_ago_or_of_a_later_day_is_none(office):
    growing.forecast(office, 1.0, 1.2, 1.4, issued=growing.DAY - dt.timedelta(days=14))
    growing.forecast(office, 1.0, 1.2, 1.4, issued=growing.DAY + dt.timedelta(days=7))
    assert only(office, products=("cabbage",)).forecast is None


def test_the_usual_market_is_the_outlets_volume_with_the_growers_as_a_part_of_it(office):
    growing.report(office, **growing.STOCK)
    growing.volumes(office, 50.0)
    market = only(office).market
    assert (market.usual_t, market.others_t, market.capacity_t) == (350.0, (336.0,), 350.0)


def test_without_volumes_the_growers_outflow_is_all_that_is_known_of_the_market(office):
    growing.report(office, **growing.STOCK)
    market = only(office).market
    assert (market.usual_t, market.others_t, market.capacity_t) == (14.0, (), None)
    assert usual_market(None, None, 0.0).usual_t is None


def test_the_same_weeks_of_last_year_tell_of_a_season_to_come():
    weekly = np.array([*[400.0] * 12, *[500.0], *[10.0] * 39])
    market = usual_market(100.0, weekly, 0.0)
    assert (market.usual_t, market.others_t, market.capacity_t) == (400.0, (300.0,), 500.0)


def test_stores_of_the_register_are_room_besides_the_growers_own(office):
    cold = AbsorbingUnit("cold", "冷库", "cold-storage-outlets", UnitKind.COLD_STORE, tonnes_per_day=5, storage_t=40.0)
    with office.writing() as session:
        put_units(session, [cold], at=growing.NOW - dt.timedelta(days=1), by="office")
    growing.report(office, **growing.STOCK, planned_storage_t=10.0)
    assert only(office).market.storage_t == 110.0


def test_all_townships_are_reckoned_with_where_one_is_asked_for(office):
    growing.report(office, **growing.STOCK)
    growing.report(office, township=growing.LIRANG, **growing.STOCK)
    facts = read(office, townships=(growing.LIRANG,))
    assert len(facts.products[0].growers) == 2
    assert facts.asked_townships == (growing.LIRANG,)


def test_harvests_to_come_are_read_with_their_area(office):
    growing.report(office, lot="2019春甘蓝", **growing.COMING)
    (lot,) = only(office).harvests
    assert (lot.tonnes, lot.usual_t, lot.basis, lot.begun) == (360.0, pytest.approx(300.0), "harvest", False)
    assert read(office).reported == ("cabbage",)
