"""Lines by the cost of errors, and who may speak."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecast_lines import LEAST_ONSETS, probability_line
from models.price_skill import PriceSkill
from models.release import refit_verdict, verdict
from models.skill import EventSkill


def skill(brier: float | None, roc: float | None) -> EventSkill:
    return EventSkill(rows=1000, silent=0, base_rate=0.1, brier=brier, roc_auc=roc)


def test_the_line_of_least_cost():
    # 100 onsets at 0.6, 30 false alarms at 0.6, 870 quiet weeks at 0.1
    probability = np.r_[np.full(130, 0.6), np.full(870, 0.1)]
    outcome = np.r_[np.ones(100, bool), np.zeros(900, bool)]
    found = probability_line(probability, outcome)
    assert found.probability == 0.6
    assert found.pod == 1.0
    assert found.far == pytest.approx(30 / 130)
    assert found.pofd == pytest.approx(30 / 900)


def test_a_tenth_of_the_quiet_weeks_at_most_whatever_the_cost():
    draw = np.random.default_rng(1)
    outcome = draw.random(5000) < 0.1
    probability = np.clip(0.3 * outcome + draw.random(5000) * 0.7, 0, 1)
    assert probability_line(probability, outcome, cost_ratio=1000).pofd <= 0.10


def test_few_onsets_take_the_line_of_a_true_probability():
    outcome = np.zeros(500, bool)
    outcome[: LEAST_ONSETS - 1] = True
    found = probability_line(np.linspace(1, 0, 500), outcome)
    assert found.probability == pytest.approx(1 / 6)
    assert found.pod is None


def test_nobody_is_alarmed_where_even_the_highest_alarms_too_many():
    outcome = np.r_[np.ones(50, bool), np.zeros(500, bool)]
    found = probability_line(np.full(550, 0.4), outcome)
    assert found.probability > 0.4
    assert found.pod == 0.0


@pytest.mark.parametrize(
    ("brier", "roc", "pinball", "speaks"),
    [
        (0.05, 0.9, 0.02, "champion"),
        (0.07, 0.9, 0.02, "point"),
        (0.05, 0.7, 0.02, "point"),
        (0.07, 0.9, 0.05, "baseline"),
        (None, None, 0.02, "baseline"),
    ],
)
def test_who_speaks(brier, roc, pinball, speaks):
    found = verdict(skill(brier, roc), skill(0.06, 0.6), skill(None, 0.8), PriceSkill(100, pinball, 0.04))
    assert found.speaks == speaks
    assert found.reason_zh
    assert found.reason_en


def test_a_worse_refit_is_held_back():
    assert refit_verdict(0.050, 0.051)[0]
    assert refit_verdict(0.0505, 0.050)[0], "within the margin"
    released, reason = refit_verdict(0.060, 0.050)
    assert not released
    assert "held back" in reason
    assert refit_verdict(None, 0.05)[0]
