"""The feed as a reader's library reads it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import feedparser
from noticing import AT, FIRST

from warning.messages.atom import atom_feed


def read(*notices):
    found = feedparser.parse(
        atom_feed(notices, base="http://127.0.0.1:8000", own="http://127.0.0.1:8000/v1/alerts.atom")
    )
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    return found


def test_entries_lead_to_their_messages():
    later = dataclasses.replace(FIRST, sequence=2, kind="escalated", at=AT + dt.timedelta(days=1))
    found = read(later, FIRST)
    assert [one.id for one in found.entries] == [
        "tag:changxiao,2026:cabbage.500155.20260301.2", "tag:changxiao,2026:cabbage.500155.20260301.1",
    ]  # fmt: skip
    (link,) = found.entries[0].links
    assert (link.rel, link.type) == ("alternate", "application/cap+xml")
    assert link.href == "http://127.0.0.1:8000/v1/alerts/cabbage.500155.20260301/cap.xml?event=2"
    assert found.feed.updated == "2026-03-04T07:30:05+08:00"
    assert found.entries[1].tags[0].term == "red"
    assert "42%" in found.entries[1].summary


def test_an_empty_feed_is_a_feed():
    assert read().entries == []


def test_hostile_text_is_text():
    spite = "]]><script>x</script> & \x0b"
    (one,) = read(dataclasses.replace(FIRST, product=(spite, spite), reason=(spite, ""))).entries
    assert "<script>x</script> &" in one.title
