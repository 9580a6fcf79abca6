from __future__ import annotations

import datetime as dt

import pytest

from warning.alerts import (
    Act,
    acknowledge,
    alert_id,
    assign,
    comment,
    mark_false,
    reconcile,
    resolve,
    settle,
    status_as_of,
)
from warning.assess import Assessment, LevelChange
from warning.catalog import PlaceKind
from warning.errors import Conflict
from warning.levels import Level

DAY = dt.date(2018, 12, 2)
NONE, BLUE, YELLOW, ORANGE, RED, UNKNOWN = (
    Level.NONE,
    Level.BLUE,
    Level.YELLOW,
    Level.ORANGE,
    Level.RED,
    Level.UNKNOWN,
)


def ago(days):
    return DAY - dt.timedelta(days=days)


def said(level, *changes, day=DAY) -> Assessment:
    """What a day says: the level, and the changes of its episode as (day, level)."""
    told = tuple(LevelChange(when, to, f"因{when}", f"since {when}") for when, to in changes)
    return Assessment(
        business_date=day,
        product_id="onion",
        place_kind=PlaceKind.MARKET,
        place_id="in-lasalgaon",
        series_id=1,
        level=level,
        observed_level=level,
        tier="T1",
        type="",
        data_state="ok",
        last_day=day,
        readings={},
        drivers=(),
        raised_on=told[0].day if told else None,
        changes=told,
        surplus_t=None,
        surplus_estimated=False,
        simulated=False,
    )


def act(level=ORANGE, day=DAY, reason=""):
    return Act("王", day, level, reason)


def opened(level=ORANGE, days=10):
    return reconcile(None, (), said(level, (ago(days), level)), DAY)


def kinds(events):
    return [(event.kind, event.business_date, event.level) for event in events]


def test_an_id_is_subject_and_first_day():
    assert alert_id("onion", "in-lasalgaon", dt.date(2018, 11, 4)) == "onion.in-lasalgaon.20181104"


def test_a_first_run_raises_the_alert_with_its_history_on_its_own_days():
    found = said(RED, (ago(40), BLUE), (ago(30), RED), (ago(20), ORANGE), (ago(3), RED))
    span, events = reconcile(None, (), found, DAY)
    assert span.id == alert_id("onion", "in-lasalgaon", ago(40))
    assert (span.raised_at, span.peak_level, span.status) == (ago(40), RED, "open")
    assert kinds(events) == [
        ("raised", ago(40), BLUE),
        ("escalated", ago(30), RED),
        ("eased", ago(20), ORANGE),
        ("escalated", ago(3), RED),
    ]
    assert events[0].reason_zh == f"因{ago(40)}"


def test_the_same_day_again_says_nothing():
    found = said(RED, (ago(40), BLUE), (ago(3), RED))
    span, events = reconcile(None, (), found, DAY)
    assert reconcile(span, events, found, DAY) == (span, ())
    assert settle(span, events, found, DAY) == ()


def test_a_day_without_a_warning_makes_no_alert():
    assert reconcile(None, (), said(NONE), DAY) == (None, ())
    assert settle(None, (), said(UNKNOWN), DAY) == ()


def test_replaying_day_by_day_gives_the_events_of_one_run():
    changes = ((ago(9), BLUE), (ago(6), ORANGE), (ago(2), YELLOW))
    span, events = None, ()
    for back in range(10, -1, -1):
        day = ago(back)
        until = [change for change in changes if change[0] <= day]
        level = until[-1][1] if until else NONE
        for touched, more in settle(span, events, said(level, *until, day=day), day):
            span, events = touched, events + more
    once = reconcile(None, (), said(YELLOW, *changes), DAY)
    assert (span, kinds(events)) == (once[0], kinds(once[1]))


def test_an_older_day_again_says_nothing_when_later_events_stand():
    span, events = reconcile(None, (), said(RED, (ago(40), BLUE), (ago(3), RED)), DAY)
    assert reconcile(span, events, said(BLUE, (ago(40), BLUE), day=ago(10)), ago(10)) == (span, ())


def test_a_recomputed_episode_that_overlaps_keeps_the_id():
    span, events = opened(days=10)
    later = said(ORANGE, (ago(14), ORANGE))
    assert reconcile(span, events, later, DAY) == (span, ())
    worse = said(RED, (ago(6), BLUE), (DAY, RED))
    kept, more = reconcile(span, events, worse, DAY)
    assert kept.id == span.id
    assert kinds(more)[-1] == ("escalated", DAY, RED)


def test_an_alert_that_outlasts_the_look_back_keeps_its_id():
    span, events = opened(days=10)
    much_later = DAY + dt.timedelta(days=500)
    window_start = much_later - dt.timedelta(days=364)
    assert reconcile(span, events, said(ORANGE, (window_start, ORANGE), day=much_later), much_later) == (span, ())


