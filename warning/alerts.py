"""Alerts: spans of warning on one subject, as a state machine of events; pure, append-only, safe to repeat.

What the runs find comes in by `settle` (and its step `reconcile`), what people do by `acknowledge`, `assign`,
`resolve`, `mark_false` and `comment` (`warning.acts`). Each gives the span as it then is and the events to append.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import replace

from warning.acts import Act, acknowledge, assign, comment, mark_false, resolve
from warning.assess import Assessment, LevelChange
from warning.levels import LOOK_BACK_DAYS, QUIET_DAYS, Level
from warning.spans import (
    CLOSED,
    FOUND,
    MACHINE,
    OPEN,
    RESOLVED,
    STATUS_AFTER,
    AlertEvent,
    AlertSpan,
    alert_id,
    status_as_of,
)

__all__ = [
    "STATUS_AFTER",
    "Act",
    "AlertEvent",
    "AlertSpan",
    "acknowledge",
    "alert_id",
    "assign",
    "comment",
    "mark_false",
    "reconcile",
    "resolve",
    "settle",
    "status_as_of",
]

Step = tuple[AlertSpan | None, tuple[AlertEvent, ...]]


def settle(
    span: AlertSpan | None, past_events: Sequence[AlertEvent], assessment: Assessment, day: dt.date
) -> tuple[tuple[AlertSpan, tuple[AlertEvent, ...]], ...]:
    """What a day's assessment makes of the subject's last span: the spans touched, each with its new events.

    Mostly none or one; two where the last span ended unseen (days were not run) before a new episode began. The last
    of them is the subject's present span. Empty where nothing changes.
    """
    first, events = reconcile(span, past_events, assessment, day)
    touched = [(first, events)] if first is not None and events else []
    if span is not None and events and events[-1].kind == "ended" and assessment.raised_on is not None:
        second, more = reconcile(None, (), assessment, day)
        if second is not None:
            touched.append((second, more))
    return tuple(touched)


def reconcile(span: AlertSpan | None, past_events: Sequence[AlertEvent], assessment: Assessment, day: dt.date) -> Step:
    """One span after a day's assessment, and the events to append; the same again gives no event.

    `span` is the subject's last one, open or closed, with all its events. A new episode gives a new span, raised on
    the episode's first day with all later changes dated on their own days. A span whose episode overlaps the
    recomputed one keeps its id. A span that ended before the recomputed episode began is ended first: see `settle`.
    """
    known = [event for event in past_events if event.business_date <= day]
    if span is None or span.raised_at > day or _is_over(span, assessment, day):
        return _raised(span, assessment, day)
    if _ended_unseen(span, assessment, day):
        return _ended(span, _end_of(known, assessment, day))
    if _episode_on(assessment):
        return _followed(span, known, assessment, day)
    return _quiet(span, known, assessment, day)


def _episode_on(assessment: Assessment) -> bool:
    return assessment.raised_on is not None or assessment.level > Level.NONE


def _is_over(span: AlertSpan, assessment: Assessment, day: dt.date) -> bool:
    """The span ended by `day`, and no recomputed episode reaches back into it."""
    if span.ended_at is None or span.ended_at > day:
        return False
    return assessment.raised_on is None or assessment.raised_on > span.ended_at


def _ended_unseen(span: AlertSpan, assessment: Assessment, day: dt.date) -> bool:
    """The recomputed episode is another: its first day has four weeks at none before it, the span is older."""
    begun = assessment.raised_on
    if begun is None or span.ended_at is not None:
        return False
    whole = (day - begun).days < LOOK_BACK_DAYS
    return whole and (begun - span.raised_at).days > QUIET_DAYS


def _raised(span: AlertSpan | None, assessment: Assessment, day: dt.date) -> Step:
    """A new span where an episode is on, else what was."""
    if not _episode_on(assessment):
        return span, ()
    changes = _changes(assessment, day)
    begun = changes[0].day
    events = [_event("raised", changes[0])]
    for before, change in itertools.pairwise(changes):
        events.append(_event("escalated" if change.level > before.level else "eased", change))
    new = AlertSpan(
        id=alert_id(assessment.product_id, assessment.place_id, begun),
        product_id=assessment.product_id,
        place_kind=assessment.place_kind,
        place_id=assessment.place_id,
        raised_at=begun,
        ended_at=None,
        peak_level=max(change.level for change in changes),
        status=OPEN,
    )
    return new, tuple(events)


def _followed(span: AlertSpan, known: Sequence[AlertEvent], assessment: Assessment, day: dt.date) -> Step:
    """The span with the changes that came after its last known one."""
    found = [event for event in known if event.kind in FOUND]
    level = found[-1].level if found else Level.NONE
    since = found[-1].business_date if found else span.raised_at
    events: list[AlertEvent] = []
    later = [change for change in _changes(assessment, day) if change.day > since]
    present = assessment.level if assessment.level >= Level.NONE else level
    if (later[-1].level if later else level) != present:
        later.append(_change_today(assessment, day))
    for change in later:
        if change.level == level:
            continue
        event = _event(_kind(span, known, level, change.level), change)
        span = _after(span, event)
        level = change.level
        events.append(event)
    return span, tuple(events)


def _kind(span: AlertSpan, known: Sequence[AlertEvent], before: Level, after: Level) -> str:
    """Which event a change of level is: a closed span reopens, a resolved one on a higher level or a new onset."""
    if after < before:
        return "eased"
    if span.status == CLOSED:
        return "reopened"
    if span.status == RESOLVED:
        at_resolution = [event.level for event in known if event.kind == "resolved"][-1:]
        if before == Level.NONE or not at_resolution or after > at_resolution[0]:
            return "reopened"
    return "escalated"


def _quiet(span: AlertSpan, known: Sequence[AlertEvent], assessment: Assessment, day: dt.date) -> Step:
    """The span where no episode is on: eased to none, and ended after four weeks; not by silence."""
    found = [event for event in known if event.kind in FOUND]
    if assessment.level == Level.UNKNOWN or (found and found[-1].kind == "ended"):
        return span, ()
    quiet_days = (day - found[-1].business_date).days + 1 if found else QUIET_DAYS
    if quiet_days >= QUIET_DAYS:
        return _ended(span, day)
    if found[-1].level == Level.NONE:
        return span, ()
    event = _event("eased", _change_today(assessment, day))
    return _after(span, event), (event,)


def _end_of(known: Sequence[AlertEvent], assessment: Assessment, day: dt.date) -> dt.date:
    """A day on which a span that ended unseen may be said to have ended: four weeks after it was last heard of."""
    last = max((event.business_date for event in known if event.kind in FOUND), default=day)
    before = (assessment.raised_on or day) - dt.timedelta(days=1)
    return min(last + dt.timedelta(days=QUIET_DAYS), max(before, last))


def _ended(span: AlertSpan, day: dt.date) -> Step:
    event = AlertEvent(
        "ended", day, Level.NONE, MACHINE, f"连续{QUIET_DAYS}天无预警，结束", f"{QUIET_DAYS} days at none: ended"
    )
    return _after(span, event), (event,)


def _changes(assessment: Assessment, day: dt.date) -> tuple[LevelChange, ...]:
    """The episode's changes up to `day`, with today's where the level is another (a forecast gives it)."""
    changes = tuple(change for change in assessment.changes if change.day <= day)
    last = changes[-1].level if changes else Level.NONE
    if assessment.level in (last, Level.UNKNOWN):
        return changes
    return (*changes, _change_today(assessment, day))


def _change_today(assessment: Assessment, day: dt.date) -> LevelChange:
    """The level as it stands today, with its strongest drivers as the reason."""
    told = assessment.drivers[:2]
    zh = "；".join(driver.text_zh for driver in told) or "重新计算后的等级"
    en = "; ".join(driver.text_en for driver in told) or "the level as recomputed"
    return LevelChange(day, max(assessment.level, Level.NONE), zh, en)


def _event(kind: str, change: LevelChange) -> AlertEvent:
    return AlertEvent(kind, change.day, change.level, MACHINE, change.reason_zh, change.reason_en)


def _after(span: AlertSpan, event: AlertEvent) -> AlertSpan:
    """The span after an event."""
    status = STATUS_AFTER.get(event.kind, span.status)
    if event.kind == "ended":
        return replace(span, status=status, ended_at=event.business_date)
    peak = max(span.peak_level, event.level)
    if event.kind == "reopened":
        return replace(span, status=status, ended_at=None, peak_level=peak, false_alarm=False)
    return replace(span, status=status, peak_level=peak)
