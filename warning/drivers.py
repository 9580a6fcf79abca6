"""Drivers: the numbers behind a level, in plain Chinese and English sentences, strongest first."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from warning.levels import Level
from warning.planting import Light, planting_light
from warning.thresholds import Lines

MOST = 5
HOG_WEEKS = 3
CURRENCIES_ZH = {"CNY": "元", "INR": "卢比", "TWD": "新台币", "KRW": "韩元", "USD": "美元"}

Readings = Mapping[str, float | None]
"""Readings of a subject on a day by name, None where unknown; see `warning.assess.Assessment.readings`."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One signal that speaks for (or about) a level: its value, the line it passed, and both in words."""

    signal: str
    value: float | None
    line: float | None
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A driver with the level it supports."""

    level: Level
    driver: Driver


def drivers_of(readings: Readings, lines: Lines, currency: str = "CNY") -> tuple[Driver, ...]:
    """What the readings say, strongest level first, at most five.

    Where the hog/grain ratio is known it alone gives the level, so that it alone is told.
    """
    tellers = TELLERS if readings.get("hog_ratio") is None else (_hog,)
    found = [one for tell in tellers if (one := tell(readings, lines, currency)) is not None]
    found.sort(key=lambda one: -one.level)  # stable: the tellers' order breaks ties
    return tuple(one.driver for one in found[:MOST])


def passed(value: float, lines: tuple[tuple[Level, float], ...], *, above: bool = False) -> tuple[Level, float] | None:
    """The worst line that the value has reached, from lines given mildest first."""
    reached = [(level, line) for level, line in lines if (value >= line if above else value <= line)]
    return reached[-1] if reached else None


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{share * 100:.0f}%"


def _price(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    r, reference = readings.get("r"), readings.get("reference")
    if r is None or reference is None:
        return None
    steps = ((Level.BLUE, lines.r_blue), (Level.YELLOW, lines.r_yellow), (Level.ORANGE, lines.r_orange))
    reached = passed(r, (*steps, (Level.RED, lines.r_red)))
    if reached is None:
        return None
    level, line = reached
    weeks = readings.get("weeks_low")
    run_zh = f"，已连续{weeks:.0f}周" if weeks and weeks >= 2 else ""
    run_en = f", {weeks:.0f} weeks running" if weeks and weeks >= 2 else ""
    coin = CURRENCIES_ZH.get(currency, currency)
    text_zh = f"近7日中位价为往年同旬的 {percent(r)}（参考价 {reference:.2f} {coin}/公斤，线 {percent(line)}）{run_zh}"
    text_en = (
        f"the week's median price is {percent(r)} of the season's (reference {reference:.2f} {currency}/kg, "
        f"line {percent(line)}){run_en}"
    )
    return _Found(level, Driver("r", r, line, text_zh, text_en))


def _trend(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    z = readings.get("z")
    steps = ((Level.BLUE, lines.z_blue), (Level.YELLOW, lines.z_orange), (Level.ORANGE, lines.z_red))
    reached = None if z is None else passed(z, steps)
    if z is None or reached is None:
        return None
    level, line = reached
    text_zh = f"价格低于自身趋势与季节 {-z:.1f} 个标准差（线 {-line:.1f}）"
    text_en = f"the price lies {-z:.1f} standard deviations below its own trend and season (line {-line:.1f})"
    return _Found(level, Driver("z", z, line, text_zh, text_en))


def _growth(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    g = readings.get("g")
    reached = None if g is None else passed(g, ((Level.BLUE, lines.g_blue),))
    if g is None or reached is None:
        return None
    text_zh = f"季度与年度涨幅比往年同期低 {-g:.1f} 个标准差（线 {-reached[1]:.1f}）"
    text_en = f"quarterly and yearly growth lie {-g:.1f} deviations below the season's (line {-reached[1]:.1f})"
    return _Found(reached[0], Driver("g", g, reached[1], text_zh, text_en))


def _revenue(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    rho, r = readings.get("rho"), readings.get("r")
    if rho is None or r is None or rho > lines.rho_yellow or r > lines.r_blue:
        return None
    short, line = 1 - math.exp(rho), 1 - math.exp(lines.rho_yellow)
    text_zh = f"近10日销售额比往年同期少 {percent(short)}（线 {percent(line)}）"
    text_en = f"ten-day revenue is {percent(short)} below the season's (line {percent(line)})"
    return _Found(Level.YELLOW, Driver("rho", rho, lines.rho_yellow, text_zh, text_en))


def _volume(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    v, r = readings.get("v"), readings.get("r")
    if v is None or r is None or r > lines.r_blue:
        return None
    share, level = math.exp(v), Level.ORANGE if abs(v) >= lines.v_evidence else Level.BLUE
    if v >= lines.v_glut:
        text_zh = f"近10日到货量为往年同期的 {percent(share)}，供过于求"
        text_en = f"ten-day arrivals are {percent(share)} of the season's: a glut"
        return _Found(level, Driver("v", v, lines.v_glut, text_zh, text_en))
    if v <= lines.v_stalled:
        text_zh = f"近10日到货量仅为往年同期的 {percent(share)}，走货不畅"
        text_en = f"ten-day arrivals are only {percent(share)} of the season's: sales stall"
        return _Found(level, Driver("v", v, lines.v_stalled, text_zh, text_en))
    return None


def is_stall(readings: Readings, lines: Lines) -> bool:
    """Whether the readings of a day are those of a stall; see `warning.levels.stalled`."""
    share, r = readings.get("stall"), readings.get("r")
    return share is not None and share <= lines.stall_share and (r is None or r <= lines.stall_r_max)


def _stall(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    share = readings.get("stall")
    if share is None or not is_stall(readings, lines):
        return None
    days, line = f"{lines.stall_days:.0f}", percent(lines.stall_share)
    text_zh = f"连续{days}个交易日走货量不超过往年同期的 {percent(share)}（线 {line}）"
    text_en = f"on {days} market days running the volume was at most {percent(share)} of the season's (line {line})"
    return _Found(Level.ORANGE, Driver("stall", share, lines.stall_share, text_zh, text_en))


def _cost(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    k = readings.get("K")
    steps = ((Level.BLUE, lines.k_blue), (Level.YELLOW, lines.k_yellow), (Level.ORANGE, lines.k_orange))
    reached = None if k is None else passed(k, (*steps, (Level.RED, lines.k_red)))
    if k is None or reached is None:
        return None
    text_zh = f"产地价为成本的 {percent(k)}（线 {percent(reached[1])}）" + ("，已亏本" if k < 1 else "")
    text_en = f"the farm-gate price is {percent(k)} of cost (line {percent(reached[1])})" + (
        ", a loss" if k < 1 else ""
    )
    return _Found(reached[0], Driver("K", k, reached[1], text_zh, text_en))


def _hog(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    ratio = readings.get("hog_ratio")
    if ratio is None or ratio >= lines.hog_yellow:
        return None
    weeks = readings.get("hog_weeks") or 0.0
    level, line = (Level.ORANGE, lines.hog_orange) if weeks >= HOG_WEEKS else (Level.YELLOW, lines.hog_yellow)
    if ratio < lines.hog_red:
        level, line = Level.RED, lines.hog_red
    run_zh = f"，已连续{weeks:.0f}周低于 {lines.hog_orange:g}" if weeks >= 2 else ""
    run_en = f", {weeks:.0f} weeks running below {lines.hog_orange:g}" if weeks >= 2 else ""
    text_zh = f"猪粮比价 {ratio:.2f}，低于 {line:g}{run_zh}"
    text_en = f"the hog/grain ratio is {ratio:.2f}, below {line:g}{run_en}"
    return _Found(level, Driver("hog_ratio", ratio, line, text_zh, text_en))


def _supply(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    d = readings.get("D")
    steps = ((Level.BLUE, lines.d_blue), (Level.YELLOW, lines.d_yellow), (Level.ORANGE, lines.d_orange))
    reached = None if d is None else passed(d, (*steps, (Level.RED, lines.d_red)), above=True)
    if d is None or reached is None:
        return None
    times = "99 倍以上" if d >= 99 else f"{d:.2f} 倍"
    over_zh, over_en = ("，期内销不完", ", it cannot clear in time") if d > 1 else ("", "")
    text_zh = f"按近14日出货，存量可销天数为剩余期限的 {times}（线 {reached[1]:g}）{over_zh}"
    text_en = f"at the outflow of 14 days the stock needs {d:.2f} × the days left (line {reached[1]:g}){over_en}"
    return _Found(reached[0], Driver("D", d, reached[1], text_zh, text_en))


def _lag(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    lag, share = readings.get("dS"), readings.get("S")
    steps = ((Level.BLUE, lines.lag_blue), (Level.YELLOW, lines.lag_yellow), (Level.ORANGE, lines.lag_orange))
    reached = None if lag is None else passed(lag, (*steps, (Level.RED, lines.lag_red)), above=True)
    if lag is None or share is None or reached is None:
        return None
    text_zh = f"已销 {percent(share)}，比常年进度慢 {lag:.0f} 个百分点（线 {reached[1]:g}）"
    text_en = f"{percent(share)} is sold, {lag:.0f} points behind the usual pace (line {reached[1]:g})"
    return _Found(reached[0], Driver("dS", lag, reached[1], text_zh, text_en))


def _no_bids(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    if not readings.get("no_bids"):
        return None
    return _Found(Level.ORANGE, Driver("no_bids", 1.0, None, "产地上报无人收购", "growers report that nobody bids"))


def _blocked(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    if not readings.get("road_blocked"):
        return None
    return _Found(Level.YELLOW, Driver("road_blocked", 1.0, None, "产地上报道路受阻", "a blocked road is reported"))


def _planting(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    """A planting light that is yellow or red; as a level both are yellow."""
    found = planting_light(lines, over_area=readings.get("over_planting"), over_seedlings=readings.get("over_seeding"))
    if found is None or found.light == Light.GREEN:
        return None
    wait = readings.get("harvest_in")
    ahead_zh = f"，约{wait:.0f}天后开始上市" if wait else ""
    ahead_en = f", to come to market in about {wait:.0f} days" if wait else ""
    signal = "over_planting" if found.basis == "area" else "over_seeding"
    driver = Driver(signal, found.value, found.line, found.text_zh + ahead_zh, found.text_en + ahead_en)
    return _Found(Level.YELLOW, driver)


def _contradicted(readings: Readings, lines: Lines, currency: str) -> _Found | None:
    if not readings.get("lowered"):
        return None
    text_zh = "产地上报库存、销售与成本正常，与市场价格信号不一致，降一级"
    text_en = "stock, sales and cost are reported normal, against the price signal: lowered by one"
    return _Found(Level.NONE, Driver("contradiction", 1.0, None, text_zh, text_en))


Teller = Callable[[Readings, Lines, str], _Found | None]
TELLERS: tuple[Teller, ...] = (
    _price,
    _cost,
    _supply,
    _lag,
    _hog,
    _stall,
    _no_bids,
    _trend,
    _volume,
    _revenue,
    _growth,
    _planting,
    _blocked,
    _contradicted,
)


def change_reason(before: Level, after: Level, readings: Readings, lines: Lines, currency: str) -> tuple[str, str]:
    """Why a level changed on a day, in Chinese and English."""
    if after < before:
        zh = f"连续3周读数好于{before.name_zh}色，降为{after.name_zh}"
        return zh, f"three weekly readings better than {before.key}: eased to {after.key}"
    told = drivers_of(readings, lines, currency)[:2]
    because_zh = "；".join(driver.text_zh for driver in told) or "达到预警线"
    because_en = "; ".join(driver.text_en for driver in told) or "a line was reached"
    return f"升为{after.name_zh}：{because_zh}", f"raised to {after.key}: {because_en}"


def state_driver(data_state: str, silent_days: int | None, level: Level) -> Driver | None:
    """What is to be said of the data themselves; None where they are as they should be."""
    days = None if silent_days is None else float(silent_days)
    since_zh = "从无价格" if silent_days is None else f"已{silent_days}天无新价格"
    since_en = "there was never a price" if silent_days is None else f"no new price for {silent_days} days"
    kept_zh = f"，等级保持{level.name_zh}" if level > Level.NONE else "，不能判为平稳"
    kept_en = f", the level stays {level.key}" if level > Level.NONE else ", which is no sign of calm"
    texts = {
        "stale": (f"{since_zh}{kept_zh}", f"{since_en}{kept_en}"),
        "off_market": (f"{since_zh}，应是不在上市期{kept_zh}", f"{since_en}, it seems off the market{kept_en}"),
        "short": ("往年数据不足3年，无法比较，等级未知", "fewer than three past years to compare with"),
    }
    if data_state not in texts:
        return None
    return Driver("data_state", days, None, *texts[data_state])


def easing_driver(level: Level, cell: Level) -> Driver | None:
    """Said where the day's readings are better than the level that hysteresis keeps."""
    if not Level.NONE <= cell < level:
        return None
    text_zh = f"本日读数为{cell.name_zh}，须连续3周好转方可由{level.name_zh}下调一级"
    text_en = f"today's readings say {cell.key}; three better weeks ease {level.key} by one"
    return Driver("hysteresis", float(cell), float(level), text_zh, text_en)
