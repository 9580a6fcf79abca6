"""Observations as they were known at an instant, and forecasts."""

from __future__ import annotations

import pytest

PATH = "/v1/series/onion@in-test-alpha:wholesale"


def prices(client, **params):
    answer = client.get(f"{PATH}/observations", params=params)
    assert answer.status_code == 200, answer.text
    return {item["day"][-2:]: item["price_per_kg"] for item in answer.json()["items"]}


def test_a_day_is_the_median_of_its_varieties_and_the_sum_of_their_volume(client):
    answer = client.get(f"{PATH}/observations").json()
    first = answer["items"][0]
    assert (first["day"], first["price_per_kg"], first["volume_kg"], first["varieties"]) == ("2018-11-20", 6, 3000, 3)
    assert first["issued_at"] == "2018-11-21T10:00:00+08:00"
    assert answer["series"]["currency"] == "INR"


def test_a_kept_but_unread_price_is_null_and_flagged(client):
    items = {item["day"]: item for item in client.get(f"{PATH}/observations").json()["items"]}
    slip = items["2018-11-22"]
    assert slip["price_per_kg"] is None
    assert slip["flags"] == ["issue_assumed", "price_tenfold"]


def test_as_of_sees_the_version_of_that_time(client):
    now = {"20": 6, "21": 5.5, "22": None, "24": 7}
    assert prices(client) == now
    assert prices(client, as_of="2018-12-01T12:00:00+08:00") == now | {"21": 5.0}
    # a date stands for its next 07:30 in Shanghai: the correction of 2 December 10:00 comes after 1 December's
    assert prices(client, as_of="2018-12-01")["21"] == 5.0
    assert prices(client, as_of="2018-12-02")["21"] == 5.5
    assert prices(client, as_of="2018-11-20") == {}


def test_what_was_taken_back_was_known_until_then(client):
    assert "23" not in prices(client)
    assert prices(client, as_of="2018-12-04T00:00:00Z")["23"] == 9.0
    assert "23" not in prices(client, as_of="2018-12-07T00:00:00Z")


def test_received_before_asks_what_we_knew(client):
    assert prices(client, received_before="2018-12-01T12:00:00Z")["21"] == 5.0
    assert prices(client, received_before="2018-12-02T12:00:00Z")["21"] == 5.5
    assert prices(client, received_before="2018-11-30") == {}
    assert prices(client, received_before="2018-12-04T00:00:00Z")["23"] == 9.0


def test_from_to_and_pages(client):
    assert list(prices(client, **{"from": "2018-11-21", "to": "2018-11-22"})) == ["21", "22"]
    days, cursor = [], None
    for _ in range(9):
        params = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        answer = client.get(f"{PATH}/observations", params=params).json()
        days += [item["day"][-2:] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert days == ["20", "21", "22", "24"]


def test_a_plus_that_an_address_lost_is_understood(client):
    answer = client.get(f"{PATH}/observations?as_of=2018-12-01T12:00:00+08:00").json()
    assert answer["as_of"] == "2018-12-01T12:00:00+08:00"


@pytest.mark.parametrize(
    "as_of", ["2018-12-01T12:00:00", "yesterday", "12345", "0001-01-01", "9999-12-31", "2018-13-01"]
)
def test_an_instant_without_a_zone_or_sense_is_refused(client, as_of):
    answer = client.get(f"{PATH}/observations", params={"as_of": as_of})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.as_of"


def test_forecasts_stand_beside_their_baseline(client):
    answer = client.get(f"{PATH}/forecasts").json()
    assert answer["issue_day"] == "2018-12-02"
    assert [item["horizon_days"] for item in answer["items"]] == [7, 14]
    assert answer["items"][0]["baseline_q50"] == 2.5
    assert client.get(f"{PATH}/forecasts", params={"issued": "2018-12-01"}).json()["issue_day"] == "2018-12-01"
    assert client.get("/v1/series/onion@in-test-beta:wholesale/forecasts").json()["items"] == []


def test_an_unknown_series_is_a_404(client):
    for path in ("", "/observations", "/forecasts"):
        assert client.get(f"/v1/series/nothing@nowhere:wholesale{path}").status_code == 404
