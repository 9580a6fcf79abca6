"""What a warning is worth to someone who can act on it, whatever acting costs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.base import Floats
from models.skill import check_scores, completed, document_of
from models.weekly import Bools
from warning.errors import InvalidPanel

RATIOS = tuple(round(0.05 * step, 2) for step in range(1, 20))


@dataclass(frozen=True, slots=True)
class EconomicValue:
    """The relative economic value by cost-loss ratio: 1 for a perfect warning, 0 for knowing only the base rate.

    `acting_at_ratio`: for who acts as soon as the probability reaches the ratio, which is best where the
    probability is right, and falls below 0 where following it costs more than the base rate would. `envelope`: for
    who acts at the line that proves best for the ratio, with hindsight; never below 0. None where it cannot be told.
    """

    rows: int
    ratios: tuple[float, ...]
    acting_at_ratio: tuple[float, ...] | None = None
    envelope: tuple[float, ...] | None = None

    def to_document(self) -> dict[str, Any]:
        """The figures for JSON, rounded."""
        return document_of(self)


def economic_value(
    outcome: Bools, score: Floats, *, is_probability: bool, ratios: Sequence[float] = RATIOS
) -> EconomicValue:
    """The value of a score to users of each ratio of the cost of acting to the loss that acting averts.

    The value is (E_base − E) / (E_base − E_perfect), where E is the mean expense a row in units of the loss: the
    ratio for each alarm, 1 for each event without one; the base acts always or never, whichever is cheaper. An
    outcome and a score to each row; missing scores and InvalidPanel as `event_skill`, and where a ratio is not
    between 0 and 1.
    Source: Richardson 2000, Q. J. R. Meteorol. Soc. 126, 649-667.
    """
    check_scores(outcome, score, is_probability=is_probability)
    for ratio in ratios:
        if not 0 < ratio < 1:
            raise InvalidPanel(f"a cost-loss ratio of {ratio}", where="ratios", todo="give ratios between 0 and 1")
    asked, base = np.asarray(ratios, dtype=np.float64), float(np.mean(outcome)) if len(outcome) else 0.0
    if not 0 < base < 1 or np.isnan(score).all():
        return EconomicValue(len(outcome), tuple(asked.tolist()))
    score = completed(outcome, score, is_probability=is_probability)
    return EconomicValue(
        rows=len(outcome),
        ratios=tuple(asked.tolist()),
        acting_at_ratio=_relative(_acting_at_ratio(outcome, score, asked), asked, base) if is_probability else None,
        envelope=_relative(_at_best_line(outcome, score, asked, base), asked, base),
    )


def _relative(expense: Floats, ratios: Floats, base: float) -> tuple[float, ...]:
    without, perfect = np.minimum(ratios, base), ratios * base
    values: list[float] = ((without - expense) / (without - perfect)).tolist()
    return tuple(values)


def _acting_at_ratio(outcome: Bools, probability: Floats, ratios: Floats) -> Floats:
    expense = np.empty(len(ratios))
    for place, ratio in enumerate(ratios):
        alarm = probability >= ratio
        missed = np.count_nonzero(outcome & ~alarm)
        expense[place] = (ratio * np.count_nonzero(alarm) + missed) / len(outcome)
    return expense


def _at_best_line(outcome: Bools, score: Floats, ratios: Floats, base: float) -> Floats:
    """The least expense over all lines, those that alarm always and never among them."""
    from sklearn.metrics import roc_curve

    # the lines left out lie between two others on the curve, and the least expense is at its corners
    false_positive, true_positive, _ = roc_curve(outcome, score, drop_intermediate=True)
    alarmed, missed = true_positive * base + false_positive * (1 - base), (1 - true_positive) * base
    return np.array([(ratio * alarmed + missed).min() for ratio in ratios])
