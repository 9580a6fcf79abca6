"""Every forecast is made by a fit on what was known before it, and fits fall on fixed weeks of the calendar."""

from __future__ import annotations

import functools
import time
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_panels import SMALL_PRICES, SMALL_RISK, glut_panel, glut_weeks, small_plan, until
from threadpoolctl import threadpool_info, threadpool_limits

from models.conformal import correction
from models.corrections import HALF_LIFE_WEEKS, actual_changes, blocks, known_at, past_calibrations, past_changes
from models.fitting import fit, run_each
from models.market_weeks import WEEK_DAYS
from models.rolling import folds, review_folds, roll
from models.study import Study, study
from models.tidy_panel import weeks_of_panel

LAST = glut_weeks().shape[1] - 1
REFIT = 26
columns = st.integers(0, LAST)


@functools.cache
def whole() -> Study:
    """The study of the whole panel."""
    return study(glut_weeks(), small_plan(risk_weeks=(4,), price_weeks=(4,)).lines)


def spoken_by(first: int, last: int) -> dict[int, int]:
    """For each column that is spoken for: the last column that its fit knew."""
    return {
        column: fold.known
        for fold in folds(whole(), first, last, refit_weeks=REFIT)
        for column in range(fold.first, fold.last + 1)
    }


@settings(deadline=None)
@given(first=columns, last=columns)
def test_every_week_is_spoken_for_once_by_a_fit_that_knew_only_earlier_weeks(first, last):
    first, last = sorted((first, last))
    found = folds(whole(), first, last, refit_weeks=REFIT)

    assert [c for fold in found for c in range(fold.first, fold.last + 1)] == list(range(first, last + 1))
    assert all(fold.known < fold.first or fold.first == 0 == fold.known for fold in found)
    assert all(fold.known >= 0 for fold in found)


@settings(deadline=None)
@given(first=columns, last=columns, cut=columns)
def test_neither_the_end_nor_the_start_moves_a_fit(first, last, cut):
    first, cut, last = sorted((first, last, cut))
    long, ended, begun = spoken_by(first, last), spoken_by(first, cut), spoken_by(cut, last)

    assert ended.items() <= long.items()
    assert begun.items() <= long.items()


@settings(deadline=None)
@given(first=columns, last=columns)
def test_a_fit_is_never_older_than_the_weeks_between_refits(first, last):
    first, last = sorted((first, last))

    assert all(column - known <= REFIT for column, known in spoken_by(first, last).items())


