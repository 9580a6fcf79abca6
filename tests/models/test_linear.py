"""A line learns what is straight, keeps within what it has seen, and says a constant where nothing is to be learned."""

from __future__ import annotations

import numpy as np
import pytest
from market_panels import glut_weeks, small_plan

from models.boosting import log_odds
from models.fitting import fit
from models.linear import fit_logistic, fit_ridge
from models.spell_risk import LINEAR_SHARE
from models.study import study

DRAW = np.random.default_rng(5)
VALUES = DRAW.normal(size=(4_000, 4)).astype(np.float32)
VALUES[:, 3] = 100 * VALUES[:, 2] + 7  # the same in another unit
OUTCOME = DRAW.random(4_000) < 1 / (1 + np.exp(1 - 2 * VALUES[:, 0] + VALUES[:, 1]))


def test_the_log_odds_are_those_of_the_line():
    line = fit_logistic(VALUES, OUTCOME)
    found = line.value(VALUES)

    assert np.corrcoef(found, 2 * VALUES[:, 0] - VALUES[:, 1])[0, 1] > 0.99
    assert (1 / (1 + np.exp(-found))).mean() == pytest.approx(OUTCOME.mean(), abs=0.01)


def test_a_row_alone_is_told_what_it_is_told_among_others():
    line = fit_logistic(VALUES, OUTCOME)

    np.testing.assert_array_equal(line.value(VALUES[17:18]), line.value(VALUES)[17:18])


def test_beyond_the_range_it_saw_and_where_nothing_is_known_it_stays_where_it_was():
    line = fit_logistic(VALUES, OUTCOME)
    at = line.columns.tolist().index(0)
    far, edge, unknown, usual = (VALUES[:1].copy() for _ in range(4))
    far[0, 0], edge[0, 0], unknown[0, 0], usual[0, 0] = 1e6, line.most[at], np.nan, line.usual[at]

    assert line.value(far) == pytest.approx(line.value(edge), abs=1e-6)
    assert line.value(unknown) == pytest.approx(line.value(usual), abs=1e-6)


def test_columns_that_say_nothing_change_no_bit():
    empty = np.full((len(VALUES), 1), np.nan, dtype=np.float32)
    padded = np.hstack([empty, VALUES, np.ones_like(empty)])

    np.testing.assert_array_equal(
        fit_logistic(padded, OUTCOME).value(padded), fit_logistic(VALUES, OUTCOME).value(VALUES)
    )


@pytest.mark.parametrize("happened", [False, True])
def test_what_never_or_always_happened_is_a_constant(happened):
    found = fit_logistic(VALUES[:50], np.full(50, happened)).value(VALUES)

    assert (found == found[0]).all()
    assert (found[0] > 1) == happened
    assert np.isfinite(fit_logistic(VALUES[:0], np.zeros(0, dtype=bool)).value(VALUES)).all()


def test_a_ridge_line_learns_a_number_and_listens_most_where_the_weight_is():
    target = np.where(VALUES[:, 1] > 0, 2.0, -2.0) * VALUES[:, 0] + 1.0
    above = fit_ridge(VALUES, target, np.where(VALUES[:, 1] > 0, 50.0, 1e-6)).value(VALUES)
    even = fit_ridge(VALUES, target, np.full(len(VALUES), 50.0)).value(VALUES)

    assert np.corrcoef(above, VALUES[:, 0])[0, 1] > 0.99
    assert above.mean() == pytest.approx(1.0, abs=0.1)
    assert even.std() < above.std() / 5


def test_a_ridge_line_of_nothing_is_the_mean_and_of_no_rows_zero():
    nothing = np.full((3, 2), np.nan, dtype=np.float32)

    assert fit_ridge(nothing, np.array([1.0, 2.0, 6.0]), np.array([1.0, 1.0, 2.0])).value(nothing) == pytest.approx(
        [3.75] * 3
    )
    assert fit_ridge(nothing[:0], np.empty(0), np.empty(0)).value(nothing) == pytest.approx([0.0] * 3)


def test_from_four_weeks_on_the_line_has_its_say():
    plan = small_plan(risk_weeks=(2, 4), price_weeks=(2,))
    prepared = study(glut_weeks(), plan.lines)
    ensembles = fit(prepared, glut_weeks().shape[1] - 1, plan).risk.ensembles
    values = prepared.lined.at(0.8)[-50:]
    trees = np.mean([log_odds(one, values) for one in ensembles[4].trees], axis=0)

    assert ensembles[2].linear is None
    assert ensembles[4].linear is not None
    mixed = (1 - LINEAR_SHARE) * trees + LINEAR_SHARE * ensembles[4].linear.value(values)
    np.testing.assert_allclose(ensembles[4].log_odds(values), mixed)
