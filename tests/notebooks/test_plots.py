"""One-line plots: Chinese letters are drawn, or it is said what to install."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest

mpl.use("Agg")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "notebooks"))
import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plots.plt.close("all")


def drawn(axes):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        axes.figure.canvas.draw()
    return axes


def test_chinese_letters_are_drawn():
    plots.chinese_font()
    weeks = pd.date_range("2026-01-04", periods=30, freq="7D")
    price, reference = pd.Series(2.0, index=weeks), pd.Series(2.0, index=weeks)
    price.iloc[10:15] = 1.0
    axes = drawn(plots.price_and_season(price, reference, "莲花白 · 周价"))
    assert axes.get_title() == "莲花白 · 周价"
    assert axes.get_ylim()[0] == 0
    drawn(plots.levels(pd.Series(weeks), pd.Series([number % 6 - 1 for number in range(30)]), "逐日等级"))
    drawn(plots.bars({"冷库": 3.0, "食堂": 1.0}, "各渠道", "吨"))
    drawn(plots.reliability([(0.1, 0.12, 40), (0.6, 0.5, 9)], "可靠性"))
    drawn(plots.side_by_side([{"title": "甲", "channels_t": {"食堂": 1.0}}, {"title": "乙", "channels_t": {}}], "并列"))


def test_without_a_font_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(plots.font_manager.fontManager, "ttflist", [])
    with pytest.raises(LookupError, match="fonts-noto-cjk"):
        plots.chinese_font()
