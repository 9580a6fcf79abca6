"""Units of weight, units that are none, and price units taken apart."""

from __future__ import annotations

import pytest

from warning.errors import UnknownUnit
from warning.names import NameIndex, split_price_unit
from warning.reference import load_catalog

INDEX = NameIndex(load_catalog())


@pytest.mark.parametrize(
    ("unit", "kg"),
    [
        ("斤", 0.5),
        ("市斤", 0.5),
        ("公斤", 1),
        ("ＫＧ", 1),
        ("千克", 1),
        ("吨", 1000),
        ("Tonnes", 1000),
        ("担", 50),
        ("Quintal", 100),
        ("500g", 0.5),
        ("500克", 0.5),
        ("20公斤", 20),
        ("两", 0.05),
        ("台斤", 0.6),
        ("lb", 0.45359237),
        ("g", 0.001),
    ],
)
def test_units_of_weight(unit, kg):
    assert INDEX.resolve_unit(unit).kg == pytest.approx(kg)


@pytest.mark.parametrize(
    "unit",
    [
        "个",
        "只",
        "件",
        "箱",
        "筐",
        "盒",
        "袋",
        "包",
        "把",
        "份",
        "株",
        "盆",
        "枝",
        "條",
        "개",
        "포기",
        "piece",
        "box",
        "头",
        "근",
        "指数点",
        "升",
    ],
)
def test_what_is_no_weight_is_refused_with_its_reason(unit):
    found = INDEX.find_unit(unit)
    assert found is not None
    assert found.kg is None
    assert found.refusal
    with pytest.raises(UnknownUnit) as caught:
        INDEX.resolve_unit(unit)
    assert caught.value.todo == found.refusal


def test_an_unheard_of_unit_is_unknown():
    assert INDEX.find_unit("石") is None
    assert INDEX.find_unit("0公斤") is None
    with pytest.raises(UnknownUnit, match="not in the table"):
        INDEX.resolve_unit("石")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("元/公斤", ("CNY", "公斤")),
        ("INR/quintal", ("INR", "quintal")),
        ("TWD/kg", ("TWD", "kg")),
        ("元/500g", ("CNY", "500g")),
        ("CNY/kg (wholesale cost)", ("CNY", "kg")),
        ("KRW/kg (retail, KAMIS; see NOTES)", ("KRW", "kg")),
        ("Rs./Quintal", ("INR", "Quintal")),
        ("Rs per Quintal", ("INR", "Quintal")),
        ("元每斤", ("CNY", "斤")),
        ("￥／斤", ("CNY", "斤")),
        ("公斤", ("", "公斤")),
        ("元", ("CNY", "")),
    ],
)
def test_price_units_are_taken_apart(text, expected):
    assert split_price_unit(text) == expected


def test_yuan_is_the_countrys_own_and_a_strange_currency_is_refused():
    assert split_price_unit("元/公斤", country="TW") == ("TWD", "公斤")
    for text in ("铜板/公斤", "元/"):
        with pytest.raises(UnknownUnit):
            split_price_unit(text)
