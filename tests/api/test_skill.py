"""What the forecasts were worth, with the release table and the level lines; risks and reasons of a series."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from warning.store.artifacts import ArtifactFacts, keep_artifact
from warning.store.forecast_lines import ForecastLine, write_forecast_lines
from warning.store.releases import Release, write_releases
from warning.store.risk_reasons import RiskReasons, write_risk_reasons
from warning.store.skill_reports import SkillFigure, SkillHead, write_skill_report
from warning.store.spell_risks import SpellRisks, write_spell_risks

SUNDAY = dt.date(2018, 11, 25)
DAY = dt.date(2018, 12, 2)
NOW = dt.datetime(2018, 11, 26, tzinfo=dt.UTC)
FORECASTS = "/v1/series/onion@in-test-alpha:wholesale/forecasts"
PROBLEM = "application/problem+json"


@pytest.fixture
def artifact(store):
    """The digest of a released model with its release table and level lines."""
    facts = ArtifactFacts("spell_risk", SUNDAY, SUNDAY, SUNDAY, 2, 2, "0.1.0", NOW, {}, "released", "")
    sha256 = keep_artifact(store, b"trees", facts).sha256
    releases = [
        Release(product, horizon, speaks, "理由", "reason")
        for product, speaks in (("", "champion"), ("onion", "point"), ("garlic", "baseline"))
        for horizon in (14, 28)
    ]
    lines = [
        ForecastLine(line, horizon, 0.25, {"pod": 0.8, "far": float("nan")})
        for line in (0.9, 0.7)
        for horizon in (14, 28)
    ]
    with store.writing() as session:
        write_releases(session, sha256, releases)
        write_forecast_lines(session, sha256, lines)
    return sha256


@pytest.fixture
def report(store, artifact):
    """Two reports, a week apart."""
    figures = [
        SkillFigure(product, line, horizon, who, {"roc_auc": 0.9, "value": [[0.1, 0.4]], "csi": float("inf")})
        for product in ("", "onion", "garlic")
        for line in (0.9, 0.7, 0.0)
        for horizon in (14, 28)
        for who in ("model", "rule")
    ]
    with store.writing() as session:
        for as_of, some in ((SUNDAY, figures[:1]), (DAY, figures)):
            head = SkillHead(as_of, dt.date(2016, 1, 3), as_of, NOW, "0.1.0", artifact, {"onsets": 412})
            write_skill_report(session, head, some)


def ask(client, **params):
    answer = client.get("/v1/skill", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.usefixtures("report")
def test_the_newest_report_with_its_head_release_table_and_lines(client, artifact):
    found = ask(client)
    assert (found["as_of"], found["since"], found["until"]) == ("2018-12-02", "2016-01-03", "2018-12-02")
    assert (found["made_at"], found["artifact"]) == ("2018-11-26T08:00:00+08:00", artifact)
    assert found["summary"] == {"onsets": 412}
    assert len(found["items"]) == 36
    first, last = found["items"][0], found["items"][-1]
    assert first == {
        "product": None, "product_name": {"zh": "全部品种", "en": "all products"}, "level": "blue", "line": 0.9,
        "horizon_days": 14, "forecaster": "model",
        "figures": {"roc_auc": 0.9, "value": [[0.1, 0.4]], "csi": None},
    }  # fmt: skip
    assert (last["product"], last["product_name"]["zh"], last["level"], last["line"]) == ("onion", "洋葱", None, None)
    assert len(found["releases"]) == 6
    assert found["releases"][0] == {
        "product": None, "product_name": {"zh": "其余品种", "en": "every other product"}, "horizon_days": 14,
        "speaks": "champion", "reason_zh": "理由", "reason_en": "reason",
    }  # fmt: skip
    assert found["lines"][0] == {
        "level": "blue", "line": 0.9, "horizon_days": 14, "probability_line": 0.25,
        "figures": {"pod": 0.8, "far": None},
    }  # fmt: skip


@pytest.mark.usefixtures("report")
def test_it_is_narrowed_by_any_name_level_and_horizon(client):
    found = ask(client, product="圆葱", level="orange", horizon_days=28)
    assert {(one["product"], one["level"], one["horizon_days"]) for one in found["items"]} == {("onion", "orange", 28)}
    assert [(one["product"], one["speaks"]) for one in found["releases"]] == [(None, "champion"), ("onion", "point")]
    assert [(one["level"], one["horizon_days"]) for one in found["lines"]] == [("orange", 28)]
    assert {one["level"] for one in ask(client, level="blue,orange")["items"]} == {"blue", "orange"}
    assert ask(client, horizon_days=56)["items"] == []


@pytest.mark.usefixtures("report")
def test_as_of_gives_the_report_of_that_time(client):
    assert ask(client, as_of="2018-12-01")["as_of"] == "2018-11-25"
    assert ask(client, as_of="2019-12-01")["as_of"] == "2018-12-02"
    early = client.get("/v1/skill", params={"as_of": "2018-01-01"})
    assert (early.status_code, early.headers["content-type"]) == (404, PROBLEM)
    assert "2018-11-25" in early.json()["detail"]


def test_no_report_is_a_404_that_says_how_to_make_one(empty_client):
    answer = empty_client.get("/v1/skill")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
    assert "changxiao fit" in answer.json()["todo"]
    assert "changxiao fit" in answer.json()["todo"]


@pytest.mark.usefixtures("report")
def test_pages_together_are_the_whole_once(client):
    whole, found, cursor = ask(client)["items"], [], None
    while True:
        page = ask(client, limit=7, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == whole
    first = client.get("/v1/skill", params={"limit": 7})
    assert 'rel="next"' in first.headers["link"]
    other = client.get("/v1/skill", params={"limit": 7, "level": "blue", "cursor": first.json()["next"]})
    assert (other.status_code, other.json()["type"]) == (422, "urn:changxiao:problem:invalid-cursor")


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize(
    ("params", "where"),
    [
        ({"level": "purple"}, "level"),
        ({"level": "none"}, "level"),
        ({"horizon_days": "0"}, "query.horizon_days"),
        ({"horizon_days": "99999999999999999999"}, "query.horizon_days"),
        ({"as_of": "yesterday"}, "query.as_of"),
        ({"leval": "red"}, "query.leval"),
    ],
)
def test_a_faulty_question_is_a_problem(client, params, where):
    answer = client.get("/v1/skill", params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    problem = answer.json()
    assert (problem["errors"][0] if "errors" in problem else problem).get("where") == where


def test_an_unknown_name_or_level_comes_with_candidates(client):
    assert "onion" in client.get("/v1/skill", params={"product": "onoin"}).json()["candidates"]
    assert client.get("/v1/skill", params={"level": "red,purple"}).json()["candidates"] == [
        "blue", "orange", "red", "yellow",
    ]  # fmt: skip


@pytest.mark.usefixtures("report")
def test_an_unchanged_report_is_a_bare_304(client):
    etag = client.get("/v1/skill").headers["etag"]
    again = client.get("/v1/skill", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_report_without_a_model_has_no_release_table(client, store):
    with store.writing() as session:
        write_skill_report(session, SkillHead(SUNDAY, SUNDAY, SUNDAY, NOW, "0.1.0", None, {}), [])
    found = ask(client)
    assert (found["artifact"], found["items"], found["releases"], found["lines"]) == (None, [], [], [])


def risk(store, day, artifact):
    """Two risks of the first series on a day, with a reason and a case."""
    risks = SpellRisks(
        series_id=np.array([1, 1]),
        line=np.array([0.5, 0.8]),
        horizon_days=np.array([28, 28]),
        probability=np.array([0.1, 0.4]),
        speaks=np.array(["baseline", "champion"]),
        grade=np.array(["short", "own"]),
    )
    reason = {"signal": "momentum", "value": float("nan"), "weight": 0.4, "text_zh": "下跌", "text_en": "falling"}
    with store.writing() as session:
        write_spell_risks(session, day, risks, artifact=artifact)
        write_risk_reasons(session, day, [RiskReasons(1, [reason], [{"day": "2016-05-01"}])])


def test_a_series_forecast_has_its_risks_reasons_and_cases(client, store, artifact):
    risk(store, DAY, artifact)
    found = client.get(FORECASTS).json()
    assert (found["issue_day"], len(found["items"])) == ("2018-12-02", 2)
    assert found["spell_risks"] == [
        {"line": 0.8, "level": "yellow", "horizon_days": 28, "probability": 0.4, "speaks": "champion", "grade": "own"},
        {"line": 0.5, "level": "red", "horizon_days": 28, "probability": 0.1, "speaks": "baseline", "grade": "short"},
    ]
    assert found["reasons"] == [
        {"signal": "momentum", "value": None, "weight": 0.4, "text_zh": "下跌", "text_en": "falling"}
    ]
    assert found["cases"] == [{"day": "2016-05-01"}]
    before = client.get(FORECASTS, params={"issued": "2018-12-01"}).json()
    assert len(before["items"]) == 2
    assert (before["spell_risks"], before["reasons"], before["cases"]) == ([], [], [])


def test_the_newest_issue_day_may_be_that_of_the_risks_alone(client, store, artifact):
    risk(store, DAY + dt.timedelta(weeks=1), artifact)
    found = client.get(FORECASTS).json()
    assert (found["issue_day"], found["items"], len(found["spell_risks"])) == ("2018-12-09", [], 2)
