"""Which events are told, when, and what a subscription may not be."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from warning.errors import InvalidEntry
from warning.reference import load_catalog
from warning.subscriptions.making import made, rule_of
from warning.subscriptions.rule import Happening, wanted
from warning.subscriptions.subscription import Rule, Subscription, Way, check_subscription
from warning.subscriptions.timing import GAPS, SHANGHAI, due_at, next_try

PRODUCTS = load_catalog().products
RAISED = Happening("raised", 3, 3, "cabbage", "township", "500155104", "T3")
SUBSCRIPTION = Subscription("sub-1", "值班", Way.WEBHOOK, "https://example.org/hook", secret="whsec_AAAA")


@pytest.mark.parametrize(("rule", "heard"), [
    ({}, True), ({"level": 3}, True), ({"level": 4}, False), ({"products": ("cabbage",)}, True),
    ({"products": ("onion",)}, False), ({"groups": ("vegetable_head",)}, True), ({"groups": ("citrus",)}, False),
    ({"products": ("onion",), "groups": ("vegetable_head",)}, True), ({"place_kinds": ("market",)}, False),
    ({"places": ("500155104",)}, True), ({"places": ("500155102",)}, False), ({"tiers": ("T1",)}, False),
    ({"kinds": ("ended",)}, False),
])  # fmt: skip
def test_all_that_a_rule_names_must_hold(rule, heard):
    assert wanted(Rule(**rule), RAISED, PRODUCTS) is heard


def test_what_ends_is_told_to_those_who_had_heard_of_it():
    ended = dataclasses.replace(RAISED, kind="ended", level=0, peak_level=4)
    assert wanted(Rule(level=4), ended, PRODUCTS)
    assert not wanted(Rule(level=4), dataclasses.replace(ended, peak_level=2), PRODUCTS)


def at(text):
    return dt.datetime.fromisoformat(f"2026-03-02T{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("settings", "happened", "due"), [
    ({}, "03:00", "03:00"),
    ({"digest_at": "07:45"}, "07:40", "07:45"),
    ({"digest_at": "07:45"}, "07:46", "07:45+1"),
    ({"quiet_from": "22:00", "quiet_to": "07:00"}, "21:59", "21:59"),
    ({"quiet_from": "22:00", "quiet_to": "07:00"}, "22:00", "07:00+1"),
    ({"quiet_from": "22:00", "quiet_to": "07:00"}, "06:59", "07:00"),
    ({"quiet_from": "22:00", "quiet_to": "07:00"}, "07:00", "07:00"),
    ({"quiet_from": "12:00", "quiet_to": "14:00"}, "13:00", "14:00"),
    ({"digest_at": "06:00", "quiet_from": "22:00", "quiet_to": "07:00"}, "05:00", "07:00"),
])  # fmt: skip
def test_digests_and_quiet_hours_are_of_the_clock_in_shanghai(settings, happened, due):
    clock, _, days = due.partition("+")
    expected = at(clock) + dt.timedelta(days=int(days or 0))
    assert due_at(dataclasses.replace(SUBSCRIPTION, **settings), at(happened)) == expected


def test_tries_come_further_and_further_apart():
    now = at("08:00")
    waits = [next_try(tries, now) - now for tries in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[-1] == GAPS[-1] == dt.timedelta(hours=12)


@pytest.mark.parametrize(("wrong", "where"), [
    ({"name": "  "}, "name"), ({"target": "ftp://x/y"}, "target"), ({"target": "https://"}, "target"),
    ({"target": "https://user:pw@host/x"}, "target"), ({"target": "http://x:99999/"}, "target"),
    ({"target": "http://x /y"}, "target"), ({"target": "https://x/" + "y" * 600}, "target"),
    ({"way": Way.EMAIL, "target": "nobody"}, "target"), ({"way": Way.EMAIL, "target": "a@b\nBcc: c@d"}, "target"),
    ({"digest_at": "7:45"}, "digest_at"), ({"digest_at": "24:00"}, "digest_at"),
    ({"quiet_from": "22:00"}, "quiet_from"),
    ({"quiet_from": "22:00", "quiet_to": "22:00"}, "quiet_from"), ({"cool_hours": -1}, "cool_hours"),
    ({"cool_hours": 9999}, "cool_hours"), ({"rule": Rule(level=0)}, "level"), ({"secret": "mine"}, "secret"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(wrong, where):
    with pytest.raises(InvalidEntry) as told:
        check_subscription(dataclasses.replace(SUBSCRIPTION, **wrong))
    assert told.value.where == where
    assert told.value.todo


@pytest.mark.parametrize(("words", "where"), [
    ({"level": "purple"}, "level"), ({"groups": ["stones"]}, "group"), ({"place_kinds": ["moon"]}, "place_kind"),
    ({"tiers": ["T9"]}, "tier"), ({"kinds": ["sung"]}, "kind"),
])  # fmt: skip
def test_a_word_that_means_nothing_is_refused(words, where):
    with pytest.raises(InvalidEntry) as told:
        rule_of(known_groups=["citrus"], **words)
    assert told.value.where == where


def test_a_webhook_is_given_a_secret_and_an_unknown_way_is_refused():
    one = made("值班", "webhook", " https://example.org/hook ", Rule())
    check_subscription(one)
    assert one.secret.startswith("whsec_")
    assert one.target == "https://example.org/hook"
    with pytest.raises(InvalidEntry, match="there is no way 'pigeon'"):
        made("值班", "pigeon", "x", Rule())
