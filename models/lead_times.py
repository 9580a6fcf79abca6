"""What warnings are like for those who receive them: how early they come, and how many a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.skill import document_of
from models.weekly import Bools
from warning.errors import InvalidPanel

IN_TIME_WEEKS = 2
"""Most channels take 2 to 14 days to start (mission §5): a warning two weeks ahead can still be acted on."""


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """How many weeks before each onset the first alarm of the last `horizon` weeks stood.

    `warned` and `warned_2w`: the share of onsets with an alarm before them, and with one two weeks before or more.
    `median_lead_weeks`: of the warned. `counts`: onsets by lead, from 0 (not warned) to the horizon. Shares and median
    are None where there is nothing to count.
    """

    onsets: int
    warned: float | None
    warned_2w: float | None
    median_lead_weeks: float | None
    counts: tuple[int, ...]

    def to_document(self) -> dict[str, Any]:
        """The figures for JSON, rounded."""
        return document_of(self)


@dataclass(frozen=True, slots=True)
class AlarmsAWeek:
    """The mean number of series a week that are alarmed, and that are so since this week; None without a week."""

    weeks: int
    newly_alarmed: float | None
    alarmed: float | None

    def to_document(self) -> dict[str, Any]:
        """The figures for JSON, rounded."""
        return document_of(self)


def lead_times(onset: Bools, alarmed: Bools, eligible: Bools, *, horizon: int, first: int, last: int) -> LeadTimes:
    """The leads of the alarms given at eligible issue weeks from column `first` to column `last`, both judged.

    All three are series × weeks. Onsets count from `horizon` weeks after the first eligible week of any series, so
    that each had its chance, to the week after the last one, in series with an eligible week. InvalidPanel where the
    arrays do not fit, the horizon is not a week or more, or `first` lies before the first week. Source: the protocol
    of evaluation (score.py).
    """
    _check(onset, alarmed, eligible, horizon, first)
    judged = np.zeros_like(eligible)
    judged[:, first : last + 1] = eligible[:, first : last + 1]
    if not judged.any():
        return _of_leads(np.empty(0, dtype=np.int64), horizon)
    columns = np.flatnonzero(judged.any(axis=0))
    counted = np.zeros_like(onset)
    since, until = int(columns[0]) + horizon, int(columns[-1]) + 1
    counted[:, since : until + 1] = onset[:, since : until + 1]
    rows, weeks = np.nonzero(counted & judged.any(axis=1, keepdims=True))
    alarms = alarmed & judged
    leads = np.zeros(len(rows), dtype=np.int64)
    for lead in range(1, horizon + 1):
        # `since` lies a horizon after some column, so no week before the first is asked for
        leads[alarms[rows, weeks - lead]] = lead
    return _of_leads(leads, horizon)


def alarms_a_week(alarmed: Bools, weeks: Bools) -> AlarmsAWeek:
    """How many alarms a reader has to look at: `alarmed` is series × weeks, `weeks` says which columns count.

    A series is newly alarmed where it was not alarmed the week before, be that week counted or not.
    """
    if alarmed.ndim != 2 or weeks.shape != alarmed.shape[1:]:
        raise InvalidPanel(
            f"alarms of shape {alarmed.shape} and weeks of shape {weeks.shape}",
            where="weeks",
            todo="give series × weeks, and a flag to each week",
        )
    count = int(np.count_nonzero(weeks))
    if not count:
        return AlarmsAWeek(0, None, None)
    begun = alarmed.copy()
    begun[:, 1:] &= ~alarmed[:, :-1]
    new, every = np.count_nonzero(begun[:, weeks]), np.count_nonzero(alarmed[:, weeks])
    return AlarmsAWeek(count, float(new / count), float(every / count))


def _of_leads(leads: np.ndarray[Any, np.dtype[np.int64]], horizon: int) -> LeadTimes:
    counts = tuple(np.bincount(leads, minlength=horizon + 1).tolist())
    if not len(leads):
        return LeadTimes(0, None, None, None, counts)
    warned = leads[leads > 0]
    return LeadTimes(
        onsets=len(leads),
        warned=len(warned) / len(leads),
        warned_2w=int(np.count_nonzero(leads >= IN_TIME_WEEKS)) / len(leads),
        median_lead_weeks=float(np.median(warned)) if len(warned) else None,
        counts=counts,
    )


def _check(onset: Bools, alarmed: Bools, eligible: Bools, horizon: int, first: int) -> None:
    if onset.ndim != 2 or not onset.shape == alarmed.shape == eligible.shape:
        raise InvalidPanel(
            f"onsets of shape {onset.shape}, alarms of {alarmed.shape}, eligible weeks of {eligible.shape}",
            where="alarmed",
            todo="give all three as series × weeks",
        )
    if horizon < 1:
        raise InvalidPanel(f"a horizon of {horizon} weeks", where="horizon", todo="ask for one week or more")
    if first < 0:
        raise InvalidPanel(f"the first column is {first}", where="first", todo="count columns from 0")
