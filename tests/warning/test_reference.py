"""The reviewed facts hold together, and a user's own files extend them or are refused with the place of the fault."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time

import pandas as pd
import pytest

from warning.errors import InvalidReference
from warning.reference import FILES, SHIPPED, load_catalog
from warning.reference.spelling import has_han, market_slug, plain

CATALOG = load_catalog()
LEADS = {
    1: ("三(一)", "区乡村振兴局", 10),
    2: ("三(二)", "区财政局", 7),
    3: ("三(三)", "区工商联", 9),
    4: ("四(一)", "区商务委", 5),
    5: ("四(二)", "区商务委", 7),
    6: ("四(三)", "区商务委", 9),
    7: ("四(四)", "区商务委", 6),
    8: ("四(五)", "区农业农村委", 2),
    9: ("五(二)", "区农业农村委", 9),
    10: ("五(三)", "区乡村振兴局", 3),
    11: ("六(一)、九(三)", "区农业农村委", 3),
    12: ("八(二)", "区乡村振兴局", 2),
    13: ("七(一)", "区文化旅游委", 4),
}
"""Of each channel: clause, lead, and how many departments stand beside the lead in the plan of 2021."""


def channel_text(number, lead, start_days):
    """A channels.toml of one channel."""
    keys = f"number={number}\nname_zh='某'\nclause='一'\nlead='{lead}'\nstart_days={start_days}\n"
    return f"[[channel]]\nid='x'\n{keys}"


def extra(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_townships_are_the_33_with_their_codes():
    codes = {int(code) for code in CATALOG.townships}
    assert len(codes) == 33
    assert codes == {
        500155000 + n
        for n in (
            1,
            2,
            3,
            4,
            5,
            102,
            103,
            104,
            106,
            107,
            108,
            110,
            111,
            112,
            113,
            114,
            115,
            116,
            117,
            118,
            119,
            121,
            122,
            123,
            124,
            125,
            126,
            127,
            128,
            129,
            130,
            201,
            202,
        )
    }
    assert CATALOG.townships["500155104"].name_zh == "屏锦镇"
    assert CATALOG.townships["500155202"].name_zh == "龙胜乡"
    assert not any(township.key for township in CATALOG.townships.values())


def test_the_channels_carry_the_plans_clauses_and_departments():
    day = dt.date(2021, 10, 15)
    found = {
        channel.number: (
            channel.clause,
            CATALOG.department_on(channel.lead, day).name_zh,
            len(channel.with_departments),
        )
        for channel in CATALOG.channels.values()
    }
    assert found == LEADS


@pytest.mark.shared
def test_the_plan_lists_each_channels_departments_in_that_order(shared_data):
    plan = (shared_data.parent / "policy" / "liangping-2021-78.txt").read_text(encoding="utf-8")
    day = dt.date(2021, 10, 15)
    lists = [part.split("〕")[0] for part in plan.split("〔")[1:]]
    for channel in CATALOG.channels.values():
        names = [CATALOG.department_on(key, day).name_zh for key in (channel.lead, *channel.with_departments)]
        written = "、".join(names).replace("、各乡镇（街道）", "和各乡镇（街道）").replace("、有关乡镇", "和有关乡镇")
        assert any(one.startswith(written + "具体负责") for one in lists), (channel.number, written)


def test_a_department_is_renamed_by_date():
    assert CATALOG.department_on("rural-revitalization", dt.date(2023, 6, 1)).name_zh == "区乡村振兴局"
    assert CATALOG.department_on("rural-revitalization", dt.date(2025, 6, 1)).name_zh == "区农业农村委"
    assert "unconfirmed" in CATALOG.departments["rural-revitalization"][0].source


def test_one_product_across_countries_and_none_merged_with_its_neighbour():
    names = {plain(name): one.id for one in CATALOG.products.values() for name in (one.name_zh, *one.synonyms)}
    assert {names[plain(name)] for name in ("ONION", "洋葱", "洋蔥", "양파")} == {"onion"}
    assert len({names[name] for name in ("大白菜", "小白菜", "甘蓝", "娃娃菜")}) == 4
    assert names["榨菜"] != names["青菜头"]
    assert names["萝卜"] != names["胡萝卜"]
    assert len(CATALOG.products) >= 300


def test_the_districts_products_have_outlets_and_a_shelf_life():
    for key in (
        "pomelo-liangping",
        "mustard-tuber",
        "cabbage",
        "radish",
        "pork",
        "rice",
        "bamboo-shoots",
        "blood-orange",
    ):
        product = CATALOG.products[key]
        assert product.local
        assert "cn-chongqing-liangping" in product.outlet_markets
    assert CATALOG.products["bok-choy"].shelf_life_days <= 3 < CATALOG.products["tomato"].shelf_life_days <= 14


def test_listed_indian_markets_have_the_id_that_their_feed_gives():
    indian = [market for market in CATALOG.markets.values() if market.country == "IN"]
    assert len(indian) >= 7
    for market in indian:
        assert market_slug(market.country, market.region, market.name) == market.id
        assert not market.lunar
        assert market.latitude is not None


TARGETS = "id,year,channel_id,product_id,tonnes,source\n"
GLUT_COLUMNS = "id,product_id,country,places,start_day,end_day,label,what_zh,what_en,measures_zh,measures_en,source"


def test_the_documented_gluts_are_told_in_both_languages_with_their_source():
    gluts = CATALOG.documented_gluts
    assert 20 <= len(gluts) <= 35
    assert {glut.country for glut in gluts.values()} == {"CN", "TW", "KR", "IN"}
    assert sum(glut.label == "near_miss" for glut in gluts.values()) >= 3
    for glut in gluts.values():
        assert has_han(glut.what_zh), glut.id
        assert not has_han(glut.what_en + glut.measures_en), glut.id
        assert glut.source
        assert (glut.end_day - glut.start_day).days <= 120
    wanzhou = gluts["cn-blood-orange-wanzhou-2022"]
    assert (wanzhou.product_id, wanzhou.places, wanzhou.start_day) == (
        "blood-orange",
        ("重庆", "万州"),
        dt.date(2022, 4, 5),
    )


@pytest.mark.shared
def test_documented_gluts_are_none_but_those_of_the_event_list(shared_data):
    events = pd.read_csv(shared_data / "events" / "glut_events.csv")
    listed = dict(zip(zip(events.start_date, events.end_date, strict=True), events.label, strict=True))
    told = " ".join(events.what_happened)
    for glut in CATALOG.documented_gluts.values():
        assert listed[glut.start_day.isoformat(), glut.end_day.isoformat()] == glut.label, glut.id
        assert glut.what_en not in told, "in our own words"


def test_a_users_glut_replaces_or_adds(tmp_path):
    row = "our-radish-2026,radish,cn,重庆;梁平,2026-01-10,2026-02-01,glut,萝卜滞销,radish unsold,,,区农业农村委\n"
    catalog = load_catalog(extra(tmp_path, "documented_gluts.csv", f"{GLUT_COLUMNS}\n{row}"))
    assert catalog.documented_gluts["our-radish-2026"].places == ("重庆", "梁平")
    assert len(catalog.documented_gluts) == len(CATALOG.documented_gluts) + 1


def test_a_users_seedling_line_stands_beside_the_shipped_one(tmp_path):
    text = "product_id,country,yellow,red,source\ncabbage,CN,100,120,ours\n"
    lines = load_catalog(extra(tmp_path, "seedling_lines.csv", text)).seedling_lines
    assert (lines["cabbage", "CN"].red, lines["cabbage", "TW"].red) == (120, 5.4e6)


def test_a_users_row_replaces_or_adds(tmp_path):
    extra(
        tmp_path,
        "products.csv",
        "id,name_zh,name_en,group,shelf_life_days,local\ncabbage,甘蓝,cabbage,vegetable_head,30,是\n"
        "tofu-skin,豆皮,tofu skin,pulse,5,\n",
    )
    extra(tmp_path, "product_names.csv", "product_id,name\ntofu-skin,千张\nleaf-mustard,青菜\n")
    extra(tmp_path, "townships.csv", "id,name_zh,key\n500155104,屏锦镇,yes\n")
    catalog = load_catalog(tmp_path)
    assert catalog.products["cabbage"].shelf_life_days == 30
    assert "包菜" in catalog.products["cabbage"].synonyms
    assert catalog.products["tofu-skin"].synonyms == ("千张",)
    assert "青菜" not in catalog.ambiguous_names
    assert catalog.townships["500155104"].key
    assert len(catalog.townships) == 33
    assert load_catalog().products["cabbage"].shelf_life_days == 21


def test_a_users_file_saved_by_a_chinese_spreadsheet_is_read(tmp_path):
    (tmp_path / "units.csv").write_bytes("name,kg,synonyms,refusal\n挑,40,,\n".encode("gb18030"))
    assert load_catalog(tmp_path).units["挑"].kg == 40


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("product_names.csv", "product_id,name\npotato,包菜\n", "product_names.csv"),
        ("product_names.csv", "product_id,name\nno-such,某菜\n", "product_names.csv, line 2, column product_id"),
        ("products.csv", "id,name_zh,group,shelf_life_days\nx,某,weed,3\n", "products.csv, line 2, column group"),
        ("products.csv", "id,name_zh,group,shelf_life_days\nx,某,fruit,soon\n", "line 2, column shelf_life_days"),
        ("products.csv", "id,name_zh,group,shelf_life_days\nx,某,fruit,3\nx,某,fruit,4\n", "line 3, column id"),
        (
            "products.csv",
            "id,name_zh,group,shelf_life_days,outlet_markets\nx,某,fruit,3,nowhere\n",
            "id x, column outlet_markets",
        ),
        ("products.csv", "id,name_zh,group,shelf_life_days,storable\nx,某,fruit,3,maybe\n", "line 2, column storable"),
        ("products.csv", "id,name\nx,某\n", "products.csv, line 1"),
        ("products.csv", "id,name_zh,group,shelf_life_days\nx,某,fruit,3,4\n", "line 2, column 5"),
        ("markets.csv", "id,name,country,region\nx,新发地,CN,北京市\n", "markets.csv, id x"),
        ("markets.csv", "id,name,country,latitude,longitude\nx,某市场,CN,30.1,\n", "line 2, column longitude"),
        ("units.csv", "name,kg,refusal\n挑,,\n", "units.csv, line 2, column kg"),
        ("units.csv", "name,kg,synonyms\n挑,40,斤\n", "units.csv"),
        ("departments.csv", "id,name_zh,since,until\nx,某局,2024-01-01,2023-01-01\n", "line 2, column until"),
        ("departments.csv", "id,name_zh,merged_into\nx,某局,nobody\n", "id x, column merged_into"),
        ("departments.csv", "id,name_zh,since\nx,某局,2020-01-01\nx,某委,2021-01-01\n", "id x, column until"),
        ("school_holidays.csv", "name_zh,first,last\n寒假,2027-01-16,02-20\n", "line 2, column last"),
        ("school_holidays.csv", "name_zh,first,last\n寒假,01-16,02-30\n", "line 2, column last"),
        ("not_one_product.csv", "match,text,why_zh\nlike,某,某\n", "line 2, column match"),
        (
            "documented_gluts.csv",
            f"{GLUT_COLUMNS}\nx,no-such,CN,,2026-01-10,2026-02-01,glut,某,x,,,s\n",
            "documented_gluts.csv, line 2, column product_id",
        ),
        (
            "documented_gluts.csv",
            f"{GLUT_COLUMNS}\nx,radish,CN,,2026-01-10,2026-01-01,glut,某,x,,,s\n",
            "line 2, column end_day",
        ),
        (
            "documented_gluts.csv",
            f"{GLUT_COLUMNS}\nx,radish,CN,,2026-01-10,2026-02-01,rumour,某,x,,,s\n",
            "line 2, column label",
        ),
        (
            "documented_gluts.csv",
            f"{GLUT_COLUMNS}\nx,radish,CN,,2026-01-10,2026-02-01,glut,某,x,收储,,s\n",
            "line 2, column measures_en",
        ),
        (
            "documented_gluts.csv",
            f"{GLUT_COLUMNS}\nx,radish,CN,,2026-01-10,2026-02-01,glut,某,x,,,\n",
            "line 2, column source",
        ),
        (
            "seedling_lines.csv",
            "product_id,country,yellow,red,source\nno-such,CN,1,2,s\n",
            "seedling_lines.csv, line 2, column product_id",
        ),
        ("seedling_lines.csv", "product_id,country,yellow,red,source\nradish,CN,3,2,s\n", "line 2, column red"),
        ("yearly_targets.csv", f"{TARGETS}x,26,,,1,s\n", "line 2, column year"),
        ("yearly_targets.csv", f"{TARGETS}x,2026,,,,s\n", "line 2, column tonnes"),
        ("yearly_targets.csv", f"{TARGETS}x,2026,shops,,1,s\n", "line 2, column channel_id"),
        ("yearly_targets.csv", f"{TARGETS}x,2026,,no-such,1,s\n", "line 2, column product_id"),
        ("yearly_targets.csv", f"{TARGETS}x,2026,,,1,\n", "line 2, column source"),
        ("yearly_targets.csv", f"{TARGETS}x,2026,,,1,s\nx,2026,,,2,s\n", "line 3, column id"),
        ("ambiguous_names.csv", "name,product_ids\n某,potato\n", "ambiguous_names.csv"),
        ("ambiguous_names.csv", "name,product_ids\n土豆,potato;peanut\n", "ambiguous_names.csv"),
        ("channels.toml", channel_text(14, "nobody", "[1,2]"), "id x, key lead"),
        ("channels.toml", channel_text(1, "finance", "[1,2]"), "key number"),
        ("channels.toml", channel_text(14, "finance", "[3,2]"), "key start_days"),
        ("channels.toml", "[[channel]]\nid='x'\nnumber=14\n", "key name_zh"),
        ("channels.toml", "[[channel\n", "channels.toml"),
    ],
)
def test_a_contradiction_is_refused_with_its_place_and_remedy(tmp_path, name, text, where):
    with pytest.raises(InvalidReference) as caught:
        load_catalog(extra(tmp_path, name, text))
    assert where in caught.value.where
    assert caught.value.todo


def test_an_empty_or_absent_folder_gives_the_shipped_facts(tmp_path):
    assert load_catalog(tmp_path) is CATALOG
    assert load_catalog(tmp_path / "absent") is CATALOG
    assert all((SHIPPED / name).is_file() for name in FILES)


def test_the_facts_load_quickly_and_without_heavy_libraries():
    program = (
        "import sys, time; from warning.reference import load_catalog; start = time.perf_counter(); load_catalog();"
        "print(time.perf_counter() - start); assert not {'pandas', 'opencc', 'rapidfuzz', 'numpy'} & set(sys.modules)"
    )
    spent = []
    for _ in range(3):
        spent.append(
            float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        )
        if spent[-1] < 0.1:
            break
        time.sleep(0.2)
    assert min(spent) < 0.1
