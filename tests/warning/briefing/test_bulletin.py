"""Bulletins in their three forms: the same words, numbers as numbers, hostile text as text, equal bytes each time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json

import docx
import openpyxl
import pytest

from warning.absorption.plan import Totals
from warning.briefing import bulletin_words as say
from warning.briefing.bulletin import Bulletin, Kind, Prices, ProductLine, Reserve, Target, xun_of
from warning.briefing.bulletin_pdf import document_of
from warning.briefing.charts import chart
from warning.briefing.forms import bulletin_file
from warning.levels import Level

DAY = dt.date(2026, 3, 12)
LINE = ProductLine("莲花白", "梁平区", Level.RED, dt.date(2026, 3, 1), "glut", 858.6, True, ("价格为往年 42%",), 6)
WEEKS = tuple(dt.date(2026, 1, 4) + dt.timedelta(weeks=number) for number in range(12))
PRICES = Prices("莲花白 周价", "元/公斤", WEEKS, (1.0,) * 9 + (None,) * 3, (1.5,) * 12, (None,) * 9 + (0.8,) * 3,
                (None,) * 9 + (0.9,) * 3, (None,) * 9 + (1.1,) * 3, trusted=True)  # fmt: skip
DAILY = Bulletin(
    kind=Kind.DAILY, first=DAY, last=DAY, known_at=dt.datetime(2026, 3, 12, 23, 30, tzinfo=dt.UTC), simulated=True,
    counts={4: 12, 3: 2, 0: 40, -1: 3}, before={4: 10, 3: 2}, compared=dt.date(2026, 3, 11), products=(LINE,), stale=5,
    totals=Totals(surplus_t=858.6, placed_t=800.0, kept_t=60.0, wasted_t=58.6, worst_share=0.4),
    days=((dt.date(2026, 3, 11), {4: 10}), (DAY, {4: 12})),
)  # fmt: skip
XUN = dataclasses.replace(DAILY, kind=Kind.XUN, first=dt.date(2026, 3, 11), events={"raised": 3, "ended": 1},
                          placed_t=120.5, reserves=(Reserve("预留专户", 380.0, 95.0, "吨"),))  # fmt: skip
ALERT = dataclasses.replace(DAILY, kind=Kind.ALERT, prices=PRICES, alert_id="cabbage.500155.20260301")
OFFICE = "区农业农村委"


def text_of(bulletin):
    document = docx.Document(io.BytesIO(bulletin_file(bulletin, OFFICE, "docx")))
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


def book_of(bulletin):
    return openpyxl.load_workbook(io.BytesIO(bulletin_file(bulletin, OFFICE, "xlsx")))


@pytest.mark.parametrize(("day", "span"), [
    (dt.date(2026, 3, 1), (1, 10)), (dt.date(2026, 3, 10), (1, 10)), (dt.date(2026, 3, 11), (11, 20)),
    (dt.date(2026, 3, 21), (21, 31)), (dt.date(2024, 2, 29), (21, 29)), (dt.date(2026, 12, 31), (21, 31)),
])  # fmt: skip
def test_a_xun_is_ten_days_or_what_is_left_of_the_month(day, span):
    first, last = xun_of(day)
    assert (first.day, last.day) == span


@pytest.mark.parametrize("told", [
    "农产品滞销监测日报（2026年3月12日）", "模拟数据，仅供演示",
    "业务日期2026年3月12日，所知截至2026-03-13 07:30（北京时间）",
    "红色12个、橙色2个、黄色0个、蓝色0个；无法研判3个，数据陈旧5个", "较2026年3月11日：红色+2",
    "梁平区，红色，供过于求，自2026年3月1日起", "待消纳858.6吨（估算）；另有5处在警", "未能安排58.6吨",
])  # fmt: skip
def test_a_daily_bulletin_says_what_the_store_says(told):
    assert told in text_of(DAILY)


def test_a_xun_adds_its_events_what_was_placed_and_the_years_progress():
    told = text_of(XUN)
    assert "农产品滞销监测旬报（2026年3月中旬）" in told
    assert "期内预警新发3条、解除1条；登记实际消纳120.5吨" in told
    assert "年度指导性计划由区乡村振兴局、区商务委下达" in told
    assert "25%" in told
    assert [cell.value for cell in book_of(XUN)["年度进度"][2]] == ["预留专户", 380, 95, "吨", 0.25]


def test_the_years_plan_stands_beside_the_part_of_the_year_that_is_over():
    assert "本年计划未登记" in text_of(XUN)
    planned = dataclasses.replace(XUN, targets=(Target("各渠道，莲花白", 1000.0, 120.5),))
    told = text_of(planned)
    assert "已消纳按截至2026年3月12日登记的实际消纳计" in told
    assert say.target_rows(planned) == [("各渠道，莲花白", "1,000", "120.5", "12%", "19%")]
    assert all(cell in told for cell in say.target_rows(planned)[0])
    assert "120.5" in json.dumps(document_of(planned, OFFICE, picture=False), ensure_ascii=False)
    assert bulletin_file(planned, OFFICE, "pdf").startswith(b"%PDF")
    row = [cell.value for cell in book_of(planned)["年度指导性计划"][2]]
    assert row == ["各渠道，莲花白", 1000, 120.5, 0.1205, pytest.approx(71 / 365)]


def test_an_alerts_bulletin_has_its_price_and_says_whether_the_forecast_is_to_be_trusted():
    assert "梁平区莲花白滞销预警专报" in text_of(ALERT)
    assert "图中预测由经过检验、胜过基线的模型给出" in text_of(ALERT)
    beaten = dataclasses.replace(ALERT, prices=dataclasses.replace(PRICES, trusted=False))
    assert "不作预警依据" in text_of(beaten)
    unknown = dataclasses.replace(ALERT, prices=dataclasses.replace(PRICES, low=(), middle=(), high=()))
    assert "当日没有价格预测" in text_of(unknown)
    assert docx.Document(io.BytesIO(bulletin_file(ALERT, OFFICE, "docx"))).inline_shapes


def test_a_day_without_alerts_is_no_sign_of_calm():
    calm = dataclasses.replace(DAILY, products=(), totals=None, days=(), before={}, compared=None)
    assert "当日无须预警。未知和陈旧的对象不等于平稳。" in text_of(calm)
    assert "当日没有需要安排消纳的数量。" in text_of(calm)
    assert bulletin_file(calm, OFFICE, "pdf").startswith(b"%PDF")
    assert chart(calm) == b""


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx"])
@pytest.mark.parametrize("bulletin", [DAILY, XUN, ALERT], ids=["daily", "xun", "alert"])
def test_equal_bulletins_are_equal_bytes(bulletin, form):
    assert bulletin_file(bulletin, OFFICE, form) == bulletin_file(bulletin, OFFICE, form)


@pytest.mark.parametrize(
    "spite", ["=1+1", "@SUM(A1)", '#import "x": *', "$x$ *b* _i_ \\", "<b>&</b>", "\x00\x0b", "莲藕" * 200]
)
def test_hostile_words_are_words(spite):
    line = dataclasses.replace(LINE, product=spite, place=spite, why=(spite,))
    hostile = dataclasses.replace(ALERT, products=(line,))
    seen = spite.replace("\x00", "").replace("\x0b", "")
    assert seen in text_of(hostile)
    cell = book_of(hostile)["预警品种"]["B2"]
    assert (cell.data_type, cell.value or "") == ("s", seen) if seen else True
    assert bulletin_file(hostile, OFFICE, "pdf").startswith(b"%PDF")
    assert seen in json.dumps(document_of(hostile, OFFICE, picture=False), ensure_ascii=False).replace(
        "\\\\", "\\"
    ).replace('\\"', '"')


def test_the_pdf_says_the_same_sentences():
    told = json.dumps(document_of(XUN, OFFICE, picture=True), ensure_ascii=False)
    for sentence in (say.title(XUN), say.as_known(XUN), say.overview(XUN), say.happened(XUN), say.plan_sentence(XUN)):
        assert sentence in told