def test_an_alert_ends_when_no_episode_is_on_any_more():
    span, events = reconcile(None, (), said(NONE, (ago(50), BLUE), (ago(28), NONE)), ago(1))
    assert span.ended_at is None
    ended, more = reconcile(span, events, said(NONE), DAY)
    assert kinds(more) == [("ended", DAY, NONE)]
    assert (ended.ended_at, ended.status) == (DAY, "closed")
    assert reconcile(ended, (*events, *more), said(NONE), DAY) == (ended, ())


def test_silence_does_not_end_an_alert():
    span, events = opened(days=100)
    assert reconcile(span, events, said(UNKNOWN), DAY) == (span, ())


def test_a_new_episode_after_the_end_is_a_new_alert():
    span, events = reconcile(None, (), said(NONE, (ago(50), BLUE), (ago(28), NONE)), ago(1))
    ended, more = reconcile(span, events, said(NONE), DAY)
    later = DAY + dt.timedelta(days=30)
    new, raised = reconcile(ended, (*events, *more), said(BLUE, (later, BLUE), day=later), later)
    assert new.id == alert_id("onion", "in-lasalgaon", later)
    assert [event.kind for event in raised] == ["raised"]


def test_an_alert_that_ended_on_days_not_run_is_ended_before_the_next_one_begins():
    span, events = opened(days=200)
    touched = settle(span, events, said(RED, (ago(20), RED)), DAY)
    assert [one.raised_at for one, _ in touched] == [ago(200), ago(20)]
    assert touched[0][0].status == "closed"
    assert touched[0][0].ended_at < ago(20)
    assert [event.kind for event in touched[1][1]] == ["raised"]


def test_a_resolved_alert_reopens_on_a_higher_level_only():
    span, events = opened(YELLOW)
    done, event = resolve(span, act(YELLOW))
    events = (*events, event)
    tomorrow = DAY + dt.timedelta(days=1)
    same = said(YELLOW, (ago(10), YELLOW), day=tomorrow)
    assert reconcile(done, events, same, tomorrow) == (done, ())
    worse = said(ORANGE, (ago(10), YELLOW), (tomorrow, ORANGE), day=tomorrow)
    again, more = reconcile(done, events, worse, tomorrow)
    assert kinds(more) == [("reopened", tomorrow, ORANGE)]
    assert (again.status, again.id) == ("open", span.id)


def test_a_resolved_alert_reopens_on_a_new_onset():
    span, events = opened(ORANGE)
    done, event = resolve(span, act(ORANGE))
    low, back = DAY + dt.timedelta(days=5), DAY + dt.timedelta(days=15)
    changes = ((ago(10), ORANGE), (low, NONE), (back, BLUE))
    again, more = reconcile(done, (*events, event), said(BLUE, *changes, day=back), back)
    assert [one.kind for one in more] == ["eased", "reopened"]
    assert again.status == "open"


def test_a_level_that_only_a_forecast_gives_raises_today():
    span, events = reconcile(None, (), said(ORANGE), DAY)
    assert kinds(events) == [("raised", DAY, ORANGE)]
    assert reconcile(span, events, said(ORANGE), DAY) == (span, ())
    tomorrow = DAY + dt.timedelta(days=1)
    eased, more = reconcile(span, events, said(NONE, day=tomorrow), tomorrow)
    assert kinds(more) == [("eased", tomorrow, NONE)]
    assert eased.status == "open"


def test_people_acknowledge_assign_and_resolve_in_order():
    span, events = opened()
    span, first = acknowledge(span, act(reason="已看"))
    span, second = assign(span, "商务委", act())
    span, third = resolve(span, act())
    assert span.status == "resolved"
    assert span.assignee == "商务委"
    assert second.detail == {"assignee": "商务委"}
    assert status_as_of([*events, first, second, third], DAY) == "resolved"
    assert status_as_of([*events, first, second, third], ago(1)) == "open"
    assert status_as_of(events, ago(99)) is None


def test_what_the_state_does_not_allow_is_a_conflict():
    span, _ = opened()
    seen, _ = acknowledge(span, act())
    with pytest.raises(Conflict, match="acknowledged"):
        acknowledge(seen, act())
    done, _ = resolve(seen, act())
    for impossible in (lambda: resolve(done, act()), lambda: assign(done, "商务委", act())):
        with pytest.raises(Conflict, match="resolved"):
            impossible()
    with pytest.raises(Conflict, match="raised on"):
        acknowledge(span, act(day=ago(30)))
    with pytest.raises(Conflict, match="nobody"):
        assign(span, " ", act())


def test_a_false_alarm_needs_a_reason_and_is_marked_once():
    span, _ = opened()
    with pytest.raises(Conflict, match="reason"):
        mark_false(span, act())
    false, event = mark_false(span, act(reason="价格录入错误"))
    assert (false.false_alarm, false.status, event.detail) == (True, "resolved", {"false_alarm": True})
    assert "价格录入错误" in event.reason_zh
    with pytest.raises(Conflict, match="already"):
        mark_false(false, act(reason="又"))


def test_a_comment_changes_nothing_but_the_history():
    span, _ = opened()
    same, event = comment(span, act(reason="已联系两家超市"))
    assert (same, event.kind) == (span, "commented")
    with pytest.raises(Conflict, match="empty"):
        comment(span, act())
