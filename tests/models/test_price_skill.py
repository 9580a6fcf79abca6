"""Price quantiles are judged beside the naive band, on the rows that both can speak of."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models.price_skill import price_skill
from warning.errors import InvalidPanel

NAN = float("nan")


def rows(*columns):
    return np.array(columns, dtype=float)


def simple(**changed):
    """Two rows: actual 10 and 20, our band 9 to 11 and 10 to 16, last price 8 and 20."""
    given = {
        "actual": rows(10, 20),
        "q10": rows(9, 10),
        "q50": rows(10, 15),
        "q90": rows(11, 16),
        "naive_q10": rows(7, 18),
        "naive_q90": rows(12, 22),
        "last_price": rows(8, 20),
        "last_year_change": rows(13, 19),
    }
    return price_skill(**(given | changed))


def test_two_rows_by_hand():
    found = simple()

    def loss(level, actual, quantile):
        miss = np.log(actual / quantile)
        return level * miss if miss > 0 else (level - 1) * miss

    ours = [loss(0.1, 10, 9), loss(0.1, 20, 10), loss(0.5, 10, 10), loss(0.5, 20, 15), loss(0.9, 10, 11)]
    naive = [loss(0.1, 10, 7), loss(0.1, 20, 18), loss(0.5, 10, 8), loss(0.5, 20, 20), loss(0.9, 10, 12)]
    assert found.rows == 2
    assert found.pinball == pytest.approx((sum(ours) + loss(0.9, 20, 16)) / 6)
    assert found.pinball_naive == pytest.approx((sum(naive) + loss(0.9, 20, 22)) / 6)
    assert found.wape == pytest.approx(5 / 30)
    assert found.wape_last_price == pytest.approx(2 / 30)
    assert found.wape_last_year_change == pytest.approx(4 / 30)
    assert found.coverage_80 == 0.5


def test_an_edge_covers():
    assert simple(q10=rows(10, 10), q90=rows(11, 20)).coverage_80 == 1.0


@pytest.mark.parametrize("name", ["actual", "last_price", "last_year_change", "naive_q10", "naive_q90"])
def test_a_row_counts_where_the_naive_forecasts_and_the_price_are_known(name):
    column = {"actual": 10, "last_price": 8, "last_year_change": 13, "naive_q10": 7, "naive_q90": 12}[name]

    found = simple(**{name: rows(column, NAN)})

    assert (found.rows, found.wape, found.wape_last_price) == (1, 0.0, pytest.approx(0.2))


def test_a_quantile_of_ours_that_is_missing_is_the_last_price():
    found = simple(q10=rows(9, NAN), q50=rows(10, NAN), q90=rows(11, NAN))

    assert (found.rows, found.wape, found.coverage_80) == (2, 0.0, 1.0)


@pytest.mark.parametrize("actual", [rows(NAN, NAN), None])
def test_without_a_row_nothing_is_told(actual):
    empty = {name: np.empty(0) for name in ("q10", "q50", "q90", "naive_q10", "naive_q90")}
    empty |= {"actual": np.empty(0), "last_price": np.empty(0), "last_year_change": np.empty(0)}
    document = (simple(**empty) if actual is None else simple(actual=actual)).to_document()

    assert json.dumps(document, allow_nan=False)
    assert document.pop("rows") == 0
    assert set(document.values()) == {None}


def test_what_is_no_price_is_refused():
    with pytest.raises(InvalidPanel, match=r"q10 has the price 0\.0 in row 1"):
        simple(q10=rows(9, 0))
    with pytest.raises(InvalidPanel, match="naive_q90 of shape"):
        simple(naive_q90=rows(12))
