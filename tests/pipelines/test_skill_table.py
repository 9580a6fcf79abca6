"""`changxiao skill`: the newest report as a table, and what to do where there is none."""

from __future__ import annotations

import datetime as dt

import pytest
from calling import caller

from warning.store.engine import open_store
from warning.store.skill_reports import SkillFigure, SkillHead, write_skill_report

SUNDAY = dt.date(2018, 11, 25)
NOW = dt.datetime(2018, 11, 26, tzinfo=dt.UTC)
SPELLS = {
    "base_rate": 0.075, "roc_auc": 0.9412, "pr_auc": 0.651, "brier_skill": 0.41, "pod": 0.77, "far": 0.62, "csi": 0.34,
    "warned_2w": 0.876, "alarms_a_week": 12.34,
}  # fmt: skip
RULE = {"base_rate": 0.075, "roc_auc": 0.814, "pr_auc": 0.304, "brier_skill": None}
PRICE_FIGURES = {"pinball": 0.0532, "wape": 0.151, "coverage_80": 0.803}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home in which commands run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("CHANGXIAO_DATABASE_URL", raising=False)
    return tmp_path / "var"


@pytest.fixture
def report(home):
    """A store with a report of two products."""
    store = open_store(home=home, migrate=True)
    figures = [
        SkillFigure(product, line, 28, forecaster, found)
        for product in ("", "onion", "dropped-product")
        for line, forecaster, found in (
            (0.8, "rule", RULE), (0.8, "model", SPELLS), (0.7, "model", SPELLS), (0.0, "naive", PRICE_FIGURES),
        )
    ]  # fmt: skip
    with store.writing() as session:
        head = SkillHead(SUNDAY, dt.date(2016, 1, 3), SUNDAY, NOW, "0.1.0", None, {})
        write_skill_report(session, head, figures)
    store.close()


@pytest.fixture
def skill(monkeypatch, capsys):
    """`changxiao skill` with these words; gives (exit status, rows of cells, all it printed, its errors)."""

    skill = caller(monkeypatch, capsys, "skill")

    def call(*words):
        code, out, err = skill(*words)
        rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in out.splitlines() if "│" in line]
        return code, rows, out, err

    return call


@pytest.mark.usefixtures("report")
def test_all_products_together_ours_before_the_baselines(skill):
    code, rows, out, _ = skill()
    assert code == 0
    ours = ["0.941", "0.651 (0.075)", "0.410", "0.77", "0.62", "0.34", "88%", "12.3", *[""] * 3]
    assert rows == [
        ["全部 all", "黄 yellow", "28", "model", *ours],
        ["全部 all", "黄 yellow", "28", "rule", "0.814", "0.304 (0.075)", *[""] * 9],
        ["全部 all", "橙 orange", "28", "model", *ours],
        ["全部 all", "价格 prices", "28", "naive", *[""] * 8, "0.0532", "0.151", "0.803"],
    ]
    assert "2018-11-25 · 评分 2016-01-03 … 2018-11-25" in out
    assert "--product all" in out


@pytest.mark.usefixtures("report")
def test_one_product_by_any_name_a_level_and_a_horizon(skill):
    code, rows, out, _ = skill(
        "--product", "圆葱", "--level", "yellow", "--horizon-days", "28", "--as-of", "2019-01-01"
    )
    assert code == 0
    assert [row[:4] for row in rows] == [["洋葱", "黄 yellow", "28", "model"], ["洋葱", "黄 yellow", "28", "rule"]]
    assert "--product all" not in out
    names = [row[0] for row in skill("--product", "all", "--level", "orange")[1]]
    assert names == ["全部 all", "dropped-product", "洋葱"]


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--product", "onoin"), ("onoin", "onion")),
        (("--product", "cabbage"), ("has nothing of that", "horizons 28", "dropped-product, onion")),
        (("--horizon-days", "5"), ("has nothing of that", "horizons 28")),
        (("--level", "purple"), ("no level 'purple'", "orange")),
        (("--as-of", "2018-01-01"), ("no skill report as of 2018-01-01", "ask for 2018-11-25")),
        (("--as-of", "today"), ("YYYY-MM-DD",)),
    ],
)
def test_a_faulty_question_is_an_error_with_status_2(skill, words, told):
    code, _, out, err = skill(*words)
    assert (code, out) == (2, "")
    assert all(word in err for word in told), err


@pytest.mark.usefixtures("home")
def test_no_report_says_how_to_make_one(skill):
    code, _, out, err = skill()
    assert (code, out) == (2, "")
    assert "no skill report has been made yet" in err
    assert "changxiao fit" in err
    assert "changxiao fit" in err
