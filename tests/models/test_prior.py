"""What is known before a panel has told anything: a fall that is near and a price that sinks raise the chance."""

from __future__ import annotations

import numpy as np
import pytest

from models.boosting import Member
from models.features.at_line import LINE_NAMES
from models.prior import ENOUGH_ONSETS, FEATURES, own_share, shipped
from models.spell_risk import RISK_WEEKS, Ensemble, SpellRisk

CALM = dict(zip(FEATURES, shipped().usual, strict=True))
NEAR = CALM | {"anomaly": 0.05, "ahead_least2": 0.02, "ahead_least4": 0.0, "ahead_least8": -0.05,
               "nearness2": 0.1, "nearness4": 0.0, "nearness8": -0.2}  # fmt: skip


def said(horizon: float, **features: float) -> float:
    row = np.array([[features[name] for name in FEATURES]], dtype=np.float32)
    return float(shipped().log_odds(FEATURES, row, horizon)[0])


@pytest.mark.parametrize("weeks", RISK_WEEKS)
def test_a_price_near_the_line_is_in_more_danger_than_a_usual_one(weeks):
    assert said(weeks, **NEAR) > said(weeks, **CALM) + 1


def test_a_longer_horizon_says_more():
    for features in (CALM, NEAR):
        chances = [said(weeks, **features) for weeks in (1, 2, 3, 4, 6, 8, 12)]
        assert chances == sorted(chances)


def test_what_is_not_known_counts_as_usual_and_what_is_out_of_range_as_its_end():
    nothing = dict.fromkeys(FEATURES, float("nan"))
    assert said(4, **nothing) == pytest.approx(said(4, **CALM), abs=1e-3)
    assert said(4, **(CALM | {"anomaly": 50.0})) == pytest.approx(
        said(4, **(CALM | {"anomaly": float(shipped().most[0])})), abs=1e-6
    )


def test_columns_are_found_by_name_wherever_they_stand():
    row = np.array([[NEAR[name] for name in FEATURES]], dtype=np.float32)
    turned = shipped().log_odds(FEATURES[::-1], row[:, ::-1], 4)
    assert turned == pytest.approx(shipped().log_odds(FEATURES, row, 4))


def test_the_more_spells_a_panel_has_told_the_more_say_it_has():
    shares = [own_share(onsets) for onsets in (0, 5, int(ENOUGH_ONSETS), 300, 30_000)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[2] == 0.5
    assert shares[-1] > 0.99


def saying(number: float) -> Ensemble:
    """An ensemble of trees that all say one number."""
    return Ensemble((Member(np.zeros(0, dtype=np.int64), None, number),))


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_prior_and_the_panels_own_trees_speak_by_their_shares(share):
    values = np.array([[CALM[name] for name in FEATURES]], dtype=np.float32)
    risk = SpellRisk(FEATURES, {4: saying(3.0)}, shipped().usual, share)
    assert risk.log_odds(values, 4)[0] == pytest.approx(share * 3.0 + (1 - share) * said(4, **CALM))


def test_the_prior_reads_columns_that_every_study_has():
    assert {name for name in FEATURES if name.startswith(("nearness", "low_share"))} | {"line"} <= set(LINE_NAMES)
