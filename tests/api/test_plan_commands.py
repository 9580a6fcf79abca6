"""`changxiao plan`: what it prints, its options and letters, shocks side by side, and what it refuses."""

from __future__ import annotations

import json
import zipfile

import placing
import pytest
from calling import caller
from sqlalchemy import func, select

from warning.store.tables import AssessmentRow, PlanRow


@pytest.fixture
def changxiao(store, monkeypatch, capsys):
    """The command over a cabbage glut with one judged day."""
    placing.glut(store)
    monkeypatch.setenv("CHANGXIAO_HOME", str(store.home))
    monkeypatch.setattr("pipelines.plan_commands.now", lambda: placing.NOW)
    return caller(monkeypatch, capsys, "plan")


def stored(store):
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(PlanRow))


def test_the_list_of_alerts_names_each_as_the_plan_takes_it_with_its_tonnes(changxiao, store, monkeypatch, capsys):
    with store.writing() as session:
        for row in session.scalars(select(AssessmentRow).where(AssessmentRow.alert_id == placing.DISTRICT)):
            row.surplus_t, row.surplus_estimated = 1234.5, True
    code, out, _ = caller(monkeypatch, capsys, "alerts")()
    assert code == 0
    (line,) = [one for one in out.splitlines() if placing.DISTRICT in one]
    assert "~1,234" in line
    assert placing.TOWNSHIP in out
    assert "…" not in out


def test_it_prints_channels_units_and_what_is_left_and_keeps_the_plan(changxiao, store):
    placing.report(store, 90.0)
    code, out, _ = changxiao(placing.DISTRICT)
    assert code == 0
    for word in ("surplus 90.0 t", "三(一)", "城南冷库", "屏锦镇", "未安置 屏锦镇 莲花白", "若再增加"):
        assert word in out
    assert stored(store) == 1


def test_lots_of_a_township_that_are_left_for_one_reason_are_one_line(changxiao, store):
    for lot in ("春", "秋", "冬"):
        placing.report(store, 90.0, lot=lot)
    out = changxiao(placing.DISTRICT)[1]
    assert out.count("未安置") == 1


def test_a_surplus_past_a_line_is_said_to_want_a_second_look(changxiao, store):
    placing.report(store, 90.0, marketable_t=300.0, harvest_from=placing.DAY)
    out = changxiao(placing.DISTRICT)[1]
    assert "莲花白：待消纳量占当季产量的 30%，超过印度收储上限 25%" in out
    assert "超过欧盟免费分发上限 5%" in out


def test_under_shocks_it_stands_beside_the_plan_without_them(changxiao, store):
    placing.report(store, 45.0)
    code, out, _ = changxiao("--shock", "unit:连锁超市", "--shock", "capacity:cold-storage-outlets=0.5")
    assert code == 0
    assert "without the shocks" in out
    assert "under the shocks" in out


def test_a_road_is_named_by_the_township_it_leads_to(changxiao, store):
    placing.report(store, 45.0)
    told = json.loads(changxiao("--shock", "road:屏锦", "--json")[1])
    assert [(one["kind"], one["what"]) for one in told["shocks"]] == [("road", "500155104")]
    assert {one["unit_id"] for one in told["placements"]} == {"school"}


def test_its_options_are_the_plans(changxiao, store):
    placing.report(store, 45.0)
    words = ("--days", "9", "--fairness", "0.2", "--channel-share", "0.6", "--most-km", "80", "--json")
    options = json.loads(changxiao(*words)[1])["options"]
    assert (options["days"], options["fairness_k"], options["channel_share"], options["most_km"]) == (9, 0.2, 0.6, 80)


def test_letters_are_documents_one_a_lead_department(changxiao, store, tmp_path):
    placing.report(store, 45.0)
    code, _, err = changxiao(placing.DISTRICT, "--letters", str(tmp_path / "new" / "letters"))
    papers = sorted((tmp_path / "new" / "letters").iterdir())
    assert code == 0
    assert papers
    assert all(str(paper) in err and zipfile.is_zipfile(paper) for paper in papers)


def test_where_letters_cannot_go_nothing_is_planned_and_nothing_kept(changxiao, store, tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    code, _, err = changxiao("--letters", str(tmp_path / "taken"))
    assert (code, "cannot be made a folder" in err, stored(store)) == (2, True, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-alert",), "no-such-alert"),
        ((placing.MARKET,), "plans are made for townships and the district"),
        (("--date", "2001-01-01"), "2001-01-01"),
        (("--date", "soon"), "soon"),
        (("--shock", "flood:屏锦镇"), "is no shock"),
        (("--shock", "road:无此镇"), "there is no road '无此镇'"),
        (("--shock", "unit:无此店"), "there is no unit '无此店'"),
        (("--fairness", "7"), "fairness_k is 7"),
        (("--channel-share", "nan"), "channel_share is nan"),
        (("--most-km", "-1"), "most_km is -1"),
        (("--days", "0"), "days"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_kept(changxiao, store, words, said):
    code, _, err = changxiao(*words)
    assert (code, said in err, stored(store)) == (2, True, 0), err
