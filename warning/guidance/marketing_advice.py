"""What growers are told of when to market: the verdict, the weeks with their prices, and what each schedule brings."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from warning.guidance.grower import Grower
from warning.guidance.marketing_words import hindered_words, nothing_words
from warning.guidance.outcome import Outcome


class Verdict(enum.StrEnum):
    """What the advice comes to."""

    UNKNOWN = "unknown"
    """It cannot be told."""
    NOTHING = "nothing"
    """There is nothing to sell within the forecast's weeks."""
    SELL_NOW = "sell_now"
    """Sell what is ready, and the harvest as it comes: 不宜惜售."""
    SPREAD = "spread"
    """Sell in parts, as scheduled."""
    NO_SALE = "no_sale"
    """Selling brings nothing: prices do not pay for it, or the market has no room; ask for absorption."""


@dataclass(frozen=True, slots=True)
class SellingWeek:
    """One week with sales: tonnes, and the price expected, others' sales taken into account (CNY per kg)."""

    first: dt.date
    last: dt.date
    tonnes: float
    price_low: float
    price_middle: float
    price_high: float


@dataclass(frozen=True, slots=True)
class MarketingAdvice:
    """One grower's advice: `weeks` is what is recommended, `best`, `now` and `usual` what three schedules bring.

    `now` sells everything in the week in which it is there; `usual` in even parts over the weeks it keeps. The
    verdict, `gain_share` and `low_gain_cny` (both against `now`) are of all growers asked for together.
    """

    grower: Grower
    day: dt.date
    verdict: Verdict
    weeks: tuple[SellingWeek, ...]
    best: Outcome | None
    now: Outcome | None
    usual: Outcome | None
    gain_share: float
    low_gain_cny: float
    beyond_t: float
    """Harvest after the forecast's last week: nothing is said of it."""
    text_zh: str
    text_en: str
    simulated: bool

    @property
    def recommended(self) -> Outcome | None:
        """The outcome of what is recommended; None where nothing is."""
        return {Verdict.SPREAD: self.best, Verdict.SELL_NOW: self.now}.get(self.verdict)


def without_schedule(
    day: dt.date, grower: Grower, verdict: Verdict, words: tuple[str, str] | None, weeks: int, simulated: bool
) -> MarketingAdvice:
    """Advice without a schedule within `weeks` weeks; without words it says what has spoiled and what is to come."""
    beyond = sum(grower.harvest_t[weeks:])
    gone = grower.total_t - beyond + grower.expired_t
    text = nothing_words(gone, beyond) if words is None else words
    if beyond or grower.ready_t:
        text = hindered_words(text, road_blocked=grower.road_blocked, no_bids=grower.no_bids)
    return MarketingAdvice(
        grower, day, verdict, (), None, None, None, 0.0, 0.0, beyond, *text, simulated or grower.simulated
    )  # fmt: skip
