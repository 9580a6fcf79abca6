"""What an outlook on planting says, in plain Chinese and English."""

from __future__ import annotations

import datetime as dt
from typing import Final

from warning.guidance.marketing_words import SHOWN_T, tonnes
from warning.planting import Light, PlantingLight

ASKED_ZH: Final = ("可以照常种", "不要再多种", "不要再扩种，已育的苗能少栽就少栽")
ASKED_EN: Final = ("plant as usual", "plant no more", "plant no more, and set fewer of the seedlings")


def nothing_words() -> tuple[str, str]:
    """No harvest begins in the span that is looked at."""
    return "未来 90 天内没有上报新开采的批次", "no newly reported lot begins to be harvested within 90 days"


def unknown_words(first: dt.date, last: dt.date) -> tuple[str, str]:
    """A harvest is to come, and nothing tells its tonnes."""
    zh = f"{_span_zh(first, last)}采收，但没有上报产量、面积或育苗数，算不出多少"
    return zh, f"harvest from {first} to {last}, but neither tonnes, area nor seedlings are reported"


def over_words(share: float, line: float, light: Light) -> tuple[str, str]:
    """The ground of a light by tonnes."""
    which_zh, which_en = ("红灯线", "red line") if light == Light.RED else ("黄灯线", "yellow line")
    zh = f"多出的吨数为可消纳量的 {share:.0%}（{which_zh} {line:.0%}）：{light.name_zh}"
    return zh, f"tonnes over are {share:.0%} of what can be taken ({which_en} {line:.0%}): {light.key} light"


def outlook_words(
    first: dt.date,
    last: dt.date,
    harvest_t: float,
    usual_t: float | None,
    channels_t: float,
    over_t: float | None,
    light: PlantingLight | None,
) -> tuple[str, str]:
    """Harvest against what can be taken, the tonnes over, the light with its ground, and what is asked of growers."""
    zh = f"{_span_zh(first, last)}预计采收 {tonnes(harvest_t)} 吨；"
    en = f"{tonnes(harvest_t)} t to be harvested from {first} to {last}; "
    if usual_t is None or over_t is None:
        zh += "没有常年面积或往年苗数，算不出多出多少"
        en += "without a normal area or usual seedlings the tonnes over cannot be told"
    else:
        zh += f"常年市场约销 {tonnes(usual_t)} 吨，登记的消纳渠道还可接 {tonnes(channels_t)} 吨，"
        en += f"the usual market takes {tonnes(usual_t)} t, the register's channels {tonnes(channels_t)} t more; "
        zh += f"多出约 {tonnes(over_t)} 吨（估算）" if over_t > SHOWN_T else "吃得下（估算）"
        en += f"about {tonnes(over_t)} t over (estimate)" if over_t > SHOWN_T else "all can be taken (estimate)"
    if light is None:
        return zh, en
    return f"{zh}。{light.text_zh}，{ASKED_ZH[light.light]}", f"{en}. {light.text_en}; {ASKED_EN[light.light]}"


def _span_zh(first: dt.date, last: dt.date) -> str:
    until = f"{last.year}年{last.month}月{last.day}日" if last.year != first.year else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日至{until}"