@settings(deadline=None)
@given(first=columns, last=columns, warm_up=st.integers(0, 80))
def test_a_review_is_refitted_each_year_the_first_after_its_warm_up(first, last, warm_up):
    first, last = sorted((first, last))
    found = review_folds(first, last, warm_up=warm_up)

    begin = min(max(first - warm_up, 1), first)
    assert [c for fold in found for c in range(fold.first, fold.last + 1)] == list(range(begin, last + 1))
    assert all(fold.known < fold.first or fold.first == 0 == fold.known for fold in found)
    assert len(found) == -(-(last - first + 1) // 52)


@settings(deadline=None)
@given(first=columns, last=columns)
def test_four_weeks_part_the_weeks_and_know_only_what_came_before(first, last):
    first, last = sorted((first, last))
    found = list(blocks(whole(), first, last))

    assert [c for start, stop in found for c in range(start, stop + 1)] == list(range(first, last + 1))
    numbers = whole().weeks.sundays // WEEK_DAYS
    for start, stop in found:
        known = known_at(whole(), start)
        assert known < start
        assert known < 0 or numbers[known + 1] % 4 == 0
        assert stop - known <= 4


def test_forecasts_stand_in_the_cells_that_were_spoken_for_and_nowhere_else():
    plan = small_plan(risk_weeks=(4,), price_weeks=(4,))
    spoken = folds(whole(), LAST - 20, LAST - 3, refit_weeks=REFIT)
    *_, (_, rolled) = roll(whole(), spoken, plan, (0.8, 0.7))
    inside = (whole().table.columns >= LAST - 20) & (whole().table.columns <= LAST - 3)

    for line in (0.8, 0.7):
        np.testing.assert_array_equal(np.isfinite(rolled.log_odds[line, 4]), inside)
    np.testing.assert_array_equal(np.isfinite(rolled.changes[4]).all(axis=1), inside)
    assert (np.diff(rolled.changes[4][inside], axis=1) >= 0).all()


@pytest.mark.parametrize("column", [0, 60, 250])
def test_a_fit_is_the_same_whatever_came_after_what_it_knew(column):
    plan = small_plan(risk_weeks=(4,), price_weeks=(4,))
    sunday = str(whole().weeks.sundays[column].astype("datetime64[D]"))
    known = study(weeks_of_panel(until(glut_panel(), sunday)), plan.lines)
    assert known.weeks.shape[1] == column + 1
    cells = np.flatnonzero(whole().table.columns <= column)
    if column == 0:
        assert len(known.weeks.places) < len(whole().weeks.places)

    ours, later = fit(known, column, plan), fit(whole(), column, plan)

    values, some = known.lined.at(0.8), whole().lined.at(0.8, cells)
    assert len(values) == len(some)
    np.testing.assert_array_equal(ours.risk.log_odds(values, 4), later.risk.log_odds(some, 4))
    np.testing.assert_array_equal(
        ours.prices.changes(known.table, 4), later.prices.changes(whole().table.take(cells), 4)
    )


def test_fits_side_by_side_are_those_made_one_by_one():
    asked = {"risk_weeks": (2, 4), "price_weeks": (2, 4)}
    alone = fit(whole(), 250, small_plan(**asked))
    together = fit(whole(), 250, type(small_plan(**asked))(**asked, risk=SMALL_RISK, prices=SMALL_PRICES, at_once=2))
    values, table = whole().lined.at(0.8), whole().table

    for weeks in (2, 4):
        np.testing.assert_array_equal(alone.risk.log_odds(values, weeks), together.risk.log_odds(values, weeks))
        np.testing.assert_array_equal(alone.prices.changes(table, weeks), together.prices.changes(table, weeks))


def most_threads(looks: int) -> int:
    """The most threads that linear algebra may use while this looks so many times."""
    found = 0
    for _ in range(looks):
        found = max(found, *(held["num_threads"] for held in threadpool_info() if held["user_api"] == "blas"))
        time.sleep(0.002)
    return found


def test_a_task_that_ends_gives_no_threads_to_those_that_run_on():
    with threadpool_limits(limits=2, user_api="blas"):
        assert run_each([partial(most_threads, 10), partial(most_threads, 100)], 2) == [1, 1]


@pytest.mark.parametrize("column", [200, 300])
def test_calibration_and_correction_read_nothing_after_what_is_known(column):
    log_odds = np.where(whole().table.columns <= column, whole().table.of("anomaly") * -3 - 2, np.nan)
    changes = np.stack([log_odds * 0 + edge for edge in (-0.1, 0.0, 0.1)], axis=1)
    sunday = str(whole().weeks.sundays[column].astype("datetime64[D]"))
    known = study(weeks_of_panel(until(glut_panel(), sunday)), whole().lined.below)
    cells = whole().table.columns <= column

    ours = past_calibrations(known, {4: log_odds[cells]}, 0.8, column), past_changes(known, changes[cells], 4)
    later = past_calibrations(whole(), {4: log_odds}, 0.8, column), past_changes(whole(), changes, 4)

    assert ours[0] == later[0]
    assert ours[0][4].events > 0
    assert ours[1].correction(column) == later[1].correction(column)
    assert ours[1].correction(column).forecasts > 0


def test_each_horizon_is_calibrated_by_its_own_outcomes():
    odds = whole().table.of("anomaly") * -3.0 - 2
    alone = past_calibrations(whole(), {8: odds}, 0.8, LAST)
    both = past_calibrations(whole(), {2: odds, 8: odds}, 0.8, LAST)

    assert both[8] == alone[8]
    assert both[2].shift < both[8].shift


def test_a_price_error_weighs_half_after_a_year():
    odds = np.zeros(len(whole().table))
    changes = np.stack([odds + edge for edge in (-0.1, 0.0, 0.1)], axis=1)
    past = past_changes(whole(), changes, 4)
    year = int(HALF_LIFE_WEEKS)
    old = past.columns <= LAST - 4 - year
    assert old.any()
    weight = np.where(old, 0.5, 1.0) * 0.5 ** ((LAST - 4 - np.where(old, past.columns + year, past.columns)) / year)

    assert past.correction(LAST) == correction(past.actual, past.changes, past.scale, weight)


def test_nothing_known_corrects_nothing():
    empty = np.full(len(whole().table), np.nan)

    assert past_calibrations(whole(), {4: empty}, 0.8, -1)[4].events == 0
    assert past_changes(whole(), np.stack([empty] * 3, axis=1), 4).correction(LAST).forecasts == 0
    assert past_changes(whole(), np.stack([empty + 1] * 3, axis=1), 8).correction(3).forecasts == 0


def test_actual_changes_are_those_of_weeks_with_a_price():
    found = actual_changes(whole(), 4)
    rows, after = whole().table.rows, whole().table.columns + 4
    inside = after <= LAST

    assert np.isnan(found[~inside]).all()
    priced = whole().state.priced[rows[inside], after[inside]]
    np.testing.assert_array_equal(~np.isnan(found[inside]), priced)
