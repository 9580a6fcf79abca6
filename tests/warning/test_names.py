"""Names to ids: exact, synonym, the other script; ambiguous ones never; likeness only proposes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from warning.catalog import Market
from warning.errors import UnknownName
from warning.names import NameIndex, market_slug, split_item, split_variety
from warning.reference import load_catalog

CATALOG = load_catalog()
INDEX = NameIndex(CATALOG)
REFUSED = {
    "taiwan_amis_feed_2026": {
        "其他",
        "其他熟魚",
        "其他花類",
        "其他菇類",
        "海菜",
        "芽菜類",
        "雜柑",
        "魚皮",
        "魚肉",
        "魚肚",
    },
    "korea_garak": {"콩류"},
    "china_supermarket_2023C": {
        "姜蒜小米椒组合装(小份)",
        "洪山菜薹莲藕拼装礼盒",
        "组合椒系列",
        "菌菇火锅套餐(份)",
        "菌蔬四宝(份)",
        "蟹味菇与白玉菇双拼(盒)",
        "青红尖椒组合装(份)",
        "青红杭椒组合装(份)",
    },
}
COUNTRIES = {
    "india_agmarknet": "IN",
    "taiwan_amis_winter": "TW",
    "taiwan_amis_feed_2026": "TW",
    "korea_garak": "KR",
    "china_supermarket_2023C": "CN",
}


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(COUNTRIES))
def test_every_name_of_the_real_data_resolves_or_is_refused_as_not_one_product(shared_data, name):
    import pandas as pd

    path = shared_data / "tidy" / f"{name}.parquet"
    frame = pd.read_parquet(path, columns=["product", "market"]).drop_duplicates()
    country = COUNTRIES[name]
    found = {
        product: INDEX.judge_product(product, country=country) for product in frame["product"].astype(str).unique()
    }
    assert {product for product, finding in found.items() if finding.id is None} == REFUSED.get(name, set())
    assert {finding.reason for finding in found.values()} <= {"", "not_one_product"}
    if country != "IN":
        assert [
            market for market in frame["market"].astype(str).unique() if not INDEX.find_market(market, country)
        ] == []


@pytest.mark.shared
def test_the_registered_markets_of_india_have_an_id_each(shared_data):
    import pandas as pd

    path = shared_data / "tidy" / "india_agmarknet.parquet"
    frame = pd.read_parquet(path, columns=["region", "market"]).drop_duplicates().astype(str)
    ids = {}
    for region, market in frame.itertuples(index=False):
        ids.setdefault(market_slug("IN", region, market), set()).add(market.replace(",", ""))
    assert [names for names in ids.values() if len(names) > 1] == []
    assert INDEX.find_market("Lasalgaon", "IN", "MAHARASHTRA") in ids


def test_one_cabbage_under_its_many_names():
    names = (
        "莲花白",
        "包菜",
        "结球甘蓝",
        "結球甘藍",
        "甘藍",
        "卷心菜",
        "高麗菜",
        "高丽菜",
        "圆白菜",
        "양배추",
        " Cabbage ",
        "cabbage",
    )
    assert {INDEX.find_product(name) for name in names} == {"cabbage"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("馬鈴薯", "potato"),
        ("蘿蔔", "radish"),
        ("胡蘿蔔", "carrot"),
        ("ＯＮＩＯＮ", "onion"),
        ("大　白菜", "chinese-cabbage"),
        ("藕（粉）", "lotus-root"),
        ("脐橙", "navel-orange"),
        ("臍橙", "navel-orange"),
        ("外三元", "hog"),
        ("活鲫鱼", "crucian-carp"),
        ("28种蔬菜平均", "vegetable-basket-28"),
        ("农产品批发价格200指数", "index-agri-200"),
        ("MUSTARD OIL", "mustard-oil"),
    ],
)
def test_a_name_is_found_however_it_is_written(name, expected):
    assert INDEX.find_product(name) == expected


def test_the_same_word_means_another_thing_elsewhere():
    assert INDEX.find_product("玉米") == "maize"
    assert INDEX.find_product("玉米", country="TW") == "sweet-corn"
    assert INDEX.find_product("菜豆", country="TW") == "yardlong-bean"
    assert INDEX.find_product("菜豆", country="CN") == "green-bean"


def test_a_variety_may_be_a_product_of_its_own():
    assert INDEX.find_product("雜柑", variety="檸檬") == "lemon"
    assert INDEX.find_product("雜柑-檸檬") == "lemon"
    assert INDEX.judge_product("雜柑").reason == "not_one_product"
    assert INDEX.judge_product("雜柑", variety="其他").reason == "not_one_product"
    assert INDEX.find_product("花椰菜-青梗") == "cauliflower"
    assert INDEX.find_product("甘藍", variety="初秋") == "cabbage"
    assert INDEX.find_product("甘藍", variety="進口 紫色") == "red-cabbage"


def test_an_ambiguous_name_never_resolves_and_names_its_candidates():
    assert INDEX.find_product("青菜") is None
    assert INDEX.judge_product("青菜").reason == "ambiguous"
    with pytest.raises(UnknownName) as caught:
        INDEX.resolve_product("青菜")
    assert set(caught.value.candidates) == {"bok-choy", "leaf-mustard"}
    assert {one.id for one in INDEX.propose("product", "青菜", 2)} == {"bok-choy", "leaf-mustard"}


@pytest.mark.parametrize("name", ["其他", "其他蔬菜", "其它(1)", "콩류", "青红椒组合装(份)", "什锦菜", "水果"])
def test_a_remainder_or_mixture_is_not_one_product(name):
    finding = INDEX.judge_product(name)
    assert (finding.id, finding.reason) == (None, "not_one_product")
    assert finding.detail


def test_dried_or_pickled_goods_in_brackets_are_not_the_fresh_ones():
    assert INDEX.find_product("香菇(份)") == "shiitake"
    assert INDEX.judge_product("香菇(干)").reason == "unknown"
    assert INDEX.judge_product("豇豆（腌）").reason == "unknown"


def test_two_characters_of_which_one_is_wrong_are_proposed():
    assert "onion" in {one.id for one in INDEX.propose("product", "羊葱")}
    assert INDEX.judge_product("羊葱").id is None


def test_likeness_only_proposes():
    assert INDEX.find_product("有机大白菜") is None
    best = INDEX.propose("product", "有机大白菜")[0]
    assert best.id == "chinese-cabbage"
    assert 55 <= best.score < 100
    with pytest.raises(UnknownName) as caught:
        INDEX.resolve_product("tomatos")
    assert "tomato" in caught.value.candidates
    assert INDEX.propose("product", "qqqqxxzz") == []


def test_what_a_person_confirmed_holds_for_its_feed_and_region():
    index = NameIndex(
        CATALOG,
        confirmed={
            ("product", "xinfadi", "北京", "有机大白菜"): "chinese-cabbage",
            ("product", "", "", "青菜"): "leaf-mustard",
            ("market", "tidy", "", "老市场"): "cn-chongqing-liangping",
            ("product", "xinfadi", "", "驴肉"): "",
        },
    )
    assert index.find_product("有机大白菜", feed="xinfadi", region="北京") == "chinese-cabbage"
    assert index.find_product("有机大白菜", feed="jiangnan") is None
    assert index.find_product("青菜", feed="anything") == "leaf-mustard"
    assert index.find_market("老市场", feed="tidy") == "cn-chongqing-liangping"
    assert index.judge_product("驴肉", feed="xinfadi").reason == "not_ours"


def test_markets_of_one_name_are_told_apart_by_region():
    other = Market(market_slug("IN", "UTTAR PRADESH", "Bangalore"), "Bangalore", "", "IN", "UTTAR PRADESH")
    index = NameIndex(CATALOG, [other])
    assert index.find_market("Bangalore", "IN", "KARNATAKA") == "in-karnataka-bangalore"
    assert index.find_market("BANGALORE", "IN", "Uttar Pradesh") == "in-uttar-pradesh-bangalore"
    assert index.judge_market("Bangalore").reason == "ambiguous"
    assert INDEX.find_market("Bangalore", "IN", "UTTAR PRADESH") is None


@pytest.mark.parametrize(
    ("name", "region", "expected"),
    [
        ("桃農", "", "tw-taoyuan-taonong"),
        ("338 桃　農", "", "tw-taoyuan-taonong"),
        ("104 台北二", "", "tw-taipei-2"),
        ("三重區", "", "tw-new-taipei-sanchong"),
        ("三重", "", "tw-new-taipei-sanchong-fish"),
        ("東勢鎮", "", "tw-taichung-dongshi"),
        ("가락시장", "", "kr-seoul-garak"),
        ("新发地", "北京市", "cn-beijing-xinfadi"),
        ("重庆双福国际农贸城", "重庆", "cn-chongqing-shuangfu"),
        ("全国", "", "cn-national"),
        ("達州農產品市場", "四川省", "cn-sichuan-dazhou"),
        ("新发地", "广东", None),
    ],
)
def test_markets_are_found_by_number_variant_and_script(name, region, expected):
    assert INDEX.find_market(name, region=region) == expected


@pytest.mark.parametrize(
    "name", ["屏锦镇", "屏锦", "屏錦鎮", "梁平区屏锦镇", "重庆市梁平区 屏锦", "Pingjin", "500155104"]
)
def test_a_township_is_found_with_or_without_its_kind(name):
    assert INDEX.find_township(name) == "500155104"


def test_an_unknown_township_has_candidates():
    with pytest.raises(UnknownName) as caught:
        INDEX.resolve_township("屏景镇")
    assert "500155104" in caught.value.candidates


def test_items_tell_code_pack_and_grade():
    assert (split_item("七彩椒(1)").base, split_item("七彩椒(1)").code) == ("七彩椒", "1")
    assert split_item("云南生菜（份）").per_piece
    assert (split_item("杏鲍菇(250克)").pack, split_item("杏鲍菇(250克)").per_piece) == ("250克", False)
    assert split_item("泡泡椒(精品)").grade == "精品"
    assert split_item("(份)").base == "(份)"
    assert split_variety("花椰菜-青梗") == ("花椰菜", "青梗")
    assert split_variety("釋迦") == ("釋迦", "")


def test_market_slugs_are_stable_and_do_not_collide():
    assert market_slug("IN", "MAHARASHTRA", "Lasalgaon(Niphad)") == "in-maharashtra-lasalgaon-niphad"
    assert market_slug("CN", "重庆市", "重庆") == market_slug("CN", "重庆", "重庆") == "cn-chongqing-chongqing"
    found = {market_slug("CN", "四川", name) for name in ("达州市场", "达川市场", "甲市场1", "甲市场2", "甲1", "乙1")}
    assert len(found) == 6
    assert all(one.isascii() and one == one.lower() for one in found)
    assert market_slug("CN", "四川", "达州 市场") == market_slug("CN", "四川", "达州市场")


def test_the_script_converter_is_loaded_only_when_a_name_needs_it():
    program = (
        "import sys; from warning.names import NameIndex; from warning.reference import load_catalog;"
        "index = NameIndex(load_catalog()); assert index.find_product('莲花白') == 'cabbage';"
        "assert index.find_market('新发地') and index.find_product('ONION');"
        "assert not {'opencc', 'rapidfuzz', 'pandas'} & set(sys.modules); assert index.find_product('結球甘藍');"
        "assert 'opencc' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
