"""What townships report to market, by season and year: each lot once, with the last that was said of it."""

from __future__ import annotations

import datetime as dt

import growing
import pytest

from warning.absorption.problem import Output
from warning.store.outputs import reported_outputs

DAY = growing.DAY


def told(store, **more):
    with store.session() as session:
        return reported_outputs(session, ("cabbage",), as_of=growing.NOW, day=DAY, **more)


def lot(store, name, tonnes, begin, **more):
    growing.report(store, lot=name, marketable_t=tonnes, harvest_from=DAY + dt.timedelta(days=begin), **more)


def test_a_lot_counts_once_with_its_last_report(store):
    lot(store, "2018冬", 100.0, -30, day=DAY - dt.timedelta(days=7))
    lot(store, "2018冬", 80.0, -25)
    assert told(store) == (Output("cabbage", season_t=80.0, year_t=80.0),)


def test_lots_of_other_seasons_count_for_the_year_and_of_other_years_for_those(store):
    lot(store, "2018冬", 80.0, -30)
    lot(store, "2018秋", 50.0, -120, day=DAY - dt.timedelta(days=60))
    lot(store, "2017冬", 70.0, -395, day=DAY - dt.timedelta(days=300))
    lot(store, "2016冬", 60.0, -760, day=DAY - dt.timedelta(days=700))
    (found,) = told(store)
    assert (found.season_t, found.year_t, found.past_years_t) == (80.0, 130.0, (70.0, 60.0))


def test_last_years_lot_of_a_crop_that_is_planted_is_not_counted_twice(store):
    lot(store, "2019春", 90.0, 60)
    lot(store, "2018春", 85.0, -305, day=DAY - dt.timedelta(days=200))
    (found,) = told(store)
    assert (found.year_t, found.past_years_t) == (90.0, (85.0,))


def test_townships_narrow_and_silence_is_no_output(store):
    lot(store, "冬", 80.0, -30)
    lot(store, "冬", 40.0, -30, township=growing.LIRANG)
    assert told(store, townships=(growing.LIRANG,))[0].year_t == pytest.approx(40.0)
    assert told(store, townships=("500155001",)) == ()
