"""`changxiao guidance`: the schedule, the planting light, the sheets, and what it says where it cannot tell."""

from __future__ import annotations

import json

import growing
import pytest
from calling import caller


@pytest.fixture
def changxiao(store, monkeypatch, capsys):
    """The command over a store with one judged day; gives (exit status, printed, said on the error stream)."""
    growing.judged(store)
    monkeypatch.setenv("CHANGXIAO_HOME", str(store.home))
    monkeypatch.setenv("CHANGXIAO_DATABASE_URL", store.url)
    monkeypatch.setattr("pipelines.guidance_commands.now", lambda: growing.NOW)
    return caller(monkeypatch, capsys, "guidance")


@pytest.fixture
def reported(store):
    growing.report(store, **growing.STOCK)
    growing.report(store, lot="2019春甘蓝", **growing.COMING)


def test_it_prints_the_schedule_and_the_planting_light(changxiao, store, reported):
    growing.forecast(store, 1.0, 1.3)
    growing.volumes(store, 50.0)
    code, out, _ = changxiao()
    assert code == 0
    assert "莲花白" in out
    assert "屏锦镇" in out
    assert "元/斤" in out
    assert "红灯" in out
    assert "2018-12-09" in out, "the first week is the seven days after the business date"


def test_without_a_forecast_it_says_so(changxiao, reported):
    code, out, _ = changxiao("--product", "莲花白", "--township", "屏锦镇")
    assert (code, "没有可用的价格预测，说不准什么时候卖好" in out) == (0, True)


def test_without_reports_it_asks_for_them(changxiao):
    assert "各乡镇近两周没有上报任何品种的库存和采收" in changxiao()[1]
    assert "各乡镇近两周没有上报洋葱的库存和采收" in changxiao("--product", "洋葱")[1]


def test_nothing_to_sell_and_expired_stock_are_said(changxiao, store):
    growing.forecast(store, 1.0, 1.3)
    growing.volumes(store, 50.0)
    growing.report(store, stock_t=0.0)
    growing.report(store, township=growing.LIRANG, stock_t=8.0, shelf_life_days=0.0)
    out = changxiao()[1]
    assert "莲花白 屏锦镇：眼下没有可卖的货" in out
    assert "莲花白 礼让镇：眼下没有可卖的货：8 吨已过保鲜期" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--product", "火星菜"), "火星菜"),
        (("--township", "火星镇"), "火星镇"),
        (("--date", "2001-01-01"), "no daily run was done"),
        (("--date", "yesterday"), "YYYY-MM-DD"),
    ],
)
def test_what_is_unknown_is_refused_with_status_2(changxiao, words, said):
    code, _, err = changxiao(*words)
    assert code == 2
    assert said in err


def test_sheets_are_written_one_a_township(changxiao, reported, tmp_path):
    code, _, err = changxiao("--out", str(tmp_path / "sheets"))
    assert code == 0
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == ["20181202-500155104.docx"]
    assert "wrote" in err


def test_the_whole_answer_comes_as_json(changxiao, reported):
    document = json.loads(changxiao("--json")[1])
    assert document["day"] == "2018-12-02"
    assert document["planting"][0]["light"] == "red"
    assert document["marketing"][0]["advices"][0]["verdict"] == "unknown"
