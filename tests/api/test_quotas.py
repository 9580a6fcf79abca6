"""Quotas through the service: set, drawn by what is taken, never overdrawn, with a ledger that only grows."""

from __future__ import annotations

import placing
import pytest

PATH = "/v1/units/reserve/quotas/2018"
PROBLEM = "application/problem+json"


@pytest.fixture
def office(client, store):
    placing.glut(store)
    return client


def take(client, tonnes, unit="reserve", day="2018-12-05", **more):
    row = {"unit": unit, "day": day, "tonnes": tonnes} | more
    return client.post(f"/v1/alerts/{placing.DISTRICT}/responses", json={"by": "店", "responses": [row]})


def test_a_quota_is_set_drawn_by_what_is_taken_and_listed(office):
    told = office.put(PATH, json={"tonnes": 20, "cny": 50_000, "by": "财政"})
    assert told.status_code == 200, told.text
    assert told.json() == {
        "unit": "reserve", "unit_name": "832预留", "year": 2018, "tonnes": 20.0, "cny": 50_000.0, "drawn_t": 0.0,
        "drawn_cny": 0.0, "left_t": 20.0, "left_cny": 50_000.0,
    }  # fmt: skip
    assert take(office, 4.5).status_code == 201
    account = office.get(PATH).json()
    assert (account["drawn_t"], account["left_t"]) == (4.5, 15.5)
    assert (account["drawn_cny"], account["left_cny"]) == (8550.0, 41_450.0)  # at its own 1.90
    listed = office.get("/v1/quotas").json()
    assert (listed["year"], listed["items"]) == (2018, [account])
    assert office.get("/v1/quotas", params={"year": 2019}).json()["items"] == []


def test_accounts_come_page_by_page_with_the_names_of_retired_units_too(office):
    for unit in ("reserve", "mall"):
        assert office.put(f"/v1/units/{unit}/quotas/2018", json={"tonnes": 1, "by": "财政"}).status_code == 200
    office.delete("/v1/units/mall", params={"by": "王"})
    first = office.get("/v1/quotas", params={"limit": 1}).json()
    second = office.get("/v1/quotas", params={"limit": 1, "cursor": first["next"]}).json()
    assert [one["unit_name"] for one in first["items"] + second["items"]] == ["连锁超市", "832预留"]
    assert second["next"] is None
    other = office.get("/v1/quotas", params={"limit": 1, "cursor": first["next"], "year": 2019})
    assert other.status_code == 422


def test_a_quota_is_never_overdrawn_and_a_refused_response_leaves_no_trace(office):
    office.put(PATH, json={"tonnes": 5, "by": "财政"})
    assert take(office, 4).status_code == 201
    over = take(office, 1.5, day="2018-12-06")
    assert (over.status_code, over.headers["content-type"]) == (409, PROBLEM)
    assert over.json()["type"] == "urn:changxiao:problem:conflict"
    assert "reserve" in over.json()["detail"]
    assert office.get(PATH).json()["left_t"] == 1.0
    assert [one["what"] for one in office.get(f"{PATH}/entries").json()["items"]] == ["set", "draw"]
    assert len(office.get(f"/v1/alerts/{placing.DISTRICT}/responses").json()["items"]) == 1


def test_less_than_is_drawn_cannot_be_set(office):
    office.put(PATH, json={"tonnes": 5, "by": "财政"})
    take(office, 4)
    less = office.put(PATH, json={"tonnes": 3, "by": "财政"})
    assert less.status_code == 409
    assert "4" in less.json()["detail"]
    assert office.get(PATH).json()["tonnes"] == 5.0


def test_the_ledger_keeps_every_setting_draw_and_correction(office):
    take(office, 2)  # before there is an account: drawn when it is opened
    office.put(PATH, json={"tonnes": 5, "by": "财政"})
    take(office, 3)  # corrects the two
    office.put(PATH, json={"tonnes": 9, "by": "李"})
    told = office.get(f"{PATH}/entries").json()
    assert (told["unit"], told["year"]) == ("reserve", 2018)
    assert [(one["what"], one["tonnes"], one["by"]) for one in told["items"]] == [
        ("set", 5.0, "财政"),
        ("draw", 2.0, "财政"),
        ("correct", 1.0, "店"),
        ("set", 9.0, "李"),
    ]
    assert all(one["at"].endswith("+08:00") for one in told["items"])
    assert told["items"][1]["response"] != told["items"][2]["response"]


def test_a_plan_places_no_more_than_the_quota_leaves(office):
    office.put(PATH, json={"tonnes": 6, "by": "财政"})
    take(office, 4)
    plan = office.get(f"/v1/alerts/{placing.DISTRICT}/plan").json()
    assert 0 < sum(one["tonnes_t"] for one in plan["placements"] if one["unit_id"] == "reserve") <= 2.0


def test_a_unit_or_an_account_that_is_not_there_is_a_404(office):
    body = {"tonnes": 1, "by": "财政"}
    for answer in (
        office.put("/v1/units/nobody/quotas/2018", json=body),
        office.get("/v1/units/nobody/quotas/2018"),
        office.get("/v1/units/nobody/quotas/2018/entries"),
        office.get(PATH),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert answer.json()["todo"]
    assert office.get(f"{PATH}/entries").json()["items"] == []
    office.delete("/v1/units/reserve", params={"by": "王"})
    assert office.put(PATH, json=body).status_code == 404


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"by": "财政"}, {"body"}),
        ({"tonnes": -1, "cny": -1, "by": ""}, {"body.tonnes", "body.cny", "body.by"}),
        ({"tonnes": "many", "euros": 1, "by": "财政"}, {"body.tonnes", "body.euros"}),
        ({"tonnes": 1}, {"body.by"}),
    ],
)
def test_a_faulty_quota_is_refused_with_all_its_faults_and_not_set(office, body, where):
    answer = office.put(PATH, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert {fault["where"] for fault in answer.json()["errors"]} == where
    assert office.get(PATH).status_code == 404


def test_a_year_that_is_none_and_a_body_that_is_no_json_are_refused(office):
    assert office.put("/v1/units/reserve/quotas/18", json={"tonnes": 1, "by": "财"}).status_code == 422
    assert office.get("/v1/quotas", params={"year": "next"}).json()["errors"][0]["where"] == "query.year"
    sent = office.put(PATH, content=b"tonnes=1", headers={"content-type": "text/plain"})
    assert (sent.status_code, sent.headers["content-type"]) == (415, PROBLEM)
