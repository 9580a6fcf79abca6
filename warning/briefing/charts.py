"""Charts of the bulletins as PNG: the same picture in every form, the same bytes each time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from warning.briefing.bulletin import LEVELS, Bulletin, Prices
from warning.levels import Level

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FAMILIES: Final = ("Noto Sans CJK SC", "Noto Serif CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei",
                   "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Sans CJK JP", "Noto Serif CJK JP")  # fmt: skip
COLOURS: Final = {Level.RED: "#b3151b", Level.ORANGE: "#f08c1d", Level.YELLOW: "#e0bd00", Level.BLUE: "#1f66b0"}
INCHES: Final = (6.1, 2.6)
DOTS: Final = 160


def chart(bulletin: Bulletin) -> bytes:
    """The picture of a bulletin: its prices where it has any, else the counts of its days; empty without either."""
    if bulletin.prices is not None and any(one is not None for one in bulletin.prices.price):
        return _png(_prices(bulletin.prices))
    if len(bulletin.days) > 1:
        return _png(_counts(bulletin))
    return b""


def _figure() -> tuple[Figure, Any]:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"font.sans-serif": [*_installed(), "DejaVu Sans"], "axes.unicode_minus": False, "font.size": 8}):
        figure = Figure(figsize=INCHES, dpi=DOTS, layout="constrained")
        return figure, figure.add_subplot()


def _installed() -> list[str]:
    """The families with Chinese letters that this machine has, best first."""
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in FAMILIES if name in there]


def _prices(prices: Prices) -> Figure:
    from matplotlib import dates

    form: Any = dates.DateFormatter
    figure, axes = _figure()
    weeks = list(prices.weeks)
    axes.plot(weeks, _gaps(prices.price), color="#14508a", linewidth=1.6, label="周价")
    axes.plot(weeks, _gaps(prices.reference), "--", color="#56605c", linewidth=1, label="往年同周参考价")
    if prices.middle:
        known = [place for place, value in enumerate(prices.middle) if value is not None]
        at = [weeks[place] for place in known]
        axes.plot(at, [prices.middle[place] for place in known], color="#8a4b00", linewidth=1.4, label="预测中值")
        axes.fill_between(at, [prices.low[place] for place in known], [prices.high[place] for place in known],
                          color="#f08c1d", alpha=0.3, linewidth=0, label="预测区间")  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_ylabel(prices.unit)
    axes.set_title(prices.title, fontsize=9)
    axes.xaxis.set_major_formatter(form("%Y-%m"))
    axes.legend(fontsize=7, ncols=4, loc="lower left")
    axes.grid(color="#e3e8e5")
    return figure


def _counts(bulletin: Bulletin) -> Figure:
    figure, axes = _figure()
    days = [f"{day.month}-{day.day}" for day, _ in bulletin.days]
    bottom = [0.0] * len(days)
    for level in LEVELS:
        values = [float(counts.get(level, 0)) for _, counts in bulletin.days]
        axes.bar(days, values, bottom=bottom, color=COLOURS[level], label=f"{level.name_zh}色")
        bottom = [one + more for one, more in zip(bottom, values, strict=True)]
    axes.set_ylabel("对象数")
    axes.set_title("逐日各等级对象数", fontsize=9)
    axes.legend(fontsize=7, ncols=4, loc="lower left")
    return figure


def _gaps(values: tuple[float | None, ...]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _png(figure: Figure) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    content = io.BytesIO()
    with rc_context({"font.sans-serif": [*_installed(), "DejaVu Sans"], "axes.unicode_minus": False}):
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(content, metadata={"Software": None})
    return content.getvalue()
