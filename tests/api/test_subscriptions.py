"""Subscriptions over HTTP and by command: a secret is shown once, faults are named, the log is paged."""

from __future__ import annotations

import datetime as dt

import pytest
from calling import caller

from warning.store.outbox import Outcome, log_delivery

PATH = "/v1/subscriptions"
HOOK = {"name": "值班", "way": "webhook", "target": "https://example.org/hook", "by": "王"}
NOW = dt.datetime(2018, 12, 10, tzinfo=dt.UTC)


def subscribe(client, **more):
    return client.post(PATH, json=HOOK | more)


def test_a_secret_is_shown_once(client):
    answer = subscribe(client, rule={"products": ["洋葱"], "places": ["屏锦镇"], "level": "orange"})
    assert answer.status_code == 201
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert made["rule"]["products"] == ["onion"]
    assert made["rule"]["places"] == ["500155104"]
    assert made["rule"]["level"] == 3
    (listed,) = client.get(PATH).json()["items"]
    shown = client.get(f"{PATH}/{made['id']}").json()
    assert listed == shown
    assert shown["has_secret"]
    assert made["secret"] not in client.get(PATH).text


def test_it_goes_with_its_log(client, store):
    made = subscribe(client).json()
    with store.writing() as session:
        for number in range(3):
            log_delivery(session, made["id"], f"msg_{number}", 1, "retry", Outcome("retry", 500, "no", 0.1), NOW)
    page = client.get(f"{PATH}/{made['id']}/deliveries", params={"limit": 2}).json()
    assert [one["message_id"] for one in page["items"]] == ["msg_2", "msg_1"]
    rest = client.get(f"{PATH}/{made['id']}/deliveries", params={"limit": 2, "cursor": page["next"]}).json()
    assert [one["status"] for one in rest["items"]] == [500]
    assert client.delete(f"{PATH}/{made['id']}").status_code == 204
    assert client.get(PATH).json()["items"] == []


@pytest.mark.parametrize(("wrong", "where"), [
    ({"way": "pigeon"}, "way"), ({"target": "ftp://x/y"}, "target"), ({"way": "email"}, "target"),
    ({"digest_at": "25:00"}, "digest_at"), ({"quiet_from": "22:00"}, "quiet_from"), ({"cool_hours": -1}, "cool_hours"),
    ({"secret": "mine"}, "secret"), ({"rule": {"level": "purple"}}, "level"),
    ({"rule": {"groups": ["stones"]}}, "group"),
    ({"rule": {"products": ["no such thing"]}}, ""), ({"rule": {"places": ["no such place"]}}, ""),
    ({"name": ""}, "name"),
    ({"more": 1}, "more"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_kept(client, wrong, where):
    answer = subscribe(client, **wrong)
    assert answer.status_code == 422, answer.text
    assert where in answer.text
    assert client.get(PATH).json()["items"] == []


@pytest.mark.parametrize("call", ["get", "delete"])
def test_what_is_not_there_is_a_404(client, call):
    assert getattr(client, call)(f"{PATH}/sub-nothing").status_code == 404
    assert client.get(f"{PATH}/sub-nothing/deliveries").status_code == 404


@pytest.fixture
def changxiao(store, monkeypatch, capsys):
    monkeypatch.setenv("CHANGXIAO_HOME", str(store.home))
    return caller(monkeypatch, capsys)


def test_the_commands_make_list_send_and_remove(changxiao):
    code, out, _ = changxiao("subscriptions", "add", "值班", "webhook", "http://127.0.0.1:9/hook", "--product", "洋葱",
                             "--level", "red", "--quiet", "22:00-07:00", "--place", "屏锦镇")  # fmt: skip
    assert code == 0
    made, secret = out.split()[0], out.split()[-1]
    assert secret.startswith("whsec_")
    _, out, _ = changxiao("subscriptions", "list")
    assert made in out
    assert secret not in out
    code, out, _ = changxiao("subscriptions", "test", made)
    assert (code, "which is not public" in out) == (1, True)
    assert "retry" in changxiao("subscriptions", "log", made)[1]
    assert changxiao("deliver")[1].startswith("0 matched, 0 sent")
    assert changxiao("subscriptions", "remove", made)[0] == 0
    assert changxiao("subscriptions", "remove", made)[0] == 2


@pytest.mark.parametrize(("words", "said"), [
    (("值班", "pigeon", "x"), "there is no way 'pigeon'"), (("值班", "email", "nobody"), "no address of mail"),
    (("值班", "webhook", "https://x/y", "--level", "purple"), "there is no level 'purple'"),
    (("值班", "webhook", "https://x/y", "--quiet", "22"), "no time of day"),
    (("值班", "webhook", "https://x/y", "--product", "no such thing"), "no such thing"),
])  # fmt: skip
def test_a_command_that_makes_no_sense_is_refused(changxiao, words, said):
    code, _, err = changxiao("subscriptions", "add", *words)
    assert (code, said in err) == (2, True), err
