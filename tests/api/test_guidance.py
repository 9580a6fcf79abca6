"""Guidance through the service: when to market, what not to plant, and the sheet of a township."""

from __future__ import annotations

import datetime as dt
import io
import json

import growing
import placing
import pytest
from typer.testing import CliRunner

MARKETING, PLANTING = "/v1/guidance/marketing", "/v1/guidance/planting"


@pytest.fixture
def office(client, store):
    placing.glut(store)
    growing.report(store, **growing.STOCK)
    growing.report(store, lot="2019春甘蓝", **growing.COMING)
    growing.volumes(store, 50.0)
    return client


def test_a_township_is_told_when_to_sell_how_much_at_what_price(office, store):
    growing.forecast(store, 1.0, 1.3)
    answer = office.get(MARKETING, params={"product": "莲花白", "township": "屏锦镇"}).json()
    (product,) = answer["products"]
    (advice,) = product["advices"]
    assert (answer["day"], product["product_id"], advice["township_zh"]) == ("2018-12-02", "cabbage", "屏锦镇")
    assert (product["forecast_market"], product["usual_t_week"]) == (growing.MARKET, 350.0)
    assert advice["verdict"] in ("spread", "sell_now")
    assert sum(week["tonnes"] for week in advice["weeks"]) <= 60
    for week in advice["weeks"]:
        price, jin = week["price_per_kg"], week["price_per_jin"]
        assert price["low"] < price["middle"] < price["high"]
        assert jin["middle"] == pytest.approx(price["middle"] / 2, abs=1e-3)


def test_a_blocked_road_and_missing_bids_are_told_before_any_week(office, store):
    growing.report(store, lot="断路", road_blocked=True, bids_received=False, **growing.STOCK)
    (product,) = office.get(MARKETING, params={"product": "cabbage"}).json()["products"]
    (advice,) = product["advices"]
    assert advice["text_zh"].startswith("道路受阻，先报请疏通或就近消纳；眼下无人收购，请尽早联系消纳渠道；")
    assert "the road is blocked" in advice["text_en"]


def test_without_a_forecast_it_says_that_it_cannot_be_told(office):
    (product,) = office.get(MARKETING, params={"product": "cabbage"}).json()["products"]
    assert product["forecast_market"] is None
    assert [one["verdict"] for one in product["advices"]] == ["unknown"]
    assert "没有可用的价格预测" in product["advices"][0]["text_zh"]


def test_without_reports_it_asks_for_them(office):
    (onion,) = office.get(MARKETING, params={"product": "onion"}).json()["products"]
    assert (onion["advices"], onion["text_zh"][:8]) == ([], "各乡镇近两周没有")
    other = office.get(MARKETING, params={"township": growing.LIRANG}).json()
    assert other["products"] == []
    assert other["text_zh"].startswith("礼让镇近两周没有上报任何品种")


def test_unknown_names_and_days_without_a_run_are_refused(office):
    for path in (MARKETING, PLANTING):
        refused = office.get(path, params={"product": "火星菜"})
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:changxiao:problem:unknown-name")
        assert office.get(path, params={"as_of": "2001-01-01"}).status_code == 404
    assert office.get(MARKETING, params={"township": "火星镇"}).status_code == 422
    assert office.get("/v1/guidance/sheets/火星镇.docx").status_code == 422


def test_no_run_at_all_is_not_found(empty_client):
    for path in (MARKETING, PLANTING, f"/v1/guidance/sheets/{growing.PINGJIN}.docx"):
        assert empty_client.get(path).status_code == 404


def test_too_much_planted_is_told_with_the_tonnes_over(office):
    (cabbage,) = office.get(PLANTING, params={"product": "cabbage"}).json()["products"]
    assert (cabbage["light"], cabbage["basis"], cabbage["harvest_t"]) == ("red", "area", 360.0)
    assert cabbage["usual_market_t"] == pytest.approx(300.0)
    assert cabbage["over_t"] == pytest.approx(max(0.0, 60 - cabbage["channels_t"]), abs=0.01)
    assert [part["township_zh"] for part in cabbage["townships"]] == ["屏锦镇"]


def test_a_sheet_is_a_document_named_after_day_and_township(office):
    import docx

    answer = office.get("/v1/guidance/sheets/屏锦镇.docx")
    assert answer.headers["content-disposition"] == 'attachment; filename="20181202-500155104.docx"'
    document = docx.Document(io.BytesIO(answer.content))
    assert document.paragraphs[0].text == "屏锦镇卖货和种植提示"
    assert office.get("/v1/guidance/sheets/500155104.docx").content == answer.content


def test_the_command_and_the_service_say_the_same(office, store, monkeypatch):
    from pipelines.cli import app

    growing.forecast(store, 1.0, 1.3)
    monkeypatch.setenv("CHANGXIAO_HOME", str(store.home))
    monkeypatch.setattr("pipelines.guidance_commands.now", lambda: growing.NOW)
    told = CliRunner().invoke(app, ["guidance", "--json", "--date", str(growing.DAY)])
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    assert said["marketing"] == office.get(MARKETING).json()["products"]
    assert said["planting"] == office.get(PLANTING).json()["products"]
    assert dt.date.fromisoformat(said["day"]) == growing.DAY
