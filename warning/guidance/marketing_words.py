"""What advice on marketing says, in plain Chinese and English: weeks, tonnes, whether waiting pays, what is left."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

SHOWN_T, SHOWN_SHARE = 0.05, 0.0005
"""Less is not said."""


def hindered_words(words: tuple[str, str], *, road_blocked: bool, no_bids: bool) -> tuple[str, str]:
    """Advice with what stands in its way first: no week is a good one where nothing can leave or nobody buys."""
    zh, en = words
    if no_bids:
        zh, en = f"眼下无人收购，请尽早联系消纳渠道；{zh}", f"nobody bids at present: ask for absorption early; {en}"
    if road_blocked:
        zh, en = (
            f"道路受阻，先报请疏通或就近消纳；{zh}",
            f"the road is blocked: have it cleared or sell nearby first; {en}",
        )
    return zh, en


def unknown_words(why_zh: str, why_en: str) -> tuple[str, str]:
    """It cannot be told, and why."""
    return f"{why_zh}，说不准什么时候卖好", f"{why_en}: it cannot be told when to sell"


def nothing_words(gone_t: float, beyond_t: float) -> tuple[str, str]:
    """There is nothing to sell: what has spoiled, and what comes only after the forecast."""
    zh, en = "眼下没有可卖的货", "there is nothing to sell"
    if gone_t > SHOWN_T:
        zh, en = f"{zh}：{tonnes(gone_t)} 吨已过保鲜期", f"{en}: {tonnes(gone_t)} t are past their shelf life"
    return _beyond(zh, en, beyond_t)


def no_sale_words(unsold_t: float, beyond_t: float) -> tuple[str, str]:
    """Selling brings nothing: the price does not pay for it, or the market is full."""
    return _beyond(
        f"不宜自行外运：预计卖价抵不上采收运销的花费，或市场已饱和；{tonnes(unsold_t)} 吨请尽早联系消纳渠道（估算）",
        "do not send it to market: prices would not pay for selling, or the market is full; "
        f"ask for absorption of {tonnes(unsold_t)} t early (estimate)",
        beyond_t,
    )


def advice_words(
    *,
    spread: bool,
    sales: Sequence[tuple[dt.date, dt.date, float]],
    share: float,
    low: float,
    unsold_t: float,
    beyond_t: float,
    keeps_days: int,
    expired_t: float = 0.0,
) -> tuple[str, str]:
    """The advice: sell in parts with the gain, or 不宜惜售 with its ground; then what stays unsold.

    `sales` are (first day, last day, tonnes); `share` and `low` the gain of the best schedule over selling at once.
    """
    zh, en = _spread(sales, share) if spread else _at_once(share, low, keeps_days)
    if unsold_t > SHOWN_T:
        zh += f"；另有 {tonnes(unsold_t)} 吨在保鲜期内难以卖出，请尽早联系消纳渠道"
        en += f"; {tonnes(unsold_t)} t will hardly be sold while they keep: ask for absorption early"
    if expired_t > SHOWN_T:
        zh += f"；另有 {tonnes(expired_t)} 吨已过保鲜期，不要上市"
        en += f"; {tonnes(expired_t)} t are past their shelf life and must not be sold"
    return _beyond(zh, en, beyond_t)


def _spread(sales: Sequence[tuple[dt.date, dt.date, float]], share: float) -> tuple[str, str]:
    parts_zh = "，".join(f"{span_zh(first, last)}卖 {tonnes(amount)} 吨" for first, last, amount in sales)
    parts_en = ", ".join(f"{first:%m-%d} to {last:%m-%d} {tonnes(amount)} t" for first, last, amount in sales)
    more_zh, more_en = "", ""
    if math.isfinite(share):
        more_zh, more_en = f"；预计比马上全卖多收 {share:.0%}", f"; expected {share:.0%} above selling at once"
    return f"宜分批上市：{parts_zh}{more_zh}（估算）", f"sell in parts: {parts_en}{more_en} (estimate)"


def _at_once(share: float, low: float, keeps_days: int) -> tuple[str, str]:
    if low < 0:
        zh, en = "行情差时等着卖反而少收", "if prices turn out low, waiting brings less"
    elif share >= SHOWN_SHARE:
        zh = f"等下去预计只多收 {share:.1%}，不值得冒险"
        en = f"waiting is expected to bring only {share:.1%} more, which is not worth the risk"
    else:
        zh, en = "等下去预计不会多收", "waiting is not expected to bring more"
    keep_zh = f"，采收后 {keeps_days} 天内卖完" if 0 < keeps_days < 7 else ""
    keep_en = f", within {keeps_days} days of harvest" if 0 < keeps_days < 7 else ""
    return (
        f"不宜惜售：{zh}；现有的货尽快卖，后面随收随卖{keep_zh}（估算）",
        f"do not hold back: {en}; sell what is ready soon and the harvest as it comes{keep_en} (estimate)",
    )


def _beyond(zh: str, en: str, beyond_t: float) -> tuple[str, str]:
    if beyond_t <= SHOWN_T:
        return zh, en
    later = tonnes(beyond_t)
    return f"{zh}；再往后采收的 {later} 吨还看不到行情", f"{en}; {later} t are harvested after the forecast ends"


def span_zh(first: dt.date, last: dt.date) -> str:
    """Two days as people say them."""
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def tonnes(amount: float) -> str:
    """Tonnes as people say them: whole from ten, one place below."""
    return f"{amount:.0f}" if amount >= 10 else f"{amount:.1f}".removesuffix(".0")
