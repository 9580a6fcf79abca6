"""Letters to lead departments, read back: who gets one, what it says, and that its tables add up to the plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import math
from typing import Any

import docx
import pytest
from plan_worlds import DAY, batch, busy, problem, unit

from warning.absorption.plan import make_plan
from warning.absorption.problem import Problem
from warning.absorption.shocks import Shock, ShockKind
from warning.absorption.units import UnitKind
from warning.briefing.letter import letters
from warning.reference import load_catalog

CATALOG = load_catalog()
CANTEEN = unit("城中食堂", channel="canteens", kind=UnitKind.SCHOOL, tonnes_per_day=1.0)
MARKET = unit("城南批发市场", contact="甲 555-0100")
SHOP = unit("城东超市", channel="buyer-matching", kind=UnitKind.SUPERMARKET, tonnes_per_day=2.0, lead_days=3)


def letters_of(asked: Problem) -> dict[str, Any]:
    """The letters of a problem's plan, opened."""
    made = letters(make_plan(asked, CATALOG), asked, CATALOG)
    return {key: docx.Document(io.BytesIO(content)) for key, content in made.items()}


def text_of(letter: Any) -> str:
    return "\n".join(one.text for one in letter.paragraphs)


def rows_of(letter: Any, head: str) -> list[list[list[str]]]:
    """The rows of the tables whose first column has that head."""
    found = [[[cell.text for cell in row.cells] for row in one.rows] for one in letter.tables]
    return [rows for rows in found if rows[0][0] == head]


def test_each_lead_department_gets_one_letter() -> None:
    asked = problem(batch(60), CANTEEN, MARKET, SHOP)
    made = letters_of(asked)
    assert set(made) == {"commerce", "agriculture"}
    assert len(rows_of(made["commerce"], "单位")) == 2
    assert len(rows_of(made["agriculture"], "单位")) == 1


@pytest.mark.parametrize("seed", range(4))
def test_tables_and_their_totals_add_up_to_the_plan(seed: int) -> None:
    asked = busy(seed)
    plan = make_plan(asked, CATALOG)
    total = 0.0
    for letter in letters_of(asked).values():
        for _, *rows, last in rows_of(letter, "单位"):
            parts = sum(float(row[3]) for row in rows)
            assert math.isclose(parts, float(last[3]), abs_tol=1e-9)
            total += parts
    assert total > 0
    assert math.isclose(total, plan.totals.placed_t, abs_tol=0.002)


def test_a_letter_names_title_addressee_clause_days_and_tonnes() -> None:
    text = text_of(letters_of(problem(batch(8, level=3), MARKET))["commerce"])
    assert "关于商请做好莲花白\n滞销农产品消纳工作的函\n区商务委：" in text
    assert "滞销预警（最高为橙色），截至2026年3月2日，梁山街道待消纳莲花白8吨" in text
    assert "《继续大力实施消费帮扶巩固拓展脱贫攻坚成果实施方案》（梁平府办发〔2021〕78号）" in text
    assert "依据《实施方案》四（一），由贵委牵头，我委、区市场监管局" in text
    assert "于3月3日至4日组织1家单位消纳莲花白8吨。" in text


def test_a_row_says_unit_product_origin_tonnes_days_and_contact() -> None:
    ((_, row, total),) = rows_of(letters_of(problem(batch(8), MARKET))["commerce"], "单位")
    assert row == ["城南批发市场", "莲花白", "梁山街道", "8", "3月3日至4日", "甲 555-0100"]
    assert total == ["合计", "", "", "8", "", ""]


def test_deliveries_with_gaps_say_how_many_days() -> None:
    closed = dataclasses.replace(SHOP, closed_weekends=True)
    ((_, row, _),) = rows_of(letters_of(problem(batch(8), closed))["commerce"], "单位")
    assert row[4] == "3月5日至10日，4天"


def test_it_is_ready_to_sign() -> None:
    text = text_of(letters_of(problem(batch(8), MARKET))["commerce"])
    assert "〔2026〕　　号" in text
    assert "签发人：" in text
    assert "区农业农村委\n2026年3月2日\n（联系人：" in text
    assert "抄送：区发展改革委、区市场监管局、各乡镇（街道）。" in text


def test_what_the_committee_leads_itself_goes_to_those_who_work_with_it() -> None:
    text = text_of(letters_of(problem(batch(4), CANTEEN))["agriculture"])
    assert "关于商请协同做好莲花白" in text
    assert "区商务委、区发展改革委、" in text.split("：\n")[0]
    assert "现就我委牵头、请贵单位协同的1项任务" in text
    assert "由我委牵头" in text
    assert "抄送" not in text


