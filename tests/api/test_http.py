"""What holds for every route: problems, ETags, request ids, limits, the description."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from warning.levels import Level
from warning.store.settings import Settings

PROBLEM = "application/problem+json"


def test_an_unknown_product_comes_with_candidates(client):
    for path in ("/v1/alerts", "/v1/risk", "/v1/series", "/v1/products", "/v1/channels", "/v1/reports"):
        answer = client.get(path, params={"product": "onoin"})
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
        problem = answer.json()
        assert problem["type"] == "urn:changxiao:problem:unknown-name"
        assert "onion" in problem["candidates"]
        assert problem["instance"] == path


def test_an_unknown_word_of_a_list_comes_with_the_known_ones(client):
    problem = client.get("/v1/alerts", params={"level": "red,purple"}).json()
    assert problem["where"] == "level"
    assert "orange" in problem["candidates"]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/v1/alerts?produc=onion", "query.produc"),
        ("/v1/alerts?limit=0", "query.limit"),
        ("/v1/alerts?limit=501", "query.limit"),
        ("/v1/alerts?as_of=2018-2-1", "query.as_of"),
        ("/v1/alerts?as_of=20181202", "query.as_of"),
        ("/v1/alerts?product=%00", "query.product"),
        ("/v1/runs/yesterday", "path.date"),
        ("/v1/snapshots/99999999999999999999", "path.snapshot_id"),
        ("/v1/series/a%00b", "path.series_id"),
    ],
)
def test_a_faulty_parameter_is_named(client, path, where):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert answer.json()["errors"][0]["where"] == where
    assert answer.json()["title"]


def test_unknown_paths_and_wrong_methods_are_problems_and_say_what_is_allowed(client):
    missing = client.get("/v1/nothing")
    assert (missing.status_code, missing.headers["content-type"]) == (404, PROBLEM)
    wrong = client.delete("/v1/alerts")
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, PROBLEM)
    assert wrong.headers["allow"] == "GET"
    assert wrong.json()["type"] == "about:blank"


def test_a_failure_inside_leaks_nothing(client, monkeypatch):
    from warning.store import ledger

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(ledger, "runs", fail)
    answer = client.get("/v1/runs", headers={"X-Request-ID": "abc-1"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "abc-1"


@pytest.mark.parametrize("path", ["/v1/alerts", "/v1/risk", "/v1/products", "/v1/runs", "/v1/series"])
def test_an_unchanged_answer_is_a_bare_304(client, path):
    first = client.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('W/"')
    assert first.headers["cache-control"] == "private, must-revalidate"
    for asked in (etag, f'"x", {etag}', etag.removeprefix("W/"), "*"):
        again = client.get(path, headers={"If-None-Match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_an_etag_changes_with_what_is_answered(client):
    path = "/v1/alerts"
    before = client.get(path).headers["etag"]
    client.post("/v1/alerts/onion.in-test-alpha.20181104/acknowledge", json={"by": "王"})
    assert client.get(path, headers={"If-None-Match": before}).status_code == 200


def test_problems_have_no_etag(client):
    assert "etag" not in client.get("/v1/alerts?level=purple").headers


def test_every_answer_has_a_request_id_and_a_hostile_one_is_not_echoed(client):
    assert client.get("/healthz", headers={"X-Request-ID": "a-1.b_2"}).headers["x-request-id"] == "a-1.b_2"
    for hostile in ("x" * 65, "a b", "<b>", ""):
        echoed = client.get("/healthz", headers={"X-Request-ID": hostile}).headers["x-request-id"]
        assert echoed != hostile
        assert len(echoed) == 32


def test_a_body_too_large_is_refused_by_length_and_while_it_comes(client):
    path = "/v1/alerts/onion.in-test-alpha.20181104/comment"
    big = b'{"by": "a", "reason": "' + b"x" * 3_000_000 + b'"}'
    stated = client.post(path, content=big, headers={"content-type": "application/json"})

    def pieces():
        for start in range(0, len(big), 100_000):
            yield big[start : start + 100_000]

    streamed = client.post(path, content=pieces(), headers={"content-type": "application/json"})
    for answer in (stated, streamed):
        assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)


def test_a_broken_body_is_a_problem(client):
    answer = client.post(
        "/v1/alerts/onion.in-test-alpha.20181104/comment",
        content=b'{"by": ',
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


def test_the_store_gone_is_a_503_that_says_what_to_do(tmp_path):

    with TestClient(create_app(Settings(home=tmp_path)), raise_server_exceptions=False) as client:
        for path in ("/v1/alerts", "/readyz", "/v1/runs"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM), path
            assert "changxiao" in answer.json()["todo"]
        page = client.get("/")
        assert page.status_code == 503
        assert "changxiao db upgrade" in page.text
        assert client.get("/healthz").json() == {"status": "ok"}
        assert "changxiao_store_up 0.0" in client.get("/metrics").text


def test_ready_gives_the_age_of_the_last_run(client, empty_client):
    ready = client.get("/readyz").json()
    assert ready["last_run"] == "2018-12-02"
    assert ready["last_run_age_seconds"] == 7 * 86400 + 3600
    assert empty_client.get("/readyz").json()["last_run"] is None


def test_metrics_count_requests_by_template_and_show_the_store(client):
    for _ in range(3):
        client.get("/v1/runs/2018-12-02")
    client.get("/v1/alerts/nothing")
    client.get("/no/such/path")
    text = client.get("/metrics").text
    assert 'changxiao_http_requests_total{method="GET",route="/v1/runs/{date}",status="200"} 3.0' in text
    assert 'route="/v1/alerts/{alert_id}",status="404"} 1.0' in text
    assert 'route="unmatched",status="404"} 1.0' in text
    assert "/no/such/path" not in text
    assert 'changxiao_alerts{level="red"} 1.0' in text
    assert 'changxiao_alerts{level="none"}' not in text
    assert 'changxiao_rejected_rows{feed="agmarknet"} 4.0' in text
    assert f"changxiao_last_run_age_seconds {7 * 86400 + 3600}.0" in text


def test_two_applications_count_apart(client, empty_client):
    client.get("/v1/runs")
    assert 'route="/v1/runs"' not in empty_client.get("/metrics").text


def test_the_description_says_what_every_operation_does(client):
    document = client.get("/openapi.json").json()
    tags = {tag["name"] for tag in document["tags"]}
    assert all(tag["description"] for tag in document["tags"])
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation["summary"], place
            assert " · " in operation["summary"], place
            assert len(operation["description"]) > 15, place
            assert any("\u4e00" <= sign <= "\u9fff" for sign in operation["description"]), place
            assert set(operation["tags"]) <= tags, place
            assert PROBLEM in operation["responses"]["422"]["content"], place
            for parameter in operation.get("parameters", []):
                assert parameter.get("description") or parameter["in"] == "header", f"{place} {parameter['name']}"
    problem = document["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "detail", "candidates", "todo", "errors"} <= set(problem["properties"])
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_the_description_resolves_within_itself(client):
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]

    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    assert {reference.removeprefix("#/components/schemas/") for reference in references(document)} <= set(schemas)


def test_the_level_words_are_those_of_the_levels():
    from api.schemas.levels import WORDS

    assert {int(level): level.key for level in Level} == WORDS
