"""One alert: its history as of a day, and what people do with it."""

from __future__ import annotations

import json

import pytest

from warning.store import alerts

ALERT = "onion.in-test-alpha.20181104"
PATH = f"/v1/alerts/{ALERT}"


def test_an_alert_has_its_levels_by_day_and_its_events(client):
    alert = client.get(PATH).json()
    assert [(day["business_date"], day["level"]) for day in alert["history"]] == [
        ("2018-12-01", "yellow"),
        ("2018-12-02", "red"),
    ]
    assert [event["kind"] for event in alert["events"]] == ["raised", "escalated"]
    assert alert["events"][0]["at"].endswith("+08:00")
    assert alert["history"][0]["run"] == 1


def test_as_of_leaves_out_what_came_later(client):
    alert = client.get(PATH, params={"as_of": "2018-12-01"}).json()
    assert alert["level"] == "yellow"
    assert [event["kind"] for event in alert["events"]] == ["raised"]
    assert client.get(PATH, params={"as_of": "2018-11-30"}).status_code == 404


def test_the_way_of_an_alert_through_the_office(client):
    seen = client.post(f"{PATH}/acknowledge", json={"by": "王"}).json()
    assert (seen["status"], seen["status_zh"]) == ("acknowledged", "已确认")
    given = client.post(f"{PATH}/assign", json={"by": "王", "assignee": "商务委", "reason": "先找冷库"}).json()
    assert (given["status"], given["assignee"]) == ("assigned", "商务委")
    said = client.post(f"{PATH}/comment", json={"by": "李", "reason": "冷库已满"}).json()
    assert said["status"] == "assigned"
    done = client.post(f"{PATH}/resolve", json={"by": "李", "reason": "已售完"}).json()
    assert done["status"] == "resolved"
    assert [event["kind"] for event in done["events"]][2:] == ["acknowledged", "assigned", "commented", "resolved"]
    assert [event["sequence"] for event in done["events"]] == [1, 2, 3, 4, 5, 6]
    assert "先找冷库" in done["events"][3]["reason_zh"]
    assert "商务委" in done["events"][3]["reason_en"]
    assert client.get("/v1/alerts?status=resolved").json()["items"][0]["id"] == ALERT


def test_what_people_did_later_does_not_change_an_earlier_day(client):
    client.post(f"{PATH}/acknowledge", json={"by": "王"})
    statuses = [
        client.get("/v1/alerts", params={"as_of": day}).json()["items"][0]["status"]
        for day in ("2018-12-01", "2018-12-02")
    ]
    assert statuses == ["open", "acknowledged"]


def test_what_is_not_possible_now_is_a_conflict_and_changes_nothing(client):
    client.post(f"{PATH}/resolve", json={"by": "王", "reason": "已售完"})
    before = client.get(PATH).json()
    for deed, body in (("acknowledge", {}), ("assign", {"assignee": "商务委"}), ("resolve", {})):
        answer = client.post(f"{PATH}/{deed}", json={"by": "王"} | body)
        assert answer.status_code == 409, deed
        assert answer.json()["type"] == "urn:changxiao:problem:conflict"
    assert client.get(PATH).json() == before


def test_a_false_alarm_needs_its_reason(client):
    assert client.post(f"{PATH}/resolve", json={"by": "王", "false_alarm": True}).status_code in {409, 422}
    settled = client.post(f"{PATH}/resolve", json={"by": "王", "false_alarm": True, "reason": "价格录错"}).json()
    assert settled["false_alarm"] is True


@pytest.mark.parametrize("deed", ["acknowledge", "assign", "resolve", "comment"])
def test_an_unknown_alert_is_a_404(client, deed):
    body = {"by": "王", "reason": "x"} | ({"assignee": "商务委"} if deed == "assign" else {})
    assert client.post(f"/v1/alerts/nothing/{deed}", json=body).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"by": ""}, {"by": "  "}, {"by": "a\x00b"}, {"by": "王", "extra": 1}, {"by": "\ud800"}, {"by": "x" * 201}, []],
)
def test_a_faulty_body_names_the_field(client, body):
    answer = client.post(f"{PATH}/acknowledge", content=json.dumps(body), headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"].startswith("body")


def test_a_closed_alert_marked_as_false_stays_closed(client, store):
    from warning.store.tables import AlertRow

    with store.writing() as session:
        session.get(AlertRow, ALERT).status = "closed"
    marked = client.post(f"{PATH}/resolve", json={"by": "王", "false_alarm": True, "reason": "价格录错"}).json()
    assert marked["false_alarm"] is True
    assert marked["events"][-1]["kind"] == "commented"


def test_the_status_after_an_event_is_that_of_the_state_machine():
    from warning.alerts import STATUS_AFTER

    assert alerts.STATUS_AFTER == STATUS_AFTER
