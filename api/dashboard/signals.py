"""Signals by name, and their readings with the unit a person expects."""

from __future__ import annotations

import math
from collections.abc import Callable

from api.dashboard.words import Wording
from api.schemas.levels import WORDS

Form = Callable[[float, Wording], str]


def _share(value: float, wording: Wording) -> str:
    return f"{value * 100:.0f}%"


def _log_share(value: float, wording: Wording) -> str:
    return f"{math.exp(value) * 100:.0f}%"


def _log_change(value: float, wording: Wording) -> str:
    return f"{math.expm1(value):+.0%}".replace("-", "−")


def _deviations(value: float, wording: Wording) -> str:
    return f"{value:+.1f} σ".replace("-", "−")


def _times(value: float, wording: Wording) -> str:
    return ("≥ 99" if value >= 99 else f"{value:.2f}") + wording.pick(" 倍", " ×")


def _points(value: float, wording: Wording) -> str:
    return f"{value:.0f}" + wording.pick(" 个百分点", " points")


def _days(value: float, wording: Wording) -> str:
    return f"{value:.0f}" + wording.pick(" 天", " days")


def _ratio(value: float, wording: Wording) -> str:
    return f"{value:.2f} : 1"


def _level(value: float, wording: Wording) -> str:
    return wording.level(WORDS.get(int(value), "unknown"))


def _said(value: float, wording: Wording) -> str:
    return wording.pick("是", "yes")


SIGNALS: dict[str, tuple[str, str, Form]] = {
    "r": ("价格水平（对往年同旬）", "price against the season", _share),
    "z": ("价格异常（对趋势与季节）", "price anomaly (trend and season)", _deviations),
    "g": ("涨幅（对往年同期）", "price growth against the season", _deviations),
    "v": ("到货量（对往年同期）", "arrivals against the season", _log_share),
    "rho": ("销售额（对往年同期）", "revenue against the season", _log_share),
    "stall": ("连续走货量（对往年同期）", "volume of market days running", _share),
    "K": ("产地价与成本之比", "farm-gate price to cost", _share),
    "hog_ratio": ("猪粮比价", "hog/grain ratio", _ratio),
    "D": ("可销天数与剩余期限之比", "days of supply to days left", _times),
    "dS": ("销售进度落后", "sales behind the usual pace", _points),
    "no_bids": ("无人收购", "nobody bids", _said),
    "road_blocked": ("道路受阻", "road blocked", _said),
    "over_planting": ("种植面积超常年", "planted area above normal", _share),
    "over_seeding": ("育苗量超常年", "seedlings above normal", _share),
    "spell_risk": ("滞销概率（预测）", "chance of a slow-sales spell (forecast)", _share),
    "forecast_season_ahead": ("往后季节（预测）", "the season ahead (forecast)", _log_share),
    "forecast_anomaly": ("周价水平（预测）", "the week's price (forecast)", _log_share),
    "forecast_momentum": ("近4周涨跌（预测）", "four weeks' change (forecast)", _log_change),
    "forecast_region": ("联动市场涨跌（预测）", "linked markets' change (forecast)", _log_change),
    "forecast_apart": ("与本省价格偏离（预测）", "distance from the region's price (forecast)", _log_change),
    "forecast_product": ("同品种低价市场占比（预测）", "the product's markets below the line (forecast)", _share),
    "forecast_volume": ("到货量（预测）", "arrivals (forecast)", _log_share),
    "forecast_swing": ("价格波动（预测）", "swings of the price (forecast)", _share),
    "forecast_past_years": ("去年此后涨跌（预测）", "last year's change from here (forecast)", _log_change),
    "forecast_reported": ("产地存量与剩余期限之比（预测）", "reported stock to days left (forecast)", _times),
    "contradiction": ("产地上报与价格不一致", "reports against the price", _said),
    "data_state": ("无新价格", "no new price", _days),
    "hysteresis": ("等级保持", "level kept", _level),
}
MUTE = frozenset({"hysteresis", "data_state", "contradiction"})
"""They tell why a level stays as it is, not what is wrong."""


def speaks(signal: str) -> bool:
    """Whether the signal tells what is wrong on the day."""
    return signal not in MUTE


def signal_name(signal: str, wording: Wording) -> str:
    """The signal's name; a signal without an entry stands as it is."""
    return wording.pick(*SIGNALS[signal][:2]) if signal in SIGNALS else signal


def signal_reading(signal: str, value: float | None, wording: Wording) -> str:
    """A reading or a line of the signal with its unit, a dash for none."""
    if value is None or not math.isfinite(value):
        return "–"
    return SIGNALS[signal][2](value, wording) if signal in SIGNALS else f"{value:.3g}"
