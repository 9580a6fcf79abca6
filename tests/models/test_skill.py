"""The skill of a score is worked out as by hand, and what cannot be told is None."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.skill import ReliabilityBin, alarm_line, completed, event_skill, reliability
from warning.errors import InvalidPanel

NAN = float("nan")


def flags(text):
    return np.array([letter == "1" for letter in text])


def test_ten_rows_by_hand():
    # eight quiet weeks, so that not even one of them may be alarmed
    outcome = flags("1011000000")
    score = np.array([0.9, 0.8, 0.7, 0.85, 0.3, 0.2, 0.2, 0.1, 0.1, 0.0])

    found = event_skill(outcome, score, is_probability=False)

    assert (found.rows, found.silent, found.base_rate) == (10, 0, 0.3)
    # of 21 pairs of an event and a quiet week only (0.7, 0.8) is the wrong way round
    assert found.roc_auc == pytest.approx(20 / 21)
    # precision 1, 1 and 3/4 at the ranks of the three events
    assert found.pr_auc == pytest.approx((1 + 1 + 3 / 4) / 3)
    assert found.pr_over_base == pytest.approx(found.pr_auc / 0.3)
    assert found.line == 0.85
    assert (found.pod, found.far, found.pofd, found.csi) == (2 / 3, 0.0, 0.0, 2 / 3)
    assert (found.brier, found.brier_skill, found.calibration_error, found.reliability) == (None, None, None, ())


def test_the_line_alarms_a_tenth_of_the_quiet_weeks_and_no_more():
    quiet, events = np.arange(20.0), np.array([17.5, 18.5, 30.0])
    outcome, score = np.r_[np.zeros(20, dtype=bool), np.ones(3, dtype=bool)], np.r_[quiet, events]

    found = event_skill(outcome, score, is_probability=False)

    # 18 and 19 are alarmed: two of twenty; 17.5 lies between them and the next quiet week
    assert found.line == 17.5
    assert (found.pod, found.far, found.pofd, found.csi) == (1.0, 2 / 5, 0.1, 3 / 5)


def test_where_the_highest_score_alarms_too_many_nothing_is_alarmed():
    found = event_skill(flags("1100000000"), np.full(10, 0.4), is_probability=True)

    assert found.line is None
    assert (found.pod, found.far, found.pofd, found.csi) == (0.0, None, 0.0, 0.0)
    assert (found.roc_auc, found.pr_auc) == (0.5, 0.2)


def test_a_probability_by_hand():
    outcome, probability = flags("1100"), np.array([0.8, 0.6, 0.4, 0.2])

    found = event_skill(outcome, probability, is_probability=True)

    assert found.brier == pytest.approx((0.04 + 0.16 + 0.16 + 0.04) / 4)
    assert found.brier_skill == pytest.approx(1 - 0.1 / 0.25)
    assert found.calibration_error == pytest.approx((0.2 + 0.4 + 0.4 + 0.2) / 4)
    assert found.reliability == (
        ReliabilityBin(0.2, 0.0, 1),
        ReliabilityBin(0.4, 0.0, 1),
        ReliabilityBin(0.6, 1.0, 1),
        ReliabilityBin(0.8, 1.0, 1),
    )


def test_ten_bins_of_like_size():
    probability = np.arange(1000) / 1000
    outcome = np.random.default_rng(1).random(1000) < probability

    bins = reliability(outcome, probability)

    assert [some.rows for some in bins] == [100] * 10
    assert bins[3].mean_probability == pytest.approx(np.arange(300, 400).mean() / 1000)
    assert bins[3].observed_share == outcome[300:400].mean()


@pytest.mark.parametrize("is_probability", [False, True])
def test_no_rows_can_tell_nothing(is_probability):
    found = event_skill(np.empty(0, dtype=bool), np.empty(0), is_probability=is_probability)

    figures = found.to_document()
    assert (figures.pop("rows"), figures.pop("silent"), figures.pop("reliability")) == (0, 0, [])
    assert set(figures.values()) == {None}


def test_one_outcome_only_tells_how_wrong_the_probabilities_are_and_no_more():
    found = event_skill(flags("0000"), np.array([0.1, 0.2, 0.1, 0.2]), is_probability=True)

    assert found.base_rate == 0.0
    assert found.brier == pytest.approx(0.025)
    assert found.calibration_error == pytest.approx(0.15)
    untold = ("roc_auc", "pr_auc", "pr_over_base", "brier_skill", "line", "pod", "far", "pofd", "csi")
    assert [getattr(found, name) for name in untold] == [None] * 9


def test_a_probability_that_is_missing_is_the_base_rate_and_a_silent_rule_does_not_alarm():
    outcome = flags("1000")

    assert completed(outcome, np.array([NAN, 0.1, 0.2, NAN]), is_probability=True).tolist() == [0.25, 0.1, 0.2, 0.25]
    rule = completed(outcome, np.array([-3.0, NAN, 2.0, 0.0]), is_probability=False)
    assert rule[1] < -3.0
    assert rule[[0, 2, 3]].tolist() == [-3.0, 2.0, 0.0]
    assert event_skill(outcome, np.array([NAN, 5.0, 5.0, 5.0]), is_probability=False).roc_auc == 0.0


def test_who_never_speaks_has_no_skill():
    found = event_skill(flags("0101"), np.full(4, NAN), is_probability=False)

    assert (found.rows, found.silent, found.base_rate, found.roc_auc, found.line) == (4, 4, 0.5, None, None)


@pytest.mark.parametrize(
    ("score", "is_probability", "said"),
    [
        ([0.1, 1.2], True, "1.2 in row 1"),
        ([-0.1, 0.2], True, "-0.1 in row 0"),
        ([0.0, np.inf], False, "inf in row 1"),
        ([0.1], True, "shape"),
    ],
)
def test_scores_that_cannot_be_judged_are_refused(score, is_probability, said):
    with pytest.raises(InvalidPanel, match=said):
        event_skill(flags("01"), np.array(score), is_probability=is_probability)


def test_the_document_is_json_with_rounded_floats_and_none_kept():
    outcome, probability = flags("100"), np.array([2 / 3, 1 / 3, 1 / 3])

    document = event_skill(outcome, probability, is_probability=True).to_document()

    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["base_rate"] == 0.33333
    assert document["reliability"][0] == {"mean_probability": 0.33333, "observed_share": 0.0, "rows": 2}
    assert event_skill(outcome, probability, is_probability=False).to_document()["brier"] is None


ROWS = st.lists(
    st.tuples(st.booleans(), st.one_of(st.just(NAN), st.floats(0, 1), st.sampled_from([0.0, 0.25, 1.0]))), max_size=60
)


@given(rows=ROWS, is_probability=st.booleans())
def test_no_figure_is_ever_a_nan_or_outside_its_range(rows, is_probability):
    outcome, score = np.array([row[0] for row in rows], dtype=bool), np.array([row[1] for row in rows], dtype=float)

    found = event_skill(outcome, score, is_probability=is_probability)

    json.dumps(found.to_document(), allow_nan=False)
    for name in ("base_rate", "roc_auc", "pr_auc", "brier", "calibration_error", "pod", "far", "pofd", "csi"):
        value = getattr(found, name)
        assert value is None or -1e-12 <= value <= 1 + 1e-12, name
    assert found.pofd is None or found.pofd <= 0.1
    assert found.brier_skill is None or found.brier_skill <= 1
    assert not found.reliability or sum(some.rows for some in found.reliability) == len(rows)


@given(seed=st.integers(0, 10_000))
def test_only_the_order_of_scores_matters_to_the_ranking(seed):
    draw = np.random.default_rng(seed)
    outcome, score = draw.random(200) < 0.2, draw.normal(size=200).round(1)
    plain = event_skill(outcome, score, is_probability=False)
    stretched = event_skill(outcome, np.exp(3 * score) + 7, is_probability=False)

    for name in ("roc_auc", "pr_auc", "pod", "far", "pofd", "csi"):
        assert getattr(plain, name) == getattr(stretched, name)
    line = alarm_line(outcome, score)
    assert line is not None
    quiet = score[~outcome]
    assert np.mean(quiet >= line) <= 0.1
    lower = score[score < line].max()
    assert np.mean(quiet >= lower) > 0.1
