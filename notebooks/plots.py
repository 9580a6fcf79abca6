"""One-line plots with Chinese fonts, for the notebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import font_manager
from matplotlib.patches import Patch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAMILIES = ("Noto Sans CJK SC", "Noto Serif CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei",
            "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Sans CJK JP")  # fmt: skip
COLOURS = {-1: "#ffffff", 0: "#cfe5d8", 1: "#1f66b0", 2: "#ffe14d", 3: "#f08c1d", 4: "#b3151b"}
LEVELS = {-1: "未知", 0: "无", 1: "蓝", 2: "黄", 3: "橙", 4: "红"}


def chinese_font() -> str:
    """Use the first family of the machine that has Chinese letters; LookupError says what to install."""
    there = {font.name for font in font_manager.fontManager.ttflist}
    family = next((one for one in FAMILIES if one in there), None)
    if family is None:
        raise LookupError(
            "没有中文字体：请安装 fonts-noto-cjk 或 fonts-wqy-zenhei · no font with Chinese letters is there"
        )
    plt.rcParams["font.sans-serif"] = [family, *plt.rcParams["font.sans-serif"]]
    plt.rcParams["axes.unicode_minus"] = False
    plt.rcParams["figure.figsize"] = (10, 4)
    return family


def lines(frame: pd.DataFrame, title: str, unit: str) -> Axes:
    """Every column of a frame by its index, one line each."""
    axes = frame.plot(title=title, grid=True)
    axes.set_ylabel(unit)
    axes.set_xlabel("")
    return axes


def price_and_season(price: pd.Series, reference: pd.Series, title: str, unit: str = "元/公斤") -> Axes:
    """A price with its seasonal reference and the line of slow sales at 0.8 of it; spells are shaded."""
    axes = lines(pd.DataFrame({"周价": price, "参考价": reference, "滞销线": 0.8 * reference}), title, unit)
    low = (price <= 0.8 * reference).to_numpy()
    axes.fill_between(price.index, 0, 1, where=low, transform=axes.get_xaxis_transform(), color="#b3151b", alpha=0.12)
    axes.set_ylim(bottom=0)
    return axes


def levels(days: pd.Series, level: pd.Series, title: str) -> Axes:
    """Levels by day as a ribbon of their colours."""
    _, axes = plt.subplots(figsize=(10, 1.6))
    axes.bar(days, 1, width=1.0, color=[COLOURS[int(one)] for one in level], align="center")
    axes.set_yticks([])
    axes.set_title(title)
    handles = [Patch(color=COLOURS[number]) for number in (4, 3, 2, 1, 0)]
    axes.legend(handles, [LEVELS[number] for number in (4, 3, 2, 1, 0)], ncols=5, loc="upper left", fontsize=8)
    return axes


def bars(values: Mapping[str, float], title: str, unit: str) -> Axes:
    """One bar a name, longest first."""
    ordered = pd.Series(values).sort_values()
    axes = ordered.plot.barh(title=title, grid=True, color="#1f5f3f", figsize=(10, 0.5 + 0.35 * max(len(ordered), 2)))
    axes.set_xlabel(unit)
    return axes


def reliability(points: Sequence[tuple[float, float, int]], title: str) -> Axes:
    """What was said against what came; the larger a point, the more often it was said."""
    _, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], "--", color="#56605c", linewidth=1)
    said, came, rows = ([one[place] for one in points] for place in range(3))
    axes.scatter(said, came, s=[12 + 200 * count / max([1, *rows]) for count in rows], color="#14508a")
    axes.set(xlim=(0, 1), ylim=(0, 1), title=title, xlabel="说的概率 · said", ylabel="实际比例 · came", aspect="equal")
    return axes


def side_by_side(plans: Sequence[Mapping[str, Any]], title: str) -> Axes:
    """Tonnes by channel of several plans, stacked."""
    frame = pd.DataFrame({one["title"]: one["channels_t"] for one in plans}).fillna(0).T
    axes = frame.plot.barh(stacked=True, title=title, figsize=(10, 1.2 + 0.6 * len(frame)))
    axes.set_xlabel("吨 · t")
    axes.legend(ncols=3, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.25))
    return axes
