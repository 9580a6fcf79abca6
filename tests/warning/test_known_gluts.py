"""Documented gluts in the real data, and how often the levels speak there."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from warning.assess import assess_markets
from warning.calibration import AIMS, calibrate_lines, share_at
from warning.catalog import Product
from warning.levels import Level, PriceReadings
from warning.thresholds import load_thresholds
from warning.trace import SeriesFacts, trace_panel

pytestmark = pytest.mark.shared
THRESHOLDS = load_thresholds()
ONION = {"onion": Product("onion", "洋葱", "onion", "vegetable_root", 90)}


@pytest.fixture(scope="module")
def onion(shared_data):
    columns = ["date", "market", "region", "product", "price", "volume"]
    wanted = [("product", "==", "ONION"), ("region", "in", ["MAHARASHTRA", "KARNATAKA"])]
    panel = pd.read_parquet(shared_data / "tidy" / "india_agmarknet.parquet", columns=columns, filters=wanted)
    panel = panel.assign(place=panel["region"].astype(str) + "/" + panel["market"].astype(str))
    days = pd.date_range(panel["date"].min(), panel["date"].max(), freq="D")
    wide = [panel.pivot_table(index="date", columns="place", values=name).reindex(days) for name in ("price", "volume")]
    return wide[0] / 100, wide[1].reindex(columns=wide[0].columns) * 1000


def traced(onion, places, first, last):
    price, volume = (frame[places].set_axis(range(len(places)), axis=1) for frame in onion)
    facts = [
        SeriesFacts(number, f"onion@{place}", "onion", place, "wholesale", False, True, 7, False, "INR")
        for number, place in enumerate(places)
    ]
    return trace_panel(price, volume, facts, first=first, last=last, thresholds=THRESHOLDS)


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ("MAHARASHTRA/Lasalgaon", dt.date(2016, 8, 14)),
        ("MAHARASHTRA/Lasalgaon", dt.date(2016, 8, 28)),
        ("MAHARASHTRA/Lasalgaon", dt.date(2018, 11, 25)),
        ("MAHARASHTRA/Lasalgaon", dt.date(2018, 12, 2)),
        ("KARNATAKA/Bijapur", dt.date(2018, 11, 25)),
        ("KARNATAKA/Bijapur", dt.date(2018, 12, 2)),
    ],
)
def test_documented_onion_gluts_are_orange_or_above(onion, place, day):
    trace = traced(onion, [place], day, day)
    (found,) = assess_markets(trace, day, products=ONION, thresholds=THRESHOLDS)
    assert found.level >= Level.ORANGE
    assert found.drivers[0].signal in ("r", "z", "v")
    assert "卢比/公斤" in " ".join(driver.text_zh for driver in found.drivers)


def test_calibration_keeps_the_levels_within_the_aims(onion):
    longest = onion[0].loc["2006":"2017"].notna().sum().nlargest(6).index.tolist()
    trace = traced(onion, longest, dt.date(2012, 1, 1), dt.date(2017, 12, 31))
    weekly = [getattr(trace.t1, name)[:, 378:] for name in ("r", "z", "g", "v", "rho", "stall")]
    readings = PriceReadings(*weekly)
    given = THRESHOLDS.lines
    changes = calibrate_lines(readings, given)
    made = THRESHOLDS.replace(**changes).lines
    for level, aim in AIMS.items():
        assert share_at(readings, made, level) <= aim + 1e-9, level
    assert share_at(readings, given, Level.BLUE) > AIMS[Level.BLUE]
    assert all(getattr(made, name) <= getattr(given, name) for name in ("r_blue", "r_yellow", "r_orange", "z_red"))
    kept = calibrate_lines(readings, given, keep={"r_red": 0.5})
    assert kept.get("r_red", 0.5) == 0.5
    assert np.isfinite(list(changes.values())).all()
