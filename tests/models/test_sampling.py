"""A cell is drawn or not by its series' key and its week alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_panels import glut_panel, glut_weeks, newcomers, until

from models.sampling import cell_words, drawn
from models.tidy_panel import weeks_of_panel

CUT = "2017-01-01"
WORDS = np.arange(20_000, dtype=np.uint64)


def by_cell(weeks, last: int) -> dict[tuple[str, int], int]:
    """The word of every cell up to a Sunday, by key and Sunday."""
    rows, columns = (places.ravel() for places in np.indices(weeks.shape))
    words = cell_words(weeks, rows, columns)
    cells = zip(rows, columns, words, strict=True)
    return {(weeks.places[r].key, int(weeks.sundays[c])): int(w) for r, c, w in cells if weeks.sundays[c] <= last}


def test_a_cells_word_does_not_depend_on_other_series_or_later_weeks():
    known = weeks_of_panel(until(glut_panel(), CUT))
    more = weeks_of_panel(pd.concat([newcomers(CUT), glut_panel()]))
    last = int(known.sundays[-1])
    early, late = by_cell(known, last), by_cell(more, last)

    assert len(early) == 12 * known.shape[1]
    assert early == {cell: word for cell, word in late.items() if cell in early}


def test_no_two_cells_share_a_word():
    words = by_cell(glut_weeks(), int(glut_weeks().sundays[-1]))

    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_share_drawn_is_the_share_asked_for(share):
    assert drawn(WORDS, share, draw=3).mean() == pytest.approx(share, abs=0.02)


@settings(deadline=None)
@given(low=st.floats(0, 1), high=st.floats(0, 1), draw=st.integers(0, 2**40))
def test_a_larger_share_draws_the_same_cells_and_more(low, high, draw):
    low, high = sorted((low, high))

    assert not (drawn(WORDS[:500], low, draw=draw) & ~drawn(WORDS[:500], high, draw=draw)).any()


def test_another_draw_draws_others_independently():
    one, two = drawn(WORDS, 0.5, draw=1), drawn(WORDS, 0.5, draw=2)

    assert (one & two).mean() == pytest.approx(0.25, abs=0.02)
