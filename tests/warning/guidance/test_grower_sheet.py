"""The sheet for growers: one page, in plain Chinese, the same bytes for the same guidance."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import subprocess
import sys

import docx
import pytest

from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.errors import NotFound
from warning.guidance.coming_harvest import ComingHarvest
from warning.guidance.district_guidance import DistrictFacts, ProductFacts, guide
from warning.guidance.grower import Grower
from warning.guidance.grower_sheet import grower_sheet
from warning.guidance.marketing_advice import SellingWeek
from warning.guidance.price_forecast import PriceForecast, PriceQuantiles
from warning.guidance.selling_spans import selling_spans
from warning.guidance.usual_market import UsualMarket
from warning.reference import load_catalog
from warning.thresholds import load_thresholds

DAY = dt.date(2026, 3, 1)
CATALOG, THRESHOLDS = load_catalog(), load_thresholds()
HERE, ELSEWHERE = "500155104", "500155102"
MALL = AbsorbingUnit("mall", "城南超市", "buyer-matching", UnitKind.SUPERMARKET, tonnes_per_day=2.0, contact="李 138")
PRICES = PriceForecast(
    "cabbage", tuple(PriceQuantiles(7 * week, price - 0.1, price, price + 0.1)
                     for week, price in enumerate((1.0, 1.3, 1.5), start=1))
)  # fmt: skip
OVER = ComingHarvest(
    ELSEWHERE, "春", DAY + dt.timedelta(days=70), DAY + dt.timedelta(days=97), False, 900.0, 600.0, "harvest", 300, 200
)


def facts(*growers: Grower, forecast: PriceForecast | None = PRICES, harvests=()) -> DistrictFacts:
    product = ProductFacts(CATALOG.products["cabbage"], growers, UsualMarket(500.0), harvests, forecast)
    return DistrictFacts(DAY, (product,), (MALL,))


def sheet(known: DistrictFacts, township: str = HERE) -> bytes:
    return grower_sheet(DAY, township, guide(known, CATALOG, THRESHOLDS), known.units, CATALOG)


def words(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


READY = Grower(HERE, "cabbage", 80.0, 28)


def test_a_sheet_says_when_to_sell_how_much_at_what_price_and_whom_to_call():
    said = words(sheet(facts(READY)))
    assert said.startswith("屏锦镇卖货和种植提示")
    assert "3月16—22日" in said
    assert "1.50(1.40-1.60)" in said, "元/公斤 with its band"
    assert "0.75(0.70-0.80)" in said, "元/斤 with its band"
    assert "先找屏锦镇农业服务中心" in said
    assert "可联系城南超市（收莲花白）：李 138" in said


def test_what_the_whole_district_has_too_much_of_is_named_even_where_it_is_not_grown():
    said = words(sheet(facts(READY, harvests=(OVER,))))
    assert "莲花白：全区报得偏多" in said
    assert "不要再种" in said
    assert "目前没有哪个品种报得过多" in words(sheet(facts(READY)))


def test_a_sheet_says_what_cannot_be_told():
    assert "没有可用的价格预测，说不准什么时候卖好" in words(sheet(facts(READY, forecast=None)))
    assert "近两周没有上报库存和采收" in words(sheet(facts(READY), ELSEWHERE))
    spoiled = dataclasses.replace(READY, ready_t=0.0, expired_t=4.0)
    assert "4 吨已过保鲜期" in words(sheet(facts(spoiled)))


def test_simulated_figures_are_marked():
    assert "模拟数据" in words(sheet(facts(dataclasses.replace(READY, simulated=True))))
    assert "模拟数据" not in words(sheet(facts(READY)))


def test_the_same_guidance_gives_the_same_bytes_and_an_unknown_township_none():
    assert sheet(facts(READY)) == sheet(facts(READY))
    with pytest.raises(NotFound, match="999"):
        sheet(facts(READY), "999")


def test_weeks_that_are_most_alike_are_put_together():
    weeks = [
        SellingWeek(DAY + dt.timedelta(7 * at), DAY + dt.timedelta(7 * at + 6), tonnes, 1.0, 2.0, 3.0)
        for at, tonnes in enumerate((50.0, 10.0, 11.0, 30.0))
    ]
    found = selling_spans(weeks, 3)
    assert [(one.weeks, one.tonnes) for one in found] == [(1, 50.0), (2, 21.0), (1, 30.0)]
    assert found[1].last == DAY + dt.timedelta(20)
    assert [one.tonnes for one in selling_spans(weeks, 1)] == [101.0]


def test_importing_the_sheet_loads_no_word_processor():
    code = "import sys, warning.guidance.grower_sheet; sys.exit('docx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
