"""How well a score of what is to come told the weeks before an event from the quiet ones, by protocol v1.

Any score can be judged, a rule's as well as a probability; only a probability has a Brier skill and a reliability.
What cannot be told (no rows, or one outcome only) is None: a NaN would pass through a table unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.base import Floats
from models.weekly import Bools
from warning.errors import InvalidPanel

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

QUIET_WEEKS_ALARMED = 0.10
RELIABILITY_BINS = 10
DIGITS = 5


class ReliabilityBin(NamedTuple):
    """Rows of like probability: its mean, the share of them that was followed by the event, and how many they are."""

    mean_probability: float
    observed_share: float
    rows: int


@dataclass(frozen=True, slots=True)
class EventSkill:
    """The skill of one score at one horizon.

    `silent`: the rows for which it had nothing to say. `pr_over_base`: PR AUC over the base rate, which chance would
    have. `brier_skill`: against the rows' own base rate. `line`: the lowest score that alarms at most a tenth of the
    quiet weeks, None where even the highest alarms more (then nothing is alarmed). At that line: `pod`, hits of the
    events; `far`, false alarms of the alarms; `pofd`, false alarms of the quiet weeks; `csi`, hits of all that was
    alarmed or happened.
    """

    rows: int
    silent: int
    base_rate: float | None = None
    roc_auc: float | None = None
    pr_auc: float | None = None
    pr_over_base: float | None = None
    brier: float | None = None
    brier_skill: float | None = None
    calibration_error: float | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    line: float | None = None
    pod: float | None = None
    far: float | None = None
    pofd: float | None = None
    csi: float | None = None

    def to_document(self) -> dict[str, Any]:
        """The figures for JSON, rounded: alarm by `line` itself, not by what stands here."""
        return document_of(self)


def event_skill(outcome: Bools, score: Floats, *, is_probability: bool) -> EventSkill:
    """The skill of a score, an outcome and a score to each row.

    A row without a score (NaN) counts as `completed` says. InvalidPanel where the arrays do not fit, or the score is
    infinite or, being a probability, not within 0 and 1. Source: the protocol of evaluation (score.py).
    """
    check_scores(outcome, score, is_probability=is_probability)
    rows, silent = len(outcome), int(np.count_nonzero(np.isnan(score)))
    if rows == 0:
        return EventSkill(rows, silent)
    base = float(np.mean(outcome))
    if silent == rows:
        return EventSkill(rows, silent, base)
    score = completed(outcome, score, is_probability=is_probability)
    figures: dict[str, Any] = _ranking(outcome, score, base) if 0 < base < 1 else {}
    if is_probability:
        figures |= _probability(outcome, score, base)
    return EventSkill(rows, silent, base, **figures)


def completed(outcome: Bools, score: Floats, *, is_probability: bool) -> Floats:
    """The score with its gaps closed, as it is judged; at least one row must have one.

    A probability that is missing is the rows' base rate (the protocol's rule). A rule that cannot speak does not
    alarm: it stands below all other scores.
    """
    silent = np.isnan(score)
    if not silent.any():
        return score
    stand_in = float(np.mean(outcome)) if is_probability else float(np.nextafter(score[~silent].min(), -np.inf))
    return np.where(silent, stand_in, score)


def alarm_line(outcome: Bools, score: Floats) -> float | None:
    """The lowest score whose alarms (it and all above) reach at most a tenth of the weeks that stayed quiet.

    None where even the highest score alarms more, or there is no event or no quiet week. No NaN is allowed.
    """
    from sklearn.metrics import roc_curve

    if not 0 < np.count_nonzero(outcome) < len(outcome):
        return None
    false_positive, _, lines = roc_curve(outcome, score, drop_intermediate=False)
    line = float(lines[np.searchsorted(false_positive, QUIET_WEEKS_ALARMED, side="right") - 1])
    return line if np.isfinite(line) else None


def reliability(outcome: Bools, probability: Floats) -> tuple[ReliabilityBin, ...]:
    """Ten bins with as many rows each; fewer where many probabilities are alike. No NaN, at least one row."""
    edges = np.unique(np.percentile(probability, np.linspace(0, 1, RELIABILITY_BINS + 1) * 100))
    # a bin reaches from above its lower edge to its upper one; the first has both
    place = np.maximum(np.searchsorted(edges, probability, side="left") - 1, 0)
    rows = np.bincount(place)
    probabilities, events = np.bincount(place, weights=probability), np.bincount(place, weights=outcome)
    return tuple(
        ReliabilityBin(float(total / count), float(seen / count), int(count))
        for total, seen, count in zip(probabilities, events, rows, strict=True)
        if count
    )


def check_scores(outcome: Bools, score: Floats, *, is_probability: bool) -> None:
    """InvalidPanel where outcomes and scores cannot be judged together."""
    if outcome.ndim != 1 or outcome.shape != score.shape:
        raise InvalidPanel(
            f"outcomes of shape {outcome.shape} and scores of shape {score.shape}",
            where="score",
            todo="give both a value to each row",
        )
    wrong = np.isinf(score)
    if is_probability:
        wrong |= (score < 0) | (score > 1)
    if wrong.any():
        row = int(np.argmax(wrong))
        meant = "a probability from 0 to 1" if is_probability else "a finite number"
        raise InvalidPanel(f"the score {score[row]} in row {row}", where="score", todo=f"give {meant}, or NaN for none")


def document_of(figures: DataclassInstance) -> dict[str, Any]:
    """The fields as JSON has them: floats rounded, tuples as lists, None as it is."""
    return {field.name: _plain(getattr(figures, field.name)) for field in fields(figures)}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, ReliabilityBin):
        return {name: _plain(part) for name, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _ranking(outcome: Bools, score: Floats, base: float) -> dict[str, float | None]:
    """The figures that ask only which row has the higher score."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    precision = float(average_precision_score(outcome, score))
    ranking = {"roc_auc": float(roc_auc_score(outcome, score)), "pr_auc": precision, "pr_over_base": precision / base}
    return ranking | _at_line(outcome, score)


def _at_line(outcome: Bools, score: Floats) -> dict[str, float | None]:
    line = alarm_line(outcome, score)
    alarm = score >= (np.inf if line is None else line)
    hits, false = int(np.count_nonzero(alarm & outcome)), int(np.count_nonzero(alarm & ~outcome))
    events = int(np.count_nonzero(outcome))
    return {
        "line": line,
        "pod": hits / events,
        # no alarm is not the same as no false alarm
        "far": false / (hits + false) if hits + false else None,
        "pofd": false / (len(outcome) - events),
        "csi": hits / (events + false),
    }


def _probability(outcome: Bools, probability: Floats, base: float) -> dict[str, Any]:
    """The figures that ask whether the probability is right as a number."""
    brier = float(np.mean((probability - outcome) ** 2))
    bins = reliability(outcome, probability)
    gaps = sum(abs(some.mean_probability - some.observed_share) * some.rows for some in bins)
    return {
        "brier": brier,
        "brier_skill": 1 - brier / (base * (1 - base)) if 0 < base < 1 else None,
        "calibration_error": gaps / len(outcome),
        "reliability": bins,
    }
