"""Features of a week are the same to the last bit whatever comes after it: later rows, and series that begin later."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from market_panels import glut_panel, newcomers, until

from models.features import ties
from models.study import Study, study
from models.tidy_panel import weeks_of_panel

LINES = (0.9, 0.8, 0.5)
CUTS = ("2013-06-30", "2015-03-22", "2016-10-09", "2018-06-24")  # Sundays, in the middle and at the edge of half years


@functools.cache
def whole() -> Study:
    """The study of the whole panel."""
    return study(weeks_of_panel(glut_panel()), LINES)


def assert_the_same_up_to(known: Study, more: Study) -> None:
    """Every cell of `known` stands in `more`, in the same order, with the same bits."""
    last = known.weeks.sundays[-1]
    keys = {place.key for place in known.weeks.places}
    rows, columns = more.table.rows, more.table.columns
    ours = np.array([place.key in keys for place in more.weeks.places])
    cells = np.flatnonzero(ours[rows] & (more.weeks.sundays[columns] <= last))

    assert [known.weeks.places[row].key for row in known.table.rows] == [
        more.weeks.places[row].key for row in rows[cells]
    ]
    np.testing.assert_array_equal(known.table.columns, columns[cells])
    assert known.table.names == more.table.names
    same = more.table.take(cells)
    assert [n for n in same.names if not np.array_equal(known.table.of(n), same.of(n), equal_nan=True)] == []
    for line in LINES:
        np.testing.assert_array_equal(known.lined.at(line), more.lined.at(line, cells))
    np.testing.assert_array_equal(known.words, more.words[cells])


@pytest.mark.parametrize("cut", CUTS)
def test_later_rows_change_no_bit(cut):
    known = study(weeks_of_panel(until(glut_panel(), cut)), LINES)

    assert str(known.weeks.sundays[-1].astype("datetime64[D]")) == cut
    assert_the_same_up_to(known, whole())


@pytest.mark.parametrize("cut", CUTS[1:])
def test_series_that_begin_later_change_no_bit(cut):
    known = study(weeks_of_panel(until(glut_panel(), cut)), LINES)
    more = study(weeks_of_panel(pd.concat([newcomers(cut), glut_panel()])), LINES)

    assert more.weeks.places[0].product == "crop00"  # every series has another number
    assert_the_same_up_to(known, more)


def test_series_that_begin_later_do_not_part_those_that_are_correlated_together(monkeypatch):
    monkeypatch.setattr(ties, "MOST_TOGETHER", 4)
    cut = "2016-10-09"
    known = study(weeks_of_panel(until(glut_panel(), cut)), LINES)
    more = study(weeks_of_panel(pd.concat([newcomers(cut), glut_panel()])), LINES)

    assert_the_same_up_to(known, more)


def test_a_week_without_a_price_later_on_changes_no_bit():
    cut = "2016-10-09"
    panel = glut_panel()
    thinned = panel[(panel["date"] <= cut) | (panel["date"] > "2017-03-01")]

    assert_the_same_up_to(
        study(weeks_of_panel(until(panel, cut)), LINES),
        study(weeks_of_panel(thinned.sample(frac=1, random_state=1)), LINES),
    )


@pytest.mark.parametrize("cut", CUTS[1:])
def test_what_lies_ahead_by_the_reference_is_known(cut):
    """The season's course is read ahead of time: of the features it alone may be, for it is a year old."""
    known = study(weeks_of_panel(until(glut_panel(), cut)), LINES)
    now = known.table.take(known.table.columns == known.weeks.shape[1] - 1)

    assert np.isfinite(now.of("ahead12")).any()
