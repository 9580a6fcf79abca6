"""Lists: what they hold, in which order, and that paging gives each item once."""

from __future__ import annotations

import datetime as dt

import pytest

from warning.store.tables import AssessmentRow

DAY = "2018-12-02"
ALERT = "onion.in-test-alpha.20181104"
CONTRACT = {
    "id", "product", "market", "level", "observed_level", "forecast_level", "probability", "tier", "type", "raised_at",
    "status", "drivers", "place", "data_state",
}  # fmt: skip


def pages(client, path, **params):
    """Every item of a list, page by page."""
    items, cursor = [], None
    while True:
        answer = client.get(path, params=params | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next"]
        assert ("link" in answer.headers) == bool(cursor)
        if not cursor:
            return items


def test_alerts_come_worst_first_with_every_field_of_the_contract(client):
    answer = client.get("/v1/alerts").json()
    assert [(item["product"], item["market"], item["level"]) for item in answer["items"]] == [
        ("onion", "in-test-alpha", "red"),
        ("onion", "in-test-beta", "orange"),
        ("cabbage", None, "yellow"),
        ("onion", "in-test-spite", "blue"),
    ]
    first = answer["items"][0]
    assert set(first) >= CONTRACT
    assert first["id"] == ALERT
    assert first["raised_at"] == "2018-11-04"
    assert first["place"] == {
        "kind": "market", "id": "in-test-alpha", "name": "Market alpha", "name_en": "Market alpha",
    }  # fmt: skip
    assert first["drivers"][0].keys() == {"signal", "value", "line", "text_zh", "text_en"}
    assert first["forecast_level"] is None
    assert first["forecast_reason"]
    assert first["readings"] == {"r": 0.44, "z": None}
    assert answer["business_date"] == DAY


def test_as_of_gives_what_the_run_of_that_date_said(client):
    items = client.get("/v1/alerts", params={"as_of": "2018-12-01"}).json()["items"]
    assert [(item["market"], item["level"]) for item in items] == [("in-test-alpha", "yellow")]


@pytest.mark.parametrize(
    ("params", "levels"),
    [
        ({"level": "red"}, ["red"]),
        ({"level": "red,blue"}, ["red", "blue"]),
        ({"product": "洋葱"}, ["red", "orange", "blue"]),
        ({"product": "圆葱", "level": "orange"}, ["orange"]),
        ({"market": "Market beta"}, ["orange"]),
        ({"tier": "T3"}, ["yellow"]),
        ({"data_state": "stale"}, ["orange"]),
        ({"status": "open"}, ["red", "orange", "yellow", "blue"]),
        ({"status": "resolved"}, []),
        ({"township": "500155104"}, []),
    ],
)
def test_alerts_are_narrowed_by_any_name(client, params, levels):
    assert [item["level"] for item in client.get("/v1/alerts", params=params).json()["items"]] == levels


def test_a_date_without_a_done_run_is_a_404_that_names_the_nearest(client):
    for path in ("/v1/alerts", "/v1/risk"):
        answer = client.get(path, params={"as_of": "2018-12-03"})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert "2018-12-02" in answer.json()["detail"]
        assert "changxiao run --date 2018-12-03" in answer.json()["todo"]


def test_no_run_at_all_is_a_404_not_an_empty_list(empty_client):
    answer = empty_client.get("/v1/alerts")
    assert answer.status_code == 404
    assert "changxiao run" in answer.json()["todo"]


def test_risk_has_the_calm_and_the_unknown_too(client):
    items = client.get("/v1/risk").json()["items"]
    assert [item["level"] for item in items] == ["red", "orange", "yellow", "blue", "none", "unknown"]
    assert items[-1]["township"] == "500155104"
    assert [item["product"] for item in client.get("/v1/risk?level=unknown,none").json()["items"]] == [
        "tomato",
        "potato",
    ]


@pytest.mark.parametrize("path", ["/v1/alerts", "/v1/risk", "/v1/series", "/v1/markets", "/v1/products", "/v1/runs"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_together_are_the_whole_list_once(client, path, limit):
    whole = client.get(path, params={"limit": 500}).json()["items"]
    assert len(whole) >= 3
    if len(whole) < 60:
        assert pages(client, path, limit=limit) == whole


def test_a_run_that_ends_between_two_pages_does_not_mix_two_days(client, store):
    first = client.get("/v1/alerts", params={"limit": 2}).json()
    with store.writing() as session:
        from warning.store.tables import RunRow

        later, known = dt.date(2018, 12, 4), dt.datetime(2018, 12, 5, tzinfo=dt.UTC)
        session.add(
            RunRow(
                id=9,
                job="daily",
                business_date=later,
                status="done",
                known_at=known,
                claimed_at=known,
                heartbeat_at=known,
                finished_at=known,
            )
        )
        session.flush()
        session.add(
            AssessmentRow(
                run_id=9,
                business_date=later,
                product_id="onion",
                place_kind="market",
                place_id="in-test-alpha",
                level=1,
                observed_level=1,
                tier="T1",
                data_state="ok",
                alert_id=ALERT,
            )
        )
    assert client.get("/v1/alerts").json()["business_date"] == "2018-12-04"
    rest = client.get("/v1/alerts", params={"limit": 2, "cursor": first["next"]}).json()
    assert rest["business_date"] == DAY
    assert [item["level"] for item in first["items"] + rest["items"]] == ["red", "orange", "yellow", "blue"]


@pytest.mark.parametrize("cursor", ["x", "e30", "WyJhIl0", "W10", "%00", "é", "W" * 1999, "W1tbW1tb"])
def test_a_cursor_that_is_none_of_ours_is_refused(client, cursor):
    for path in ("/v1/alerts", "/v1/series", "/v1/products", "/v1/runs"):
        answer = client.get(path, params={"cursor": cursor})
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:changxiao:problem:invalid-cursor"


def test_a_cursor_of_another_query_or_another_day_is_refused(client):
    cursor = client.get("/v1/alerts", params={"limit": 1}).json()["next"]
    for params in ({"level": "red"}, {"product": "onion"}, {"as_of": "2018-12-01"}):
        assert client.get("/v1/alerts", params=params | {"cursor": cursor}).status_code == 422
    assert client.get("/v1/risk", params={"cursor": cursor}).status_code == 422


def test_series_by_names_of_product_and_market(client):
    items = client.get("/v1/series", params={"product": "洋葱", "market": "Market alpha"}).json()["items"]
    assert [item["id"] for item in items] == ["onion@in-test-alpha:wholesale"]
    assert (items[0]["first_day"], items[0]["last_day"], items[0]["currency"]) == ("2018-11-20", "2018-11-24", "INR")


def test_markets_that_feeds_registered_stand_beside_the_reviewed_ones(client):
    items = client.get("/v1/markets", params={"country": "in", "region": "test"}).json()["items"]
    assert {"in-test-alpha", "in-test-beta", "in-test-spite"} <= {item["id"] for item in items}
    assert len(pages(client, "/v1/markets")) > len(items)


def test_products_townships_and_channels_of_the_catalog(client):
    assert [item["id"] for item in client.get("/v1/products", params={"product": "圆葱"}).json()["items"]] == ["onion"]
    assert client.get("/v1/townships", params={"township": "500155104"}).json()["items"][0]["id"] == "500155104"
    channels = client.get("/v1/channels", params={"on": "2022-01-01"}).json()
    assert channels["on"] == "2022-01-01"
    numbers = [item["number"] for item in channels["items"]]
    assert numbers == sorted(numbers)
    assert all(item["lead"]["name_zh"] and item["clause"] for item in channels["items"])


def test_channels_for_a_product_come_in_order_of_use_with_their_reason(client):
    advised = client.get("/v1/channels", params={"product": "莲花白", "level": "orange", "on": "2022-01-01"}).json()[
        "items"
    ]
    assert 0 < len(advised) <= 13
    assert all(item["why_zh"] and item["role"] for item in advised)
    assert client.get("/v1/channels", params={"level": "purple"}).status_code == 422


def test_runs_newest_first_and_one_by_its_date(client):
    runs = client.get("/v1/runs").json()["items"]
    assert [run["business_date"] for run in runs] == ["2018-12-03", "2018-12-02", "2018-12-01"]
    assert runs[0]["error"] == "ValueError: no prices"
    assert [run["status"] for run in client.get("/v1/runs?status=failed").json()["items"]] == ["failed"]
    run = client.get("/v1/runs/2018-12-02").json()
    assert run["levels"] == {"red": 1, "orange": 1, "yellow": 1, "blue": 1, "none": 1, "unknown": 1}
    assert run["known_at"] == "2018-12-03T07:30:00+08:00"
    assert run["summary"]["share"] is None
    assert client.get("/v1/runs/2018-11-01").status_code == 404


def test_names_to_be_confirmed_and_what_a_person_decides(client):
    (name,) = client.get("/v1/names", params={"decided": "false"}).json()["items"]
    assert name["candidates"][0]["id"] == "onion"
    decided = client.post(f"/v1/names/{name['id']}/confirm", json={"meaning": "洋葱", "by": "王"}).json()
    assert (decided["meaning"], decided["decided_by"]) == ("onion", "王")
    assert decided["decided_at"].endswith("+08:00")
    assert client.get("/v1/names", params={"decided": "false"}).json()["items"] == []
    assert client.post(f"/v1/names/{name['id']}/refuse", json={"by": "王"}).json()["meaning"] == ""
    unknown = client.post(f"/v1/names/{name['id']}/confirm", json={"meaning": "no such thing", "by": "王"})
    assert unknown.status_code == 422
    assert client.post("/v1/names/99/refuse", json={"by": "王"}).status_code == 404


def test_a_rerun_that_failed_leaves_what_the_day_was_judged(client, store):
    from warning.store.tables import RunRow

    with store.writing() as session:
        run = session.get(RunRow, 2)
        run.status, run.knowledge = "failed", "digest"
    assert client.get("/v1/alerts").json()["business_date"] == DAY
