"""What a speaker says of a week, and the way to bytes and back."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from market_panels import glut_weeks, small_plan

from models.artifact import FORMAT, from_bytes, to_bytes
from models.calibrating import Calibration
from models.conformal import Correction
from models.fitting import fit
from models.reasons import KINDS, kinds_of, reasons
from models.speaker import Speaker, speak, uncrossed
from models.spell_risk import LINES
from models.study import Study, study
from warning.errors import DamagedArtifact

RISK, PRICES = (2, 4), (2, 4)


@functools.cache
def prepared() -> Study:
    plan = small_plan(risk_weeks=RISK, price_weeks=PRICES)
    return study(glut_weeks(), sorted({*plan.lines, *LINES}))


@functools.cache
def speaker() -> Speaker:
    plan = small_plan(risk_weeks=RISK, price_weeks=PRICES)
    fitted = fit(prepared(), prepared().weeks.shape[1] - 1, plan)
    calibrations = {(line, weeks): Calibration(0.1, 50) for line in LINES for weeks in RISK}
    return Speaker(fitted, calibrations, {weeks: Correction(0.2, 0.1, 500) for weeks in PRICES})


def last() -> int:
    return prepared().weeks.shape[1] - 1


def test_probabilities_are_probabilities_and_never_cross():
    spoken = speak(speaker(), prepared(), last())
    assert len(spoken.rows)
    for line, weeks in spoken.probability:
        said = spoken.probability[line, weeks]
        known = said[~np.isnan(said)]
        assert ((known >= 0) & (known <= 1)).all()
    deep, mild = spoken.probability[0.7, 4], spoken.probability[0.9, 4]
    both = ~np.isnan(deep) & ~np.isnan(mild)
    assert both.any()
    assert (deep[both] <= mild[both]).all()
    soon, later = spoken.probability[0.8, 2], spoken.probability[0.8, 4]
    both = ~np.isnan(soon) & ~np.isnan(later)
    assert (soon[both] <= later[both]).all()


def test_prices_are_ordered_numbers():
    for quantiles in speak(speaker(), prepared(), last()).prices.values():
        assert np.isfinite(quantiles).all()
        assert (np.diff(quantiles, axis=1) >= 0).all()


def test_a_line_that_is_passed_already_has_no_chance():
    clear = {0.7: np.array([True]), 0.8: np.array([False])}
    found = uncrossed({(0.7, 4): np.array([0.2]), (0.8, 4): np.array([0.6])}, clear)
    assert found[0.7, 4][0] == 0.2
    assert np.isnan(found[0.8, 4][0])


def test_a_study_of_the_last_week_alone_says_the_same():
    """The daily run computes features of one week; the fit and the backtest those of all."""
    alone = study(glut_weeks(), LINES, since=last())
    ours, theirs = speak(speaker(), alone, last()), speak(speaker(), prepared(), last())
    for key, said in theirs.probability.items():
        assert np.array_equal(ours.probability[key], said, equal_nan=True)


def test_bytes_and_back_say_the_same_to_the_bit():
    again = from_bytes(to_bytes(speaker()))
    ours, theirs = speak(again, prepared(), last()), speak(speaker(), prepared(), last())
    for key, said in theirs.probability.items():
        assert np.array_equal(ours.probability[key], said, equal_nan=True)
    for weeks, quantiles in theirs.prices.items():
        assert np.array_equal(ours.prices[weeks], quantiles)


@pytest.mark.parametrize("content", [b"", b"not a model", to_bytes])
def test_other_bytes_are_refused(content):
    if callable(content):
        whole = content(speaker())
        content = whole[: len(whole) // 2]
    with pytest.raises(DamagedArtifact, match="model"):
        from_bytes(content)


def test_a_type_that_runs_code_is_refused():
    import os

    from skops import io

    class Trap:
        def __reduce__(self):
            return os.system, ("true",)

    with pytest.raises(DamagedArtifact, match="trusted"):
        from_bytes(bytes(io.dumps({"format": FORMAT, "trap": Trap()})))


def test_each_kind_of_reason_has_columns_and_a_number():
    risk = speaker().fitted.risk
    told = kinds_of(risk.names)
    assert set(KINDS) <= set(told)
    cells = prepared().cells(last(), last())
    found = reasons(risk, prepared().lined.at(0.8, cells), 4)
    assert set(found.weights) == set(KINDS) == set(found.values)
    assert all(np.isfinite(weights).all() for weights in found.weights.values())
