"""Fetching live feeds: pace, retries, limits and honest failure, over a mock transport and a loopback server."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import httpx2
import pytest

from pipelines.feeds import eastmoney_index, farm_daily, hog_maize, index200, jiangnan, moa_pagelist, xinfadi
from pipelines.feeds.base import Feed, LiveRequest, LiveSource
from pipelines.feeds.live import Limits, Pace, answers, fetch, open_client
from warning.errors import FeedFailed

DAY = dt.date(2026, 11, 23)
QUICK = Limits(attempts=3, wait_first=0.001, wait_longest=0.01)
AGENT = "changxiao-test/1 (nobody@example.org)"


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock=clock, sleep=clock.sleep)


def feed_of(*requests):
    return Feed(
        id="mock", title_zh="", title_en="", country="CN", timezone="Asia/Shanghai", reads="", suffixes=(".json",),
        read=lambda files, options: [], live=LiveSource(requests=lambda day: iter(requests), terms=""),
    )  # fmt: skip


def client_of(handler):
    return open_client(AGENT, transport=httpx2.MockTransport(handler))


def get(name="a.json", url="http://one.example/a", **more):
    return LiveRequest(name, "GET", url, **more)


def test_answers_come_raw_and_in_order(pace):
    def handler(request):
        assert request.headers["User-Agent"] == AGENT
        return httpx2.Response(200, content=b"\xff\x00" + request.url.path.encode())

    with client_of(handler) as client:
        files = fetch(feed_of(get(), get("b.json", "http://one.example/b")), DAY, client=client, pace=pace)
    assert [(file.name, file.content) for file in files] == [("a.json", b"\xff\x00/a"), ("b.json", b"\xff\x00/b")]


def test_a_host_is_asked_once_a_second_and_others_do_not_wait(pace, clock):
    times = []

    def handler(request):
        times.append((request.url.host, clock.now))
        return httpx2.Response(200, content=b"1")

    hosts = ["one", "one", "two", "one"]
    requests = [get(f"{i}.json", f"http://{host}.example/") for i, host in enumerate(hosts)]
    with client_of(handler) as client:
        fetch(feed_of(*requests), DAY, client=client, pace=pace)
    assert times == [("one.example", 100.0), ("one.example", 101.0), ("two.example", 101.0), ("one.example", 102.0)]


def test_the_pace_is_kept_across_feeds_and_retries(pace, clock):
    statuses = iter([503, 429, 200, 200])
    times = []

    def handler(request):
        times.append(clock.now)
        return httpx2.Response(next(statuses), content=b"1")

    with client_of(handler) as client:
        fetch(feed_of(get()), DAY, client=client, pace=pace, limits=QUICK)
        fetch(feed_of(get()), DAY, client=client, pace=pace, limits=QUICK)
    assert times == [100.0, 101.0, 102.0, 103.0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_source_is_asked_again_and_then_given_up(pace, status):
    calls = []

    def handler(request):
        calls.append(request.method)
        return httpx2.Response(status)

    with client_of(handler) as client, pytest.raises(FeedFailed, match=f"status {status}, 3 times") as caught:
        fetch(feed_of(get()), DAY, client=client, pace=pace, limits=QUICK)
    assert len(calls) == 3
    assert caught.value.where == "mock: GET http://one.example/a"
    assert caught.value.todo


def test_retry_after_is_kept_to(pace):
    import stamina

    waits = []
    stamina.instrumentation.set_on_retry_hooks([lambda details: waits.append(details.wait_for)])
    answered = iter([httpx2.Response(429, headers={"Retry-After": "0"}), httpx2.Response(200, content=b"1")])
    try:
        with client_of(lambda request: next(answered)) as client:
            limits = Limits(attempts=3, wait_first=30, wait_longest=60)
            fetch(feed_of(get()), DAY, client=client, pace=pace, limits=limits)
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    assert waits == [0.0]


@pytest.mark.parametrize("error", [httpx2.ConnectError, httpx2.ReadTimeout, httpx2.RemoteProtocolError])
def test_a_broken_connection_is_tried_again(pace, error):
    calls = []

    def handler(request):
        calls.append(1)
        if len(calls) < 3:
            raise error("broken", request=request)
        return httpx2.Response(200, content=b"{}")

    with client_of(handler) as client:
        (file,) = fetch(feed_of(get()), DAY, client=client, pace=pace, limits=QUICK)
    assert (file.content, len(calls)) == (b"{}", 3)


def test_a_connection_that_stays_broken_fails_the_feed(pace):
    def handler(request):
        raise httpx2.ConnectError("nobody there", request=request)

    with client_of(handler) as client, pytest.raises(FeedFailed, match="ConnectError nobody there"):
        fetch(feed_of(get()), DAY, client=client, pace=pace, limits=QUICK)


@pytest.mark.parametrize(
    ("response", "says"),
    [(httpx2.Response(404), "status 404"), (httpx2.Response(403), "status 403"),
     (httpx2.Response(302, headers={"Location": "https://elsewhere.example/"}), "status 302 to https://elsewhere")],
)  # fmt: skip
def test_a_refusal_is_not_repeated(pace, response, says):
    calls = []

    def handler(request):
        calls.append(1)
        return response

    with client_of(handler) as client, pytest.raises(FeedFailed, match=says):
        fetch(feed_of(get()), DAY, client=client, pace=pace, limits=QUICK)
    assert len(calls) == 1


def test_an_empty_answer_is_asked_for_again(pace):
    bodies = iter([b"", b"[]"])
    with client_of(lambda request: httpx2.Response(200, content=next(bodies))) as client:
        (file,) = fetch(feed_of(get()), DAY, client=client, pace=pace, limits=QUICK)
    assert file.content == b"[]"


def test_an_answer_that_unpacks_too_large_is_cut_off(pace):
    packed = gzip.compress(b"0" * 5_000_000)

    def handler(request):
        return httpx2.Response(200, content=packed, headers={"Content-Encoding": "gzip"})

    limits = Limits(largest_answer=1_000_000)
    with client_of(handler) as client, pytest.raises(FeedFailed, match="larger than 1000000"):
        fetch(feed_of(get()), DAY, client=client, pace=pace, limits=limits)


def test_an_answer_that_never_ends_is_cut_off(pace, clock):
    def drip():
        while True:
            clock.now += 50
            yield b"x" * 65_536

    with (
        client_of(lambda request: httpx2.Response(200, content=drip())) as client,
        pytest.raises(FeedFailed, match="longer than 120 s"),
    ):
        fetch(feed_of(get()), DAY, client=client, pace=pace)


def test_what_came_before_a_failure_can_be_kept(pace):
    def handler(request):
        return httpx2.Response(200 if request.url.path == "/a" else 404, content=b"1")

    with client_of(handler) as client:
        arriving = answers(feed_of(get(), get("b.json", "http://one.example/b")), DAY, client=client, pace=pace)
        assert next(arriving).name == "a.json"
        with pytest.raises(FeedFailed, match="404"):
            next(arriving)


def test_the_form_token_of_the_page_is_sent_with_its_cookie(pace):
    page = b"<form><input type='hidden' value='t&amp;k' name='csrfmiddlewaretoken'></form>"
    sent = []

    def handler(request):
        if request.url.host == "www.soozhu.com" and request.method == "GET":
            return httpx2.Response(200, content=page, headers={"Set-Cookie": "csrftoken=abc; Path=/"})
        if request.url.host == "www.soozhu.com":
            sent.append((request.content.decode(), request.headers["Cookie"], request.headers["Referer"]))
        return httpx2.Response(200, content=b"{}")

    with client_of(handler) as client:
        files = fetch(hog_maize.FEED, DAY, client=client, pace=pace)
    assert len(files) == 17
    assert sent[0] == ("act=yeartrend&csrfmiddlewaretoken=t%26k", "csrftoken=abc", hog_maize.SOOZHU)
    assert "indid=8" in sent[4][0]


def test_a_page_without_the_token_fails_the_feed(pace):
    with (
        client_of(lambda request: httpx2.Response(200, content=b"<html></html>")) as client,
        pytest.raises(FeedFailed, match="no field csrfmiddlewaretoken"),
    ):
        fetch(hog_maize.FEED, DAY, client=client, pace=pace)


@pytest.mark.parametrize("module", [xinfadi, farm_daily, index200, jiangnan, eastmoney_index, hog_maize])
def test_every_live_feed_asks_as_its_source_expects(module, pace):
    asked = []

    def handler(request):
        asked.append(request)
        return httpx2.Response(200, content=b'<input name="csrfmiddlewaretoken" value="t">')

    with client_of(handler) as client:
        files = fetch(module.FEED, DAY, client=client, pace=pace)
    assert len({file.name for file in files}) == len(files) == len(asked)
    for request in asked:
        if request.headers.get("Content-Type") == "application/json":
            assert isinstance(json.loads(request.content), dict)


def test_a_json_body_is_sent_even_if_empty(pace):
    asked = []

    def handler(request):
        asked.append((request.method, request.content, request.headers["Content-Type"]))
        return httpx2.Response(200, content=b"{}")

    with client_of(handler) as client:
        fetch(index200.FEED, DAY, client=client, pace=pace)
    assert asked == [("POST", b"{}", "application/json")]


def test_a_closed_feed_cannot_be_fetched(pace):
    with client_of(lambda request: httpx2.Response(200)) as client, pytest.raises(FeedFailed, match="not a live feed"):
        fetch(moa_pagelist.FEED, DAY, client=client, pace=pace)


def test_a_client_must_say_who_it_is():
    with pytest.raises(FeedFailed, match="User-Agent"):
        open_client("  ")


def test_over_a_real_socket(httpserver, pace):
    body = json.dumps({"code": 200, "rows": []}).encode()
    httpserver.expect_ordered_request("/list", headers={"User-Agent": AGENT}).respond_with_data("", status=503)
    httpserver.expect_ordered_request("/list", query_string={"q": "1"}).respond_with_data(body)
    feed = feed_of(get(url=httpserver.url_for("/list"), params={"q": "1"}))
    with open_client(AGENT, timeout=5) as client:
        (file,) = fetch(feed, DAY, client=client, pace=pace, limits=QUICK)
    assert file.content == body


def test_a_refused_connection_over_a_real_socket(httpserver, pace):
    url = httpserver.url_for("/list")
    httpserver.stop()
    with open_client(AGENT, timeout=5) as client, pytest.raises(FeedFailed, match="ConnectError"):
        fetch(feed_of(get(url=url)), DAY, client=client, pace=pace, limits=QUICK)
