"""Uploads through the door that people use, and township reports filed as JSON."""

from __future__ import annotations

import pytest

from api import idempotency
from warning.errors import Conflict

PATH = "/v1/uploads"


SHEET = b"""Market,Arrival Date,Arrivals (Tonnes),Variety,Minimum Price,Maximum Price,Modal Price
Testpur,01/08/2016,10,Red,500,700,600
,,,White,600,800,700
Testpur,02/08/2016,12,Red,-400,-500,-500
"""
AGMARKNET = {"feed": "agmarknet", "constant": ["product=ONION", "region=MAHARASHTRA"], "by": "王"}


def send(client, content=SHEET, headers=None, **other):
    files = {"file": ("mynewdata_2016_August.csv", content)}
    return client.post(PATH, files=files, data=AGMARKNET | other, headers=headers)


def test_an_upload_accounts_for_every_line_and_a_second_one_changes_nothing(client):
    first = send(client)
    assert first.status_code == 201, first.text
    account = first.json()
    rest = account["accepted"] + account["repeated"] + account["rejected"] + sum(account["non_data"].values())
    assert account["lines_read"] == rest == 4
    assert account["accepted"] == 2
    assert sum(account["reasons"].values()) == account["rejected"] == len(account["rejected_lines"]) == 1
    assert account["rejected_lines"][0]["line"] == 4
    assert len(client.get(account["rejected_at"]).json()["items"]) == 1
    again = send(client).json()
    assert (again["accepted"], again["repeated"], again["snapshot"]) == (0, 2, None)
    assert client.get(f"/v1/snapshots/{account['snapshot']}").json()["received_by"] == "王"
    series = client.get("/v1/series", params={"product": "onion", "market": "Testpur"}).json()["items"]
    days = client.get(f"/v1/series/{series[0]['id']}/observations").json()["items"]
    assert [(day["day"], day["price_per_kg"], day["varieties"]) for day in days] == [("2016-08-01", 6.5, 2)]


def test_a_repeat_under_the_same_key_gets_the_same_answer(client):
    headers = {"Idempotency-Key": "k-1"}
    first = send(client, headers=headers)
    again = send(client, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    assert send(client, SHEET + b"\n", headers=headers).status_code == 409
    assert len(client.get("/v1/feeds/agmarknet/snapshots").json()["items"]) == 4


def test_what_cannot_be_read_leaves_the_store_as_it_was(client):
    before = client.get("/v1/feeds/agmarknet/snapshots").json()
    broken = send(client, b"PK\x03\x04 no archive", headers={"Idempotency-Key": "k-2"})
    assert (broken.status_code, broken.headers["content-type"]) == (422, "application/problem+json")
    strict = send(client, strict="true")
    assert strict.status_code == 422
    assert strict.json()["type"] == "urn:changxiao:problem:upload-refused"
    assert "4" in strict.json()["errors"][0]["where"]
    assert client.get("/v1/feeds/agmarknet/snapshots").json() == before
    assert send(client, headers={"Idempotency-Key": "k-2"}).status_code == 201


def test_an_unknown_feed_comes_with_the_known_ones(client):
    answer = client.post(PATH, files={"file": ("a.csv", b"x")}, data={"feed": "nothing"})
    assert answer.status_code == 422
    assert "agmarknet" in answer.json()["candidates"]


def test_an_empty_upload_and_a_mapping_that_is_none_are_refused(client):
    empty = client.post(PATH, files={"file": ("a.csv", b"")}, data={"feed": "agmarknet"})
    assert (empty.status_code, empty.json()["where"]) == (422, "file")
    files = {"file": ("a.csv", b"x"), "mapping": ("m.toml", b"[[[")}
    bad = client.post(PATH, files=files, data={"feed": "agmarknet"})
    assert bad.json()["type"] == "urn:changxiao:problem:invalid-mapping"
    missing = client.post(PATH, data={"feed": "agmarknet"})
    assert missing.json()["errors"][0]["where"] == "body.file"


def test_too_large_an_upload_is_a_413(client):
    answer = client.post(PATH, files={"file": ("a.csv", b"x" * 3_100_000)}, data={"feed": "agmarknet"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_claim_of_a_key_is_given_once_and_its_answer_kept(tmp_path):
    first = idempotency.claim(tmp_path, "key", "request")
    assert isinstance(first, idempotency.Claim)
    with pytest.raises(Conflict, match="still at work"):
        idempotency.claim(tmp_path, "key", "request")
    first.keep({"snapshot": 7})
    assert idempotency.claim(tmp_path, "key", "request") == {"snapshot": 7}
    with pytest.raises(Conflict, match="another request"):
        idempotency.claim(tmp_path, "key", "other")
    assert isinstance(idempotency.claim(tmp_path, "other key", "request"), idempotency.Claim)


def test_a_failed_or_abandoned_request_may_be_tried_again(tmp_path):
    import os
    import time

    first = idempotency.claim(tmp_path, "key", "request")
    first.release()
    second = idempotency.claim(tmp_path, "key", "request")
    assert isinstance(second, idempotency.Claim)
    long_ago = time.time() - idempotency.ABANDONED_AFTER_S - 1
    os.utime(second.path, (long_ago, long_ago))
    assert isinstance(idempotency.claim(tmp_path, "key", "request"), idempotency.Claim)


def test_the_digest_of_a_request_knows_where_its_parts_end():
    assert idempotency.digest(b"ab", b"c") != idempotency.digest(b"a", b"bc")


def test_a_report_is_filed_and_corrected_without_loss(client):
    body = {"township": "500155104", "product": "梁平柚", "day": "2018-12-08", "stock_t": 30, "by": "张"}
    filed = client.post("/v1/reports", json=body)
    assert filed.status_code == 201, filed.text
    assert (filed.json()["product"], filed.json()["stock_t"]) == ("pomelo-liangping", 30)
    assert filed.json()["issued_at"] == "2018-12-10T09:00:00+08:00"
    listed = client.get("/v1/reports", params={"product": "梁平柚"}).json()["items"]
    assert [(item["day"], item["stock_t"]) for item in listed] == [("2018-12-08", 30), ("2018-12-01", 40)]
    assert client.post("/v1/reports", json=body).status_code == 200
    assert len(client.get("/v1/reports").json()["items"]) == 2
    before = client.get("/v1/reports", params={"as_of": "2018-12-05"}).json()["items"]
    assert [item["day"] for item in before] == ["2018-12-01"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"stock_t": -1}, "body.stock_t"),
        ({"normal_sold_share": 1.5}, "body.normal_sold_share"),
        ({"stock": 1}, "body.stock"),
        ({"harvest_from": "2018-12-09", "harvest_to": "2018-12-01"}, "body"),
        ({"sold_t": 9, "marketable_t": 8}, "body"),
        ({"day": "2018-12-11"}, "day"),
        ({"township": "nowhere"}, None),
    ],
)
def test_a_faulty_report_is_refused_with_its_field(client, change, where):
    body = {"township": "500155104", "product": "梁平柚", "day": "2018-12-08", "by": "张"}
    answer = client.post("/v1/reports", json=body | change)
    assert answer.status_code == 422
    problem = answer.json()
    if where:
        assert where in {problem.get("where"), *(error["where"] for error in problem.get("errors", []))}
    assert len(client.get("/v1/reports").json()["items"]) == 1
