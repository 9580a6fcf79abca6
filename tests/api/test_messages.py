"""Alerts for machines over HTTP: CAP, Atom, and a stream that loses nothing and repeats nothing."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time

import feedparser
import httpx2
import pytest
import uvicorn
from lxml import etree

from api.app import create_app
from warning.store.settings import Settings
from warning.store.tables import AlertEventRow

ALERT = "onion.in-test-alpha.20181104"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
AT = dt.datetime(2018, 12, 9, 23, 30, tzinfo=dt.UTC)


def happened(store, sequence, kind="escalated", level=4, alert=ALERT):
    with store.writing() as session:
        row = AlertEventRow(alert_id=alert, sequence=sequence, kind=kind, business_date=dt.date(2018, 12, 2), at=AT,
                            level=level, by="run", reason_zh="升级", reason_en="up")  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def test_the_newest_message_of_an_alert(client, store):
    happened(store, 90)
    answer = client.get(f"/v1/alerts/{ALERT}/cap.xml")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/cap+xml")
    document = etree.fromstring(answer.content)
    assert document.find(f"{CAP}identifier").text == f"{ALERT}.90"
    assert document.find(f"{CAP}msgType").text == "Update"
    earlier = document.find(f"{CAP}references").text.split()
    first = client.get(f"/v1/alerts/{ALERT}/cap.xml", params={"event": earlier[0].split(",")[1].rsplit(".", 1)[1]})
    assert etree.fromstring(first.content).find(f"{CAP}msgType").text == "Alert"
    assert etree.fromstring(first.content).find(f"{CAP}references") is None


def test_remarks_make_no_message(client, store):
    before = client.get(f"/v1/alerts/{ALERT}/cap.xml").content
    client.post(f"/v1/alerts/{ALERT}/comment", json={"by": "王", "reason": "看过"})
    assert client.get(f"/v1/alerts/{ALERT}/cap.xml").content == before


@pytest.mark.parametrize(("path", "todo"), [
    ("/v1/alerts/nothing/cap.xml", "list them with GET /v1/alerts"),
    (f"/v1/alerts/{ALERT}/cap.xml?event=999", "its messages: "),
])  # fmt: skip
def test_what_is_not_there_is_a_404_that_says_what_is(client, path, todo):
    answer = client.get(path)
    assert answer.status_code == 404
    assert todo in answer.json()["todo"]


def test_the_feed_lists_the_newest_first_and_is_narrowed(client, store):
    happened(store, 90)
    found = feedparser.parse(client.get("/v1/alerts.atom").content)
    assert not found.bozo
    assert found.entries[0].id.endswith(f"{ALERT}.90")
    link = found.entries[0].links[0].href
    assert etree.fromstring(client.get(link).content).find(f"{CAP}identifier").text == f"{ALERT}.90"
    none = feedparser.parse(client.get("/v1/alerts.atom?product=cabbage&level=red&place=market").content)
    assert all("cabbage" in one.id for one in none.entries)
    assert client.get("/v1/alerts.atom?level=purple").status_code == 422
    assert client.get("/v1/alerts.atom?product=nothing-of-that-name").status_code == 422


def test_names_of_others_are_text_in_feed_and_message(client, store):
    spite = "onion.in-test-spite.20181104"
    happened(store, 1, "raised", alert=spite)
    feed, message = client.get("/v1/alerts.atom"), client.get(f"/v1/alerts/{spite}/cap.xml")
    assert message.status_code == 200
    for answer in (feed, message):
        assert b"<script" not in answer.content
        assert b"&lt;script&gt;" in answer.content


@pytest.fixture
def running(store):
    """The address of a real server over the store."""
    app = create_app(Settings(home=store.home, database_url=store.url), clock=lambda: AT)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive(), "a reader of the stream keeps the service from stopping"


def first(address, count, last=None):
    """The first events of a stream: (id, event, data) each."""
    headers = {"last-event-id": str(last)} if last is not None else {}
    found, current = [], {}
    with httpx2.stream("GET", f"{address}/v1/alerts/stream", headers=headers, timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name in {"id", "event", "data"}:
                current[name] = value
            elif not line and "id" in current:
                found.append((int(current["id"]), current["event"], json.loads(current["data"])))
                current = {}
                if len(found) == count:
                    return found
    return found


def test_a_stream_resumes_where_it_broke_off_and_repeats_nothing(running, store):
    numbers = [happened(store, sequence) for sequence in range(90, 95)]
    begun = first(running, 2, last=numbers[0] - 1)
    rest = first(running, 3, last=begun[-1][0])
    assert [one[0] for one in begun + rest] == numbers
    assert {one[1] for one in begun} == {"alert"}
    assert begun[0][2]["alert"] == ALERT
    assert begun[0][2]["level"] == "red"


def test_a_new_reader_hears_what_comes_next_while_others_are_served(running, store):
    heard = []
    reader = threading.Thread(target=lambda: heard.extend(first(running, 1)), daemon=True)
    reader.start()
    time.sleep(0.5)
    assert httpx2.get(f"{running}/healthz", timeout=5).status_code == 200
    number = happened(store, 90)
    reader.join(15)
    assert [one[0] for one in heard] == [number]


def test_an_id_that_is_none_is_refused(client):
    answer = client.get("/v1/alerts/stream", headers={"last-event-id": "x1"})
    assert answer.status_code == 422
    assert "no number of an event" in answer.json()["detail"]
