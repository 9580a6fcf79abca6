"""Shocks in words: townships with or without their rank, units and channels by name, and what is left alone."""

from __future__ import annotations

import pytest

from warning.absorption.shock_names import under_ids
from warning.absorption.shocks import parse_shock
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.reference import load_catalog

CATALOG = load_catalog()
UNITS = (
    AbsorbingUnit("u1", "城南冷库", "cold-storage-outlets", UnitKind.COLD_STORE, tonnes_per_day=1.0),
    AbsorbingUnit("u2", "食堂", "canteens", UnitKind.OFFICE, diners=100),
    AbsorbingUnit("u3", "食堂", "canteens", UnitKind.OFFICE, diners=200),
)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("road:屏锦镇", "500155104"),
        ("road:屏锦", "500155104"),
        ("road:500155104", "500155104"),
        ("road:屏锦镇-礼让镇", "500155104-500155102"),
        ("road:屏锦镇-nowhere", "500155104-nowhere"),
        ("township:礼让镇", "500155102"),
        ("unit:城南冷库", "u1"),
        ("unit:u1", "u1"),
        ("unit:食堂", "食堂"),
        ("channel:canteens", "canteens"),
        ("capacity:城南冷库=0.5", "u1"),
        ("capacity:canteens=0.5", "canteens"),
        ("capacity:*=0.5", "*"),
        ("storage:莲花白=2", "cabbage"),
        ("storage:cabbage=2", "cabbage"),
        ("storage:*=2", "*"),
    ],
)
def test_a_word_stands_for_its_id_and_what_is_unknown_or_shared_for_itself(said, what):
    (found,) = under_ids([parse_shock(said)], CATALOG, UNITS)
    assert found.what == what


def test_a_channel_is_known_by_its_name():
    channel = CATALOG.channels["e-commerce"]
    (found,) = under_ids([parse_shock(f"channel:{channel.name_zh}")], CATALOG, UNITS)
    assert found.what == "e-commerce"
