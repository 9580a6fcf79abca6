"""The register through the service: put, listed, narrowed, read as of a moment, retired, with every version."""

from __future__ import annotations

import placing
import pytest

from api.app import create_app
from warning.store.settings import Settings

SCHOOL = {"name": "二小", "channel": "canteens", "kind": "school", "diners": 900, "by": "王"}
PROBLEM = "application/problem+json"


@pytest.fixture
def office(client, store):
    placing.glut(store)
    return client


def put(client, unit_id="school-2", **more):
    return client.put(f"/v1/units/{unit_id}", json=SCHOOL | more)


def ids(client, **asked):
    return [unit["id"] for unit in client.get("/v1/units", params=asked).json()["items"]]


def test_a_unit_is_added_once_replaced_as_a_whole_and_the_same_again_changes_nothing(client):
    first = put(client, township="屏锦镇", accepts=["莲花白", "vegetable_leaf"], prefers=["洋葱"], contact="李老师")
    assert first.status_code == 201, first.text
    unit = first.json()
    assert (unit["id"], unit["name"], unit["kind_name"]) == ("school-2", "二小", "学校食堂")
    assert (unit["township"], unit["township_name"]) == ("500155104", "屏锦镇")
    assert (unit["accepts"], unit["prefers"]) == (["cabbage", "vegetable_leaf"], ["onion"])
    assert unit["capacity_t"] > 0
    assert unit["channel_name"]
    assert client.get("/v1/units/school-2").json() == unit
    again = put(
        client, township="500155104", accepts=["cabbage", "vegetable_leaf"], prefers=["onion"], contact="李老师"
    )
    assert (again.status_code, again.json()) == (200, unit)
    assert len(client.get("/v1/units/school-2/history").json()["items"]) == 1
    other = put(client, diners=950)
    assert (other.status_code, other.json()["diners"], other.json()["contact"]) == (200, 950, "")
    assert other.json()["township"] is None
    assert len(client.get("/v1/units/school-2/history").json()["items"]) == 2


@pytest.mark.parametrize("channel", ["canteens", "6", "食堂"])
def test_a_channel_is_meant_by_id_number_or_name(client, channel):
    channels = client.get("/v1/channels").json()["items"]
    canteens = next(one for one in channels if one["id"] == "canteens")
    word = {"canteens": "canteens", "6": str(canteens["number"]), "食堂": canteens["name_zh"]}[channel]
    assert put(client, channel=word).json()["channel"] == "canteens"


def test_units_are_listed_by_id_page_by_page_and_narrowed(office):
    assert ids(office) == ["cold", "mall", "reserve", "school"]
    page = office.get("/v1/units", params={"limit": 3})
    rest = office.get("/v1/units", params={"limit": 3, "cursor": page.json()["next"]}).json()
    assert [unit["id"] for unit in rest["items"]] == ["school"]
    assert 'rel="next"' in page.headers["link"]
    assert ids(office, kind="school") == ids(office, channel="canteens") == ids(office, township="屏锦镇") == ["school"]
    assert ids(office, kind="export") == []


def test_a_page_of_one_question_does_not_go_on_in_another(office):
    cursor = office.get("/v1/units", params={"limit": 1}).json()["next"]
    other = office.get("/v1/units", params={"limit": 1, "cursor": cursor, "kind": "school"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:changxiao:problem:invalid-cursor")


def test_a_retired_unit_is_in_no_list_and_no_plan_but_its_versions_remain(office):
    plan = f"/v1/alerts/{placing.DISTRICT}/plan"
    assert "mall" in {one["unit_id"] for one in office.get(plan).json()["placements"]}
    gone = office.delete("/v1/units/mall", params={"by": "王"})
    assert (gone.status_code, gone.content) == (204, b"")
    assert "mall" not in ids(office)
    assert "mall" not in {one["unit_id"] for one in office.get(plan).json()["placements"]}
    assert office.get("/v1/units/mall").status_code == 404
    assert office.delete("/v1/units/mall", params={"by": "王"}).status_code == 404
    versions = office.get("/v1/units/mall/history").json()["items"]
    assert [(one["by"], one["retired"], one["unit"]["name"]) for one in versions] == [
        ("office", False, "连锁超市"),
        ("王", True, "连锁超市"),
    ]
    assert office.put("/v1/units/mall", json=SCHOOL).status_code == 201  # back again
    assert "mall" in ids(office)


def test_the_register_is_read_as_it_was_known_at_a_moment(office):
    put(office, "school", diners=1)
    assert office.get("/v1/units/school").json()["diners"] == 1
    before = {"as_of": "2018-12-09T08:00:00+08:00"}
    assert office.get("/v1/units/school", params=before).json()["diners"] == 3200
    assert ids(office, as_of="2018-11-01") == []
    assert office.get("/v1/units/school", params={"as_of": "2018-11-01"}).status_code == 404
    assert office.get("/v1/units", params={"as_of": "yesterday"}).status_code == 422


def test_a_unit_that_is_not_there_is_a_404_with_what_to_do(office):
    for answer in (
        office.get("/v1/units/nobody"),
        office.get("/v1/units/nobody/history"),
        office.delete("/v1/units/nobody", params={"by": "王"}),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert answer.json()["todo"]


def test_who_takes_a_unit_out_must_be_said(office):
    answer = office.delete("/v1/units/mall")
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "query.by")
    assert "mall" in ids(office)


def test_every_faulty_field_of_a_unit_is_named_at_once_and_nothing_is_written(client):
    form = put(client, kind="castle", diners=-1, latitude=91, loss_rate=1, nonsense=1, name=" ", by="")
    assert form.status_code == 422
    where = {fault["where"] for fault in form.json()["errors"]}
    assert where == {f"body.{name}" for name in ("kind", "diners", "latitude", "loss_rate", "nonsense", "name", "by")}
    names = put(client, channel="moon", township="nowhere", accepts=["cabbage", "stones"], prefers=["sticks"], diners=0)
    assert (names.status_code, names.headers["content-type"]) == (422, PROBLEM)
    where = {fault["where"] for fault in names.json()["errors"]}
    assert {"body.channel", "body.township", "body.accepts.1", "body.prefers.0"} <= where
    assert "canteens" in names.json()["candidates"]
    assert ids(client) == []


def test_what_contradicts_itself_is_refused_in_both_languages(client):
    lone = put(client, latitude=30.6)
    assert lone.status_code == 422
    assert any("\u4e00" <= sign <= "\u9fff" for sign in lone.json()["errors"][0]["what"])
    blank = client.put("/v1/units/%20", json=SCHOOL)
    assert (blank.status_code, blank.json()["errors"][0]["where"]) == (422, "path.unit_id")
    assert ids(client) == []


def test_a_unit_sent_as_something_else_than_json_is_a_415(client):
    sent = client.put("/v1/units/a", content=b"name=x", headers={"content-type": "application/x-www-form-urlencoded"})
    assert (sent.status_code, sent.headers["content-type"]) == (415, PROBLEM)
    assert sent.json()["where"] == "header.content-type"


def test_the_description_tells_of_the_415_wherever_json_is_taken(tmp_path):
    document = create_app(Settings(home=tmp_path)).openapi()
    takers = [
        operation
        for methods in document["paths"].values()
        for operation in methods.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert len(takers) >= 8
    assert all("415" in operation["responses"] for operation in takers)
    upload = document["paths"]["/v1/uploads"]["post"]
    assert "415" not in upload["responses"]
