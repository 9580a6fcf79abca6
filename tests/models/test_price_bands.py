"""Price quantiles are learned in units of the series' own swing, from changes that were over, and never cross."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from market_panels import SMALL_PRICES, glut_weeks

from models.boosting import Member
from models.features.table import FeatureTable
from models.linear import Linear
from models.price_bands import (
    LEAST_SCALE,
    LINEAR_SHARE,
    MOST_SCALE,
    USUAL_SCALE,
    PriceBands,
    fit_levels,
    fit_price_line,
    scale_of,
)
from models.study import Study, study

NAN = np.nan


def table(**features: list[float]) -> FeatureTable:
    """Cells with the features that the scale is read from, unknown unless told."""
    count = len(next(iter(features.values())))
    held = {
        name: [NAN] * count for name in ("change_spread2", "change_spread4", "change_spread8", "swing26")
    } | features
    values = np.array(list(held.values()), dtype=np.float32).T
    return FeatureTable(tuple(held), values, np.arange(count), np.zeros(count, dtype=np.int64))


def constants(*values: float) -> tuple[Member, ...]:
    return tuple(Member(np.empty(0, dtype=np.int64), None, value) for value in values)


def level(value: float) -> Linear:
    """A line without slope."""
    nothing = np.empty(0)
    return Linear(np.empty(0, dtype=np.int64), nothing, nothing, nothing, nothing, value)


def learned(column: int, horizon: int) -> PriceBands:
    """One horizon learned from what the week of `column` knew."""
    return PriceBands(
        whole().table.names,
        {horizon: fit_levels(whole(), column, horizon, SMALL_PRICES)},
        {horizon: fit_price_line(whole(), column, horizon, SMALL_PRICES)},
    )


@functools.cache
def whole() -> Study:
    """The study of the whole panel."""
    return study(glut_weeks(), (0.8,))


def test_quantiles_that_were_learned_crossing_are_put_in_order():
    bands = PriceBands((), {4: constants(0.5, -0.25, 0.1)}, {4: level(0.1)})

    np.testing.assert_allclose(
        bands.changes(table(change_spread4=[0.2, 0.4]), 4), [[-0.05, 0.02, 0.1], [-0.1, 0.04, 0.2]]
    )


def test_the_line_moves_all_quantiles_part_of_the_way_from_the_median_to_its_own():
    bands = PriceBands((), {4: constants(-1.0, 0.0, 2.0)}, {4: level(-0.5)})
    moved = np.array([-1.0, 0.0, 2.0]) - 0.5 * LINEAR_SHARE

    np.testing.assert_allclose(bands.changes(table(change_spread4=[0.2, 0.4]), 4), [0.2 * moved, 0.4 * moved])


@pytest.mark.parametrize(("horizon", "span"), [(1, 2), (2, 2), (4, 4), (8, 8), (12, 8)])
def test_the_scale_is_the_series_own_swing_over_as_many_weeks(horizon, span):
    found = scale_of(table(**{f"change_spread{span}": [0.2]}), horizon)

    assert found == pytest.approx([0.2 * np.sqrt(horizon / span)])


def test_without_past_changes_the_scale_is_that_of_weekly_ones_and_without_any_a_usual_one():
    found = scale_of(table(swing26=[0.1, NAN]), 4)

    assert found == pytest.approx([0.2, USUAL_SCALE])


def test_the_scale_of_a_constant_or_wild_series_is_bounded():
    assert scale_of(table(change_spread4=[0.0, 50.0]), 4) == pytest.approx([LEAST_SCALE, MOST_SCALE])


def test_learned_quantiles_part_past_changes_in_their_shares():
    horizon, last = 4, glut_weeks().shape[1] - 1
    found = learned(last, horizon).changes(whole().table, horizon)
    after = np.minimum(whole().table.columns + horizon, last)
    logs = whole().state.log_price
    change = np.where(
        whole().table.columns + horizon <= last,
        logs[whole().table.rows, after] - logs[whole().table.rows, whole().table.columns],
        NAN,
    )
    known = ~np.isnan(change)

    assert (np.diff(found, axis=1) >= 0).all()
    for place, level in enumerate((0.1, 0.5, 0.9)):
        assert (change[known] <= found[known, place]).mean() == pytest.approx(level, abs=0.08)


@pytest.mark.parametrize("column", [0, 3])
def test_with_nothing_over_yet_every_quantile_is_a_number(column):
    found = learned(column, 8).changes(whole().table, 8)

    assert np.isfinite(found).all()
