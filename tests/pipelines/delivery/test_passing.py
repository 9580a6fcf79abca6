"""Telling subscribers: each event once, whatever receivers do; against real receivers on this host."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import socket
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from standardwebhooks import Webhook
from werkzeug import Response

from pipelines.delivery.addresses import Refused, checked_address
from pipelines.delivery.passing import deliver
from pipelines.delivery.trying import try_out
from pipelines.doctor import findings
from warning.reference import load_catalog
from warning.store.outbox import claim_due, deliveries_of, fill_outbox, waiting
from warning.store.outbox_tables import OutboxRow
from warning.store.settings import Settings
from warning.store.subscriptions import add_subscription, find_subscription, remove_subscription
from warning.store.tables import AlertEventRow, AlertRow
from warning.subscriptions.making import made
from warning.subscriptions.subscription import Rule

CATALOG = load_catalog()
NOW = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
ALERT = "cabbage.500155.20260301"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def on(self, **by):
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(store):
    return Settings(home=store.home, database_url=store.url, deliver_private=True, public_url="https://board")


@pytest.fixture
def alert(store):
    with store.writing() as session:
        session.add(AlertRow(id=ALERT, product_id="cabbage", place_kind="district", place_id="500155",
                             raised_at=dt.date(2026, 3, 1), peak_level=4, status="open", simulated=True))  # fmt: skip


def happened(store, sequence, kind="raised", level=3, at=NOW):
    with store.writing() as session:
        row = AlertEventRow(alert_id=ALERT, sequence=sequence, kind=kind, business_date=dt.date(2026, 3, 1), at=at,
                            level=level, by="run", reason_zh="升级", reason_en="up")  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def subscribed(store, way, target, rule=Rule(), **more):  # noqa: B008 - frozen
    with store.writing() as session:
        return add_subscription(session, made("值班", way, target, rule, **more), at=NOW, by="王")


def log_of(store, one):
    with store.session() as session:
        return [(entry.outcome, entry.status) for entry in deliveries_of(session, one.id, limit=50, cursor=None).items][
            ::-1
        ]


def asked(httpserver):
    return [request for request, _ in httpserver.log]


def test_a_webhook_is_signed_and_told_once(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("", status=204)
    one = subscribed(store, "webhook", httpserver.url_for("/hook"))
    happened(store, 1)
    assert deliver(store, CATALOG, settings, clock=clock)["sent"] == 1
    assert deliver(store, CATALOG, settings, clock=clock).total() == 0
    (request,) = asked(httpserver)
    # the library knows no other clock than its own
    signed = Webhook(one.secret).sign(request.headers["webhook-id"], clock.now, request.get_data(as_text=True))
    assert request.headers["webhook-signature"] == signed
    body = json.loads(request.get_data())
    assert (body["type"], body["data"]["events"][0]["alert"]) == ("alert.raised", ALERT)
    assert body["data"]["events"][0]["cap"].startswith("https://board/v1/alerts/")
    assert log_of(store, one) == [("sent", 204)]


def test_a_receiver_that_fails_for_a_day_gets_the_same_message_in_the_end(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("no", status=500)
    one = subscribed(store, "webhook", httpserver.url_for("/hook"))
    happened(store, 1)
    for _ in range(24):
        deliver(store, CATALOG, settings, clock=clock)
        clock.on(hours=1)
    failed = len(httpserver.log)
    assert 4 <= failed <= 9
    httpserver.clear_all_handlers()
    httpserver.expect_request("/hook").respond_with_data("", status=200)
    clock.on(hours=12)
    assert deliver(store, CATALOG, settings, clock=clock)["sent"] == 1
    assert len({request.headers["webhook-id"] for request in asked(httpserver)}) == 1
    assert [outcome for outcome, _ in log_of(store, one)] == ["retry"] * failed + ["sent"]


def test_after_days_a_message_is_let_go_and_said_to_be(store, settings, alert, clock):
    one = subscribed(store, "webhook", "http://127.0.0.1:9/hook")
    happened(store, 1)
    deliver(store, CATALOG, settings, clock=clock)
    clock.on(days=4)
    assert deliver(store, CATALOG, settings, clock=clock)["failed"] == 1
    with store.session() as session:
        assert waiting(session)[0] == 0
        assert find_subscription(session, one.id).active


def test_gone_switches_the_subscription_off(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("", status=410)
    one = subscribed(store, "webhook", httpserver.url_for("/hook"))
    happened(store, 1)
    assert deliver(store, CATALOG, settings, clock=clock)["gone"] == 1
    happened(store, 2, "escalated", 4)
    deliver(store, CATALOG, settings, clock=clock)
    assert len(httpserver.log) == 1
    with store.session() as session:
        found = find_subscription(session, one.id)
    assert (found.active, "410" in found.why_not) == (False, True)


def test_a_redirect_is_not_followed(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_response(Response(status=302, headers={"location": "/inside"}))
    httpserver.expect_request("/inside").respond_with_data("secret")
    one = subscribed(store, "webhook", httpserver.url_for("/hook"))
    happened(store, 1)
    deliver(store, CATALOG, settings, clock=clock)
    assert [request.path for request in asked(httpserver)] == ["/hook"]
    assert log_of(store, one) == [("retry", 302)]


def test_a_slow_receiver_keeps_nobody_else_waiting(store, settings, alert, clock, httpserver):
    quick_at = []

    def slow(_request):
        time.sleep(1.5)
        return Response("")

    def quick(_request):
        quick_at.append(time.monotonic())
        return Response("")

    httpserver.expect_request("/slow").respond_with_handler(slow)
    httpserver.expect_request("/quick").respond_with_handler(quick)
    for path in ("/slow", "/quick"):
        subscribed(store, "webhook", httpserver.url_for(path))
    happened(store, 1)
    begun = time.monotonic()
    # the receiver of the tests answers one at a time: that the quick one is asked at all is what counts
    assert deliver(store, CATALOG, settings, clock=clock)["sent"] == 2
    assert quick_at
    assert time.monotonic() - begun < 15


def test_an_answer_without_end_is_cut_off(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("x" * 5_000_000)
    one = subscribed(store, "webhook", httpserver.url_for("/hook"))
    happened(store, 1)
    assert deliver(store, CATALOG, settings, clock=clock)["sent"] == 1
    assert log_of(store, one) == [("sent", 200)]


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1", "fc00::1",
    "::ffff:127.0.0.1", "100.64.0.1", "224.0.0.1",
])  # fmt: skip
def test_addresses_of_this_network_are_refused_unless_let(address):
    with pytest.raises(Refused, match="which is not public"):
        checked_address("inside.example", 80, private=False, resolve=lambda host, port: ["93.184.216.34", address])
    assert checked_address("inside.example", 80, private=True, resolve=lambda host, port: [address]) == address


def test_a_private_receiver_is_not_called_unless_the_settings_let_it(store, settings, alert, clock, httpserver):
    one = subscribed(store, "webhook", httpserver.url_for("/hook"))
    happened(store, 1)
    closed = settings.model_copy(update={"deliver_private": False})
    assert deliver(store, CATALOG, closed, clock=clock)["retry"] == 1
    assert httpserver.log == []
    assert log_of(store, one) == [("retry", None)]


def test_robots_that_refuse_in_their_answer_are_tried_again(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/robot").respond_with_json({"errcode": 45009, "errmsg": "too many"})
    one = subscribed(store, "wecom", httpserver.url_for("/robot"))
    happened(store, 1)
    assert deliver(store, CATALOG, settings, clock=clock)["retry"] == 1
    httpserver.clear_all_handlers()
    httpserver.expect_request("/robot").respond_with_json({"errcode": 0})
    clock.on(minutes=5)
    assert deliver(store, CATALOG, settings, clock=clock)["sent"] == 1
    assert "莲花白" in json.loads(asked(httpserver)[-1].get_data())["markdown"]["content"]
    assert [outcome for outcome, _ in log_of(store, one)] == ["retry", "sent"]


class Letters:
    def __init__(self):
        self.came = []

    async def handle_DATA(self, server, session, envelope):
        self.came.append(envelope)
        return "250 OK"


def test_mail_goes_out_and_waits_while_the_server_is_dead(store, settings, alert, clock):
    subscribed(store, "email", "duty@example.org")
    happened(store, 1)
    dead = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none"})
    assert deliver(store, CATALOG, dead, clock=clock)["retry"] == 1
    letters = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        live = dead.model_copy(update={"smtp_port": port})
        clock.on(minutes=2)
        assert deliver(store, CATALOG, live, clock=clock)["sent"] == 1
    finally:
        server.stop()
    (letter,) = letters.came
    assert letter.rcpt_tos == ["duty@example.org"]
    from email import message_from_bytes, policy

    mail = message_from_bytes(letter.content, policy=policy.default)
    assert mail["Subject"] == "【模拟】橙色预警：梁平区莲花白发出"
    assert "莲花白" in mail.get_body(("plain",)).get_content()


def test_a_digest_tells_all_of_the_day_in_one_message(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("")
    subscribed(store, "webhook", httpserver.url_for("/hook"), digest_at="18:00")
    happened(store, 1)
    happened(store, 2, "escalated", 4)
    deliver(store, CATALOG, settings, clock=clock)
    assert httpserver.log == []
    clock.on(hours=9)
    assert deliver(store, CATALOG, settings, clock=clock)["sent"] == 1
    body = json.loads(asked(httpserver)[0].get_data())
    assert (body["type"], len(body["data"]["events"])) == ("alert.digest", 2)


def test_within_the_cool_down_only_what_gets_worse_is_told(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("")
    subscribed(store, "webhook", httpserver.url_for("/hook"), cool_hours=24)
    for sequence, (kind, level) in enumerate(
        [("raised", 2), ("eased", 1), ("escalated", 2), ("escalated", 4)], start=1
    ):
        happened(store, sequence, kind, level, at=NOW + dt.timedelta(minutes=sequence))
    clock.on(hours=1)
    deliver(store, CATALOG, settings, clock=clock)
    told = [
        event["sequence"] for request in asked(httpserver) for event in json.loads(request.get_data())["data"]["events"]
    ]
    assert told == [1, 4]


def test_a_rule_narrows_and_what_was_before_is_not_told(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("")
    happened(store, 1)
    subscribed(store, "webhook", httpserver.url_for("/hook"), Rule(level=4))
    happened(store, 2, "escalated", 3)
    happened(store, 3, "escalated", 4)
    deliver(store, CATALOG, settings, clock=clock)
    told = [
        event["sequence"] for request in asked(httpserver) for event in json.loads(request.get_data())["data"]["events"]
    ]
    assert told == [3]


def test_two_jobs_at_once_tell_it_once(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("")
    for _ in range(3):
        subscribed(store, "webhook", httpserver.url_for("/hook"))
    for sequence in range(1, 6):
        happened(store, sequence)
    jobs = [
        threading.Thread(target=deliver, args=(store, CATALOG, settings), kwargs={"clock": clock}) for _ in range(4)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(60)
    told = [
        event["sequence"] for request in asked(httpserver) for event in json.loads(request.get_data())["data"]["events"]
    ]
    assert sorted(told) == sorted(list(range(1, 6)) * 3)


def test_a_job_that_died_after_claiming_is_made_up_for_under_the_same_id(store, settings, alert, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("")
    subscribed(store, "webhook", httpserver.url_for("/hook"))
    happened(store, 1)
    with store.writing() as session:
        fill_outbox(session, CATALOG.products)
        (claimed,) = claim_due(session, clock())
    assert deliver(store, CATALOG, settings, clock=clock).total() == 0
    clock.on(minutes=11)
    assert deliver(store, CATALOG, settings, clock=clock)["sent"] == 1
    assert asked(httpserver)[0].headers["webhook-id"] == claimed.message_id


def test_one_that_is_removed_takes_its_outbox_along(store, settings, alert, clock):
    one = subscribed(store, "webhook", "http://127.0.0.1:9/hook")
    happened(store, 1)
    deliver(store, CATALOG, settings, clock=clock)
    with store.writing() as session:
        remove_subscription(session, one.id)
    with store.session() as session:
        assert session.scalars(select(OutboxRow)).all() == []


def test_trying_out_says_that_it_is_a_test(store, settings, clock, httpserver):
    httpserver.expect_request("/hook").respond_with_data("")
    one = subscribed(store, "webhook", httpserver.url_for("/hook"))
    assert try_out(store, settings, one.id, clock()).outcome == "sent"
    assert "测试" in asked(httpserver)[0].get_data(as_text=True)
    assert log_of(store, dataclasses.replace(one)) == [("sent", 200)]


def test_the_doctor_tells_of_messages_that_wait(store, settings, alert, clock):
    subscribed(store, "webhook", "http://127.0.0.1:9/hook")
    happened(store, 1)
    deliver(store, CATALOG, settings, clock=clock)
    assert not [one for one in findings(settings, clock()) if "wait to be delivered" in one.what]
    clock.on(hours=3)
    (found,) = [one for one in findings(settings, clock()) if "wait to be delivered" in one.what]
    assert (found.weight, found.what.startswith("1 messages")) == (1, True)
