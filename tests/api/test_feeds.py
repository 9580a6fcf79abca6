"""Feeds: what each reads and how it stands; snapshots and their rejected lines."""

from __future__ import annotations


def test_every_feed_says_what_it_reads_and_how_it_stands(client):
    feeds = {feed["id"]: feed for feed in client.get("/v1/feeds").json()["items"]}
    agmarknet = feeds["agmarknet"]
    assert agmarknet["reads"]
    assert (agmarknet["snapshots"], agmarknet["rejected"], agmarknet["accepted"]) == (2, 4, 12)
    assert agmarknet["last_success_at"] == "2018-12-02T10:00:00+08:00"
    assert agmarknet["state"] == "stale"
    if "xinfadi" in feeds:
        assert (feeds["xinfadi"]["state"], feeds["xinfadi"]["last_fetch_detail"]) == ("failed", "timeout")


def test_snapshots_newest_first_with_what_was_taken_back_marked(client):
    items = client.get("/v1/feeds/agmarknet/snapshots").json()["items"]
    assert [item["id"] for item in items] == [3, 2, 1]
    assert items[0]["retracted_reason"] == "wrong file"
    for item in items:
        rest = item["accepted"] + item["repeated"] + item["rejected"] + sum(item["non_data"].values())
        assert item["lines_read"] == rest
    assert client.get("/v1/snapshots/1").json()["name"] == "1.csv"
    assert client.get("/v1/feeds/nothing/snapshots").status_code == 404
    assert client.get("/v1/snapshots/99").status_code == 404


def test_rejected_lines_by_page_and_by_reason(client):
    path = "/v1/snapshots/1/rejected"
    first = client.get(path, params={"limit": 2}).json()
    rest = client.get(path, params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["line"] for item in first["items"] + rest["items"]] == [3, 7, 9]
    assert rest["next"] is None
    named = client.get(path, params={"reason": "unknown-unit"}).json()["items"]
    assert [item["text"] for item in named] == ["line 3", "line 9"]
    assert client.get("/v1/snapshots/99/rejected").status_code == 404
