"""A warning is worth 1 where it is perfect, 0 where the base rate says as much, and less where it misleads."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.economic_value import RATIOS, economic_value
from warning.errors import InvalidPanel

NAN = float("nan")


def test_the_ratios_run_from_a_twentieth_to_nineteen():
    assert len(RATIOS) == 19
    assert (RATIOS[0], RATIOS[2], RATIOS[-1]) == (0.05, 0.15, 0.95)


def test_ten_rows_by_hand():
    outcome = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], dtype=bool)
    probability = np.array([0.9, 0.3, 0.6, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])

    found = economic_value(outcome, probability, is_probability=True, ratios=(0.25, 0.5))

    # at 0.25 three are alarmed: 0.075; the base never acts, 0.2; perfect 0.05
    # at 0.5 two are alarmed and one is missed: 0.2, as the base; the line 0.9 gives 0.05 + 0.1
    assert found.acting_at_ratio == pytest.approx(((0.2 - 0.075) / 0.15, 0.0))
    assert found.envelope == pytest.approx(((0.2 - 0.075) / 0.15, (0.2 - 0.15) / 0.1))


def test_the_perfect_are_worth_one_and_the_base_rate_nothing():
    outcome = np.array([1, 0, 0, 1, 0], dtype=bool)

    assert economic_value(outcome, outcome * 1.0, is_probability=True).acting_at_ratio == pytest.approx((1.0,) * 19)
    knows_only_the_share = economic_value(outcome, np.full(5, 0.4), is_probability=True)
    assert knows_only_the_share.acting_at_ratio == pytest.approx((0.0,) * 19)
    assert knows_only_the_share.envelope == pytest.approx((0.0,) * 19)


def test_a_probability_equal_to_the_ratio_acts():
    outcome = np.array([1, 0], dtype=bool)

    assert economic_value(outcome, np.array([0.15, 0.0]), is_probability=True, ratios=(0.15,)).acting_at_ratio == (1.0,)


def test_a_rule_has_an_envelope_only():
    outcome, score = np.array([1, 0, 0, 1, 0], dtype=bool), np.array([7.0, -3.0, 2.0, 9.0, NAN])

    found = economic_value(outcome, score, is_probability=False)

    assert found.acting_at_ratio is None
    assert found.envelope == pytest.approx((1.0,) * 19)


@pytest.mark.parametrize("outcome", [[], [0, 0], [1, 1]])
def test_what_cannot_be_told_is_none(outcome):
    found = economic_value(np.array(outcome, dtype=bool), np.full(len(outcome), 0.5), is_probability=True)

    assert (found.rows, found.acting_at_ratio, found.envelope) == (len(outcome), None, None)
    assert json.loads(json.dumps(found.to_document(), allow_nan=False))["ratios"] == list(RATIOS)


@pytest.mark.parametrize("ratio", [0.0, 1.0, NAN])
def test_a_ratio_is_between_0_and_1(ratio):
    with pytest.raises(InvalidPanel, match="ratio"):
        economic_value(np.array([True]), np.array([0.5]), is_probability=True, ratios=(ratio,))


@given(rows=st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.35, 0.5, 0.75, 1.0])), max_size=40))
def test_the_value_is_richardsons_and_never_above_the_envelope(rows):
    outcome, probability = np.array([row[0] for row in rows], dtype=bool), np.array([row[1] for row in rows])

    found = economic_value(outcome, probability, is_probability=True)

    if found.acting_at_ratio is None or found.envelope is None:
        assert len(set(outcome.tolist())) < 2
        return
    base = outcome.mean()
    for ratio, value, best in zip(found.ratios, found.acting_at_ratio, found.envelope, strict=True):
        values = []
        for line in (ratio, *np.unique(probability), 2.0):
            hit, false = (probability[outcome] >= line).mean(), (probability[~outcome] >= line).mean()
            above = min(ratio, base) - false * ratio * (1 - base) + hit * base * (1 - ratio) - base
            values.append(above / (min(ratio, base) - base * ratio))
        assert value == pytest.approx(values[0], abs=1e-9)
        assert best == pytest.approx(max(values), abs=1e-9)
        assert -1e-9 <= best <= 1 + 1e-9