def test_before_the_merger_the_bureau_of_that_day_gets_the_letter() -> None:
    asked = problem(batch(4), CANTEEN)
    plan = dataclasses.replace(make_plan(asked, CATALOG), day=dt.date(2022, 3, 2))
    ((lead, content),) = letters(plan, asked, CATALOG).items()
    text = text_of(docx.Document(io.BytesIO(content)))
    assert lead == "rural-revitalization"
    assert "\n区乡村振兴局：\n" in text
    assert "由贵局牵头" in text


def test_an_empty_plan_gives_no_letters() -> None:
    assert letters_of(problem(MARKET)) == {}
    assert letters_of(problem(batch(5))) == {}


def test_what_is_left_over_is_named_with_its_reason() -> None:
    small = dataclasses.replace(MARKET, storage_t=3.0)
    letter = letters_of(problem(batch(10), batch(2, lot="鱼", product_id="grass-carp", price_per_kg=1,
                                                  floor_per_kg=9), small))["commerce"]  # fmt: skip
    text = text_of(letter)
    assert "以下9吨在现有单位和期限内未能安排：莲花白7吨（可消纳的单位都已用满" in text
    assert "附件：1. 农产品消纳安排表" in text
    ((_, first, second, total),) = rows_of(letter, "产品")
    assert first[:4] == ["莲花白", "梁山街道", "7", "3月12日"]
    assert second[0] == "草鱼"
    assert second[4]
    assert total[2] == "9"


def test_lots_left_for_one_reason_are_one_row_with_the_first_day_that_counts() -> None:
    asked = problem(batch(60, lot="1", expiry=DAY + dt.timedelta(days=9)), batch(70, lot="2"), CANTEEN)
    plan = make_plan(asked, CATALOG)
    assert len(plan.unplaced) == 2
    ((_, row, last),) = rows_of(letters_of(asked)["agriculture"], "产品")
    left = min(one.expiry for one in plan.unplaced)
    assert row[2] == last[2]
    assert row[3] == f"{left.month}月{left.day}日"


def test_where_nothing_is_left_over_the_letter_says_so() -> None:
    letter = letters_of(problem(batch(8), MARKET))["commerce"]
    assert "没有剩余" in text_of(letter)
    assert "附件：农产品消纳安排表" in text_of(letter)
    assert rows_of(letter, "产品") == []


def test_simulated_units_and_estimates_are_said_plainly() -> None:
    invented = dataclasses.replace(SHOP, simulated=True)
    letter = letters_of(problem(batch(60, estimated=True), MARKET, invented))["commerce"]
    text = text_of(letter)
    assert "（模拟数据，仅供演示，不作正式文件）" in text
    assert "附件所列2家单位中有1家为模拟单位" in text
    assert "估算" in text
    assert "城东超市（模拟）" in {row[0] for rows in rows_of(letter, "单位") for row in rows}
    plainly = text_of(letters_of(problem(batch(60), MARKET, SHOP))["commerce"])
    assert "模拟" not in plainly
    assert "估算" not in plainly


def test_a_plan_under_supposed_events_says_so() -> None:
    asked = problem(batch(5), MARKET, CANTEEN, Shock(ShockKind.CHANNEL, "canteens"))
    assert "按1项设定情形" in text_of(letters_of(asked)["commerce"])


def test_control_characters_in_a_name_do_not_break_the_letter() -> None:
    odd = dataclasses.replace(MARKET, name="城南\x00批发\x07市场\ud800\n", contact="<甲>\x1b&")
    ((_, row, _),) = rows_of(letters_of(problem(batch(8), odd))["commerce"], "单位")
    assert (row[0], row[5]) == ("城南批发市场 ", "<甲>&")


def test_more_products_than_a_title_holds_are_counted() -> None:
    goods = [batch(3 - n / 2, lot=f"L{n}", product_id=one) for n, one in enumerate(("cabbage", "tomato", "pak-choi"))]
    text = text_of(letters_of(problem(*goods, SHOP, MARKET))["commerce"])
    assert "关于商请做好莲花白等3种\n滞销农产品消纳工作的函" in text


def test_letters_of_one_plan_are_the_same_bytes_each_time() -> None:
    asked = busy(2)
    plan = make_plan(asked, CATALOG)
    assert letters(plan, asked, CATALOG) == letters(plan, asked, CATALOG)
    assert plan.day == DAY
