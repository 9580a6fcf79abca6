"""A series' own features, hand-worked: how far from its season, how fast, and where the season goes next."""

from __future__ import annotations

import numpy as np
import pytest

from models.features.at_line import LINE_NAMES, lined
from models.features.own_price import relative
from models.features.state import state_of
from models.features.table import feature_table
from models.market_weeks import MarketWeeks, SeriesPlace
from models.study import study

WEEKS = 240


def grid(*prices: np.ndarray, products: str = "aaaa") -> MarketWeeks:
    """Weekly prices as a grid, each of a market of its own."""
    price = np.array(prices)
    places = tuple(SeriesPlace(f"{n}", products[n], market=f"m{n}") for n in range(len(price)))
    sundays = 10_961 + 7 * np.arange(price.shape[1], dtype=np.int64)
    traded = ~np.isnan(price)
    return MarketWeeks(places, sundays, price, price, np.where(traded, 100.0, np.nan), np.where(traded, 5.0, 0.0))


def features(weeks: MarketWeeks, column: int = -1) -> dict[str, np.ndarray]:
    """The features of every series in one week."""
    rows = np.arange(weeks.shape[0])
    table = feature_table(state_of(weeks), rows, np.full(len(rows), np.arange(weeks.shape[1])[column]))
    return dict(zip(table.names, table.values.T, strict=True))


STILL = np.full(WEEKS, 10.0)
HALVED = np.where(np.arange(WEEKS) >= WEEKS - 3, 5.0, 10.0)
YEARLY = np.where(np.arange(WEEKS) % 52 < 26, 10.0, 20.0)


def test_a_price_at_half_its_season_has_an_anomaly_of_ln_a_half():
    found = features(grid(STILL, HALVED))

    assert found["anomaly"] == pytest.approx([0, np.log(0.5)], abs=1e-6)
    assert found["anomaly_lag2"] == pytest.approx([0, np.log(0.5)], abs=1e-6)
    assert found["anomaly_lag3"] == pytest.approx([0, 0], abs=1e-6)
    assert found["momentum2"] == pytest.approx([0, 0], abs=1e-6)
    assert found["momentum3"] == pytest.approx([0, np.log(0.5)], abs=1e-6)
    assert found["anomaly_least13"] == pytest.approx([0, np.log(0.5)], abs=1e-6)
    assert found["anomaly_mean4"] == pytest.approx([0, 0.75 * np.log(0.5)], abs=1e-6)


def test_the_season_ahead_is_seen_before_it_comes():
    column = 4 * 52 + 20  # six weeks before the season doubles
    found = features(grid(YEARLY), column)

    assert found["ahead1"] == pytest.approx([0], abs=1e-6)
    assert found["ahead8"] == pytest.approx([np.log(0.5)], abs=1e-6)
    assert found["ahead_least4"] == pytest.approx([0], abs=1e-6)
    assert found["ahead_least8"] == pytest.approx([np.log(0.5)], abs=1e-6)


def test_a_group_says_how_its_series_stand():
    found = features(grid(STILL, HALVED, products="aa"))

    assert found["product_anomaly"] == pytest.approx([np.log(0.5) / 2] * 2, abs=1e-6)
    assert found["product_low"].tolist() == [0.5, 0.5]


def test_other_products_of_the_market_do_not_say_what_the_series_says_itself():
    weeks = grid(STILL, HALVED, products="ab")
    here = tuple(SeriesPlace(p.key, p.product, market="here") for p in weeks.places)
    found = features(MarketWeeks(here, *(getattr(weeks, name) for name in MarketWeeks.__slots__[1:])))

    assert found["market_anomaly"] == pytest.approx([np.log(0.5), 0], abs=1e-6)


def test_an_unknown_price_has_no_anomaly_and_a_gap_of_two_weeks_is_bridged():
    gap = STILL.copy()
    gap[-4:] = np.nan
    weeks = grid(gap, STILL)

    assert features(weeks, -3)["anomaly"][0] == pytest.approx(0, abs=1e-6)
    assert np.isnan(features(weeks, -2)["momentum1"][0])


def test_against_a_line_anomalies_are_read_from_it_and_nothing_else_is_moved():
    prepared = study(grid(STILL, HALVED), (1.0, 0.8))
    at_one, at_line = prepared.lined.at(1.0), prepared.lined.at(0.8)
    names = prepared.lined.names
    moved = [n for n, one, line in zip(names, at_one.T, at_line.T, strict=True) if not np.array_equal(one, line, True)]

    assert set(moved) <= {name for name in names if relative(name)} | set(LINE_NAMES)
    place = names.index("anomaly")
    np.testing.assert_allclose(at_line[:, place], at_one[:, place] - np.log(0.8), rtol=1e-5, atol=1e-6)
    assert (at_line[:, names.index("line")] == np.float32(np.log(0.8))).all()


def test_weeks_since_and_share_of_low_weeks_count_those_below_the_line():
    prepared = study(grid(STILL, HALVED), (0.8, 0.4))
    cells = np.flatnonzero(prepared.table.columns == WEEKS - 1)
    names = prepared.lined.names
    deep, shallow = prepared.lined.at(0.4, cells), prepared.lined.at(0.8, cells)

    assert shallow[:, names.index("since_low")].tolist() == [150, 0]
    assert shallow[:, names.index("low_share26")] == pytest.approx([0, 3 / 26])
    assert deep[:, names.index("since_low")].tolist() == [150, 150]


def test_no_value_is_infinite_and_every_cell_has_a_price():
    draw = np.random.default_rng(0)
    wild = np.exp(draw.normal(0, 1, WEEKS))
    sparse = np.where(draw.random(WEEKS) < 0.8, np.nan, wild)
    prepared = study(grid(STILL, wild, sparse, np.where(np.arange(WEEKS) > 200, 1e6, 1e-6)), (0.8,))

    assert not np.isinf(prepared.table.values).any()
    assert np.isfinite(prepared.state.log_price[prepared.table.rows, prepared.table.columns]).all()


def test_lined_can_be_read_for_some_cells():
    prepared = study(grid(STILL, HALVED), (0.8,))
    again = lined(prepared.state, prepared.table, (0.8,))
    cells = np.array([3, 400, 7])

    np.testing.assert_array_equal(again.at(0.8, cells), prepared.lined.at(0.8)[cells])
