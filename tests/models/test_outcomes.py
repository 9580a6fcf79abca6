"""A week is told once its outcome is certain, and then it says what the judge says."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest
from market_panels import glut_panel, glut_weeks

from models.market_weeks import MarketWeeks, SeriesPlace
from models.outcomes import log_changes, spells_at

HORIZONS = (1, 2, 4, 8)
LINES = (0.9, 0.8, 0.7, 0.5)


def one_series(prices: list[float]) -> MarketWeeks:
    """Two years and more at 10, then the prices given, as a grid of one series."""
    price = np.array([[*[10.0] * 160, *prices]])
    sundays = 3 + 7 * np.arange(price.shape[1], dtype=np.int64)
    nothing = np.full(price.shape, np.nan)
    return MarketWeeks((SeriesPlace("a", "onion"),), sundays, price, price, nothing, np.ones(price.shape))


@pytest.fixture(scope="module")
def judge(shared_data):
    spec = importlib.util.spec_from_file_location("score_judge", shared_data.parent / "evaluation" / "score.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_spell_begins_in_the_first_of_two_weeks_below_the_line():
    spells = spells_at(one_series([10, 10, 7, 7, 7, 10]), 0.8)

    assert np.flatnonzero(spells.onset[0]).tolist() == [162]
    assert not spells.clear[0, 162:166].any()
    assert spells.clear[0, 158:162].all()


def test_a_single_week_below_the_line_or_a_shallow_fall_is_no_spell():
    assert not spells_at(one_series([10, 7, 10, 8.5, 8.5, 8.5]), 0.8).onset.any()
    assert spells_at(one_series([10, 7, 10, 8.5, 8.5, 8.5]), 0.9).onset.sum() == 0  # the dip was four weeks before
    assert spells_at(one_series([10] * 5 + [8.5, 8.5]), 0.9).onset.sum() == 1


def test_within_counts_the_weeks_ahead_and_not_the_week_itself():
    spells = spells_at(one_series([10] * 6 + [7, 7] + [10] * 6), 0.8)

    assert np.flatnonzero(spells.within(1)[0]).tolist() == [165]
    assert np.flatnonzero(spells.within(4)[0]).tolist() == [162, 163, 164, 165]


@pytest.mark.parametrize("horizon", HORIZONS)
def test_the_last_weeks_are_not_told_for_an_onset_shows_in_the_week_after_it(horizon):
    told = spells_at(one_series([10] * 20), 0.8).told(horizon)

    assert np.flatnonzero(told[0])[-1] == 180 - 1 - (horizon + 1)


@pytest.mark.parametrize("horizon", HORIZONS)
def test_what_is_told_does_not_change_when_more_is_known(horizon):
    weeks = glut_weeks()
    later = spells_at(weeks, 0.8)
    for column in (150, 200, 201, 260, 333):
        now = spells_at(weeks.until(column), 0.8)
        told = now.told(horizon)

        assert told.any()
        assert later.told(horizon)[:, : column + 1][told].all()
        np.testing.assert_array_equal(later.within(horizon)[:, : column + 1][told], now.within(horizon)[told])


@pytest.mark.parametrize("horizon", [1, 2, 8, 60])
@pytest.mark.parametrize("columns", [1, 2, 5])
def test_a_grid_of_few_weeks_tells_nothing(horizon, columns):
    spells = spells_at(glut_weeks().until(columns - 1), 0.8)

    assert not spells.told(horizon).any()
    assert not spells.within(horizon).any()


def test_nothing_is_told_of_weeks_without_an_anomaly():
    spells = spells_at(glut_weeks(), 0.8)

    assert not (spells.told(4) & ~spells.known).any()


@pytest.mark.shared
@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("horizon", HORIZONS)
def test_outcomes_are_the_judges(judge, line, horizon):
    panel, weeks = glut_panel(), glut_weeks()
    theirs = judge.onset_within(judge.weekly_outcomes(panel, line), horizon)
    rows = {f"{place.product}|{place.region}|{place.market}": row for row, place in enumerate(weeks.places)}
    row = theirs["key"].map(rows).to_numpy()
    sundays = (theirs["week"] - pd.Timestamp("1970-01-01")).dt.days.to_numpy()
    column = np.searchsorted(weeks.sundays, sundays)
    spells = spells_at(weeks, line)
    told, within = spells.told(horizon), spells.within(horizon)

    assert len(theirs) > 500
    assert told[row, column].all()
    np.testing.assert_array_equal(within[row, column], theirs["outcome"] == 1)
    # the judge leaves out the last weeks of a series that ends before the panel, and nothing else
    judged = np.zeros_like(told)
    judged[row, column] = True
    ends = weeks.shape[1] - 1 - np.argmax(~np.isnan(weeks.price[:, ::-1]), axis=1)
    assert (np.nonzero(told & ~judged)[1] >= ends[np.nonzero(told & ~judged)[0]] - horizon).all()


def test_changes_are_of_weeks_with_a_price_of_their_own():
    logs = np.array([[0.0, 1.0, 1.0, 3.0, 6.0]])
    priced = np.array([[True, True, False, True, True]])

    np.testing.assert_array_equal(log_changes(logs, priced, 2), [[np.nan, 2.0, 5.0, np.nan, np.nan]])
    assert np.isnan(log_changes(logs, priced, 5)).all()
    assert np.isnan(log_changes(logs, priced, 9)).all()
