"""Bulletins over HTTP and by command: of a day, a 旬, an alert; a market's alert without a plan; what is not there."""

from __future__ import annotations

import io

import docx
import openpyxl
import placing
import pytest
from calling import caller

ALERT = f"/v1/alerts/{placing.DISTRICT}/briefing"


def text_of(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


@pytest.fixture
def office(client, store):
    placing.glut(store)
    placing.report(store, 45.0)
    return client


def test_an_alerts_bulletin_has_the_plan_that_the_service_gives(office):
    answer = office.get(f"{ALERT}.docx")
    assert answer.headers["content-disposition"] == 'attachment; filename="alert-20181202.docx"'
    plan = office.get(f"/v1/alerts/{placing.DISTRICT}/plan").json()
    told = text_of(answer.content)
    assert f"待消纳{plan['totals']['surplus_t']:g}吨" in told
    assert all(one["lead_zh"] in told for one in plan["channels"])
    assert office.get(f"{ALERT}.pdf").content.startswith(b"%PDF")
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{ALERT}.xlsx").content))
    tonnes = [row[3] for row in book["任务"].iter_rows(min_row=2, values_only=True)]
    assert sum(tonnes) == pytest.approx(plan["totals"]["placed_t"], abs=0.002)


def test_a_markets_alert_has_no_plan_and_says_so(office):
    told = text_of(office.get(f"/v1/alerts/{placing.MARKET}/briefing.docx").content)
    assert "当日没有需要安排消纳的数量" in told


@pytest.mark.parametrize("kind", ["daily", "xun"])
def test_a_day_and_its_xun(office, kind):
    levels = office.get("/v1/runs/2018-12-02").json()["levels"]
    told = text_of(office.get(f"/v1/briefings/{kind}/2018-12-02.docx").content)
    assert f"红色{levels['red']}个、橙色{levels['orange']}个" in told
    assert "洋葱" in told


def test_a_xun_tells_how_far_the_yearly_plan_is(office, store):
    folder = store.home / "reference"
    folder.mkdir()
    lines = ["id,year,channel_id,product_id,tonnes,source", "a,2018,canteens,,40,office", "b,2018,,cabbage,10,office",
             "c,2018,canteens,onion,5,office", "d,2019,,,1,office"]  # fmt: skip
    (folder / "yearly_targets.csv").write_text("\n".join(lines), encoding="utf-8")
    placed = [("school", "2018-12-01", 2.0), ("mall", "2018-12-02", 1.0), ("mall", "2018-12-03", 7.0)]
    rows = [{"unit": unit, "day": day, "tonnes": tonnes} for unit, day, tonnes in placed]
    answer = office.post(f"/v1/alerts/{placing.DISTRICT}/responses", json={"by": "店", "responses": rows})
    assert answer.status_code == 201, answer.text
    book = openpyxl.load_workbook(io.BytesIO(office.get("/v1/briefings/xun/2018-12-02.xlsx").content))
    told = [row[:4] for row in book["年度指导性计划"].iter_rows(min_row=2, values_only=True)]
    canteens = office.get("/v1/channels").json()["items"][0]["name_zh"]
    assert told == [(canteens, 40, 2, 0.05), ("各渠道，莲花白", 10, 3, 0.3), (f"{canteens}，洋葱", 5, 0, 0)]
    assert "截至2018年12月2日登记的实际消纳" in text_of(office.get("/v1/briefings/xun/2018-12-02.docx").content)
    assert "截至" not in text_of(office.get("/v1/briefings/daily/2018-12-02.docx").content).split("所知截至", 1)[1]


@pytest.mark.parametrize(("path", "status"), [
    ("/v1/briefings/daily/1999-01-01.docx", 404), ("/v1/briefings/xun/1999-01-01.pdf", 404),
    ("/v1/alerts/nothing/briefing.docx", 404), ("/v1/briefings/daily/2018-12-02.txt", 422),
    ("/v1/briefings/weekly/2018-12-02.pdf", 422), ("/v1/briefings/daily/soon.pdf", 422),
])  # fmt: skip
def test_what_is_not_there_is_a_problem(office, path, status):
    answer = office.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.fixture
def changxiao(office, store, monkeypatch, capsys):
    monkeypatch.setenv("CHANGXIAO_HOME", str(store.home))
    monkeypatch.setattr("pipelines.briefing_commands.now", lambda: placing.NOW)
    return caller(monkeypatch, capsys, "briefing")


def test_the_command_writes_what_the_service_gives(changxiao, office, tmp_path):
    code, _, err = changxiao("--alert", placing.DISTRICT, "--out", str(tmp_path / "new"))
    assert code == 0
    name = f"{placing.DISTRICT}-20181202"
    assert all(f"{name}.{form}" in err for form in ("docx", "pdf", "xlsx"))
    written = text_of((tmp_path / "new" / f"{name}.docx").read_bytes())
    assert written == text_of(office.get(f"{ALERT}.docx").content)
    assert changxiao("--xun", "2018-12-05", "--form", "xlsx", "--out", str(tmp_path))[0] == 0
    assert (tmp_path / "xun-20181202.xlsx").exists()


@pytest.mark.parametrize(("words", "said"), [
    (("--form", "odt"), "there is no form odt"), (("--form", ""), "there is no form"),
    (("--date", "1999-01-01"), "no daily run was done"), (("--xun", "1999-01-01"), "no day from 1999-01-01"),
    (("--alert", "nothing"), "there is no alert nothing"),
    (("--alert", "x", "--xun", "2018-12-02"), "both asked for"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_written(changxiao, tmp_path, words, said):
    code, _, err = changxiao(*words, "--out", str(tmp_path / "new"))
    assert (code, said in err) == (2, True)
    assert not list(tmp_path.glob("new/*"))
