"""Trees learn what there is to learn, and where there is nothing they say a constant."""

from __future__ import annotations

import numpy as np
import pytest

from models.boosting import MOST_LOG_ODDS, Trees, fit_classifier, fit_quantile, log_odds, telling_columns, value

TREES = Trees(max_iter=20, learning_rate=0.2, max_leaf_nodes=6, min_samples_leaf=20, max_features=1.0, max_bins=16)
DRAW = np.random.default_rng(2)
VALUES = DRAW.normal(size=(2_000, 3)).astype(np.float32)
OUTCOME = DRAW.random(2_000) < 1 / (1 + np.exp(-2 * VALUES[:, 0]))
TARGET = VALUES[:, 1] + DRAW.normal(size=2_000)


def with_nothing(values: np.ndarray) -> np.ndarray:
    """The values between columns that are all unknown, all the same, and the same where known."""
    empty, same, sparse = (np.full((len(values), 1), fill, dtype=np.float32) for fill in (np.nan, 3.0, 1.0))
    sparse[::2] = np.nan
    return np.hstack([empty, values, same, sparse])


def test_columns_that_say_nothing_are_left_out():
    assert telling_columns(with_nothing(VALUES)).tolist() == [1, 2, 3]
    assert telling_columns(VALUES[:0]).tolist() == []
    assert telling_columns(VALUES[:1]).tolist() == []


def test_the_log_odds_follow_what_came_true():
    found = log_odds(fit_classifier(VALUES, OUTCOME, TREES, seed=0), VALUES)

    assert found[OUTCOME].mean() > found[~OUTCOME].mean() + 1
    assert np.corrcoef(found, VALUES[:, 0])[0, 1] > 0.9


def test_columns_that_say_nothing_change_no_bit():
    plain = fit_classifier(VALUES, OUTCOME, TREES, seed=0)
    padded = fit_classifier(with_nothing(VALUES), OUTCOME, TREES, seed=0)

    np.testing.assert_array_equal(log_odds(plain, VALUES), log_odds(padded, with_nothing(VALUES)))


def test_the_same_cells_and_seed_give_the_same_bits():
    first, second = (fit_classifier(VALUES, OUTCOME, TREES, seed=4) for _ in range(2))

    np.testing.assert_array_equal(log_odds(first, VALUES), log_odds(second, VALUES))


@pytest.mark.parametrize("happened", [False, True])
def test_what_never_or_always_happened_is_said_with_more_certainty_the_more_was_seen(happened):
    few, many = (
        log_odds(fit_classifier(VALUES[:count], np.full(count, happened), TREES, seed=0), VALUES)
        for count in (20, 2_000)
    )

    assert (few == few[0]).all()
    assert abs(many[0]) > abs(few[0]) > 1
    assert (few > 0).all() == happened


def test_cells_that_do_not_differ_give_the_share_that_came_true():
    same = np.ones((100, 3), dtype=np.float32)
    outcome = np.arange(100) < 20

    assert log_odds(fit_classifier(same, outcome, TREES, seed=0), same) == pytest.approx(np.log(0.2 / 0.8), abs=0.05)


def test_nothing_to_learn_from_still_gives_a_number():
    nothing = VALUES[:0]
    classifier = fit_classifier(nothing, OUTCOME[:0], TREES, seed=0)
    quantile = fit_quantile(nothing, TARGET[:0], 0.9, TREES, seed=0)

    assert np.isfinite(log_odds(classifier, VALUES)).all()
    assert np.isfinite(value(quantile, VALUES)).all()


def test_log_odds_stay_within_bounds_and_unknown_values_are_read():
    certain = Trees(max_iter=150, learning_rate=1.0, max_leaf_nodes=8, min_samples_leaf=5, l2_regularization=0.0)
    found = log_odds(fit_classifier(VALUES, VALUES[:, 0] > 0, certain, seed=0), VALUES)
    unknown = log_odds(fit_classifier(VALUES, OUTCOME, TREES, seed=0), np.full((3, 3), np.nan, dtype=np.float32))

    assert np.abs(found).max() <= MOST_LOG_ODDS
    assert np.isfinite(unknown).all()


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_a_quantile_leaves_its_share_below_and_follows_what_moves_it(level):
    found = value(fit_quantile(VALUES, TARGET, level, TREES, seed=0), VALUES)

    assert (found > TARGET).mean() == pytest.approx(level, abs=0.05)
    assert np.corrcoef(found, VALUES[:, 1])[0, 1] > 0.8


def test_too_few_cells_give_their_own_quantile():
    few = fit_quantile(VALUES[:39], TARGET[:39], 0.9, TREES, seed=0)

    assert value(few, VALUES[:5]) == pytest.approx(np.quantile(TARGET[:39], 0.9))


def test_no_cells_are_answered_with_none():
    """A half year in which no series has a price: a fold of the backtest has nobody to speak for."""
    risk = fit_classifier(VALUES, OUTCOME, TREES, seed=0)
    price = fit_quantile(VALUES, TARGET, 0.5, TREES, seed=0)

    assert log_odds(risk, VALUES[:0]).shape == value(price, VALUES[:0]).shape == (0,)
