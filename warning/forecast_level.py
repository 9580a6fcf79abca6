"""The forecast level: what the calibrated probabilities of a spell say beside what is observed.

It is the highest colour whose probability passes its line at any horizon; a level that only the forecast gives stops
at orange. Source: mission §4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from warning.assess import Assessment
from warning.drivers import Driver
from warning.forecast_words import BASELINE_SPEAKS
from warning.levels import Level
from warning.spell_lines import SPELL_LINES

LEVEL_OF = {SPELL_LINES["blue"]: Level.BLUE, SPELL_LINES["yellow"]: Level.YELLOW}
LEVEL_OF |= {SPELL_LINES["orange"]: Level.ORANGE, SPELL_LINES["red"]: Level.RED}
HIGHEST_ALONE = Level.ORANGE
DECIDING_DAYS = 28
"""The horizon whose probability is shown where no line is passed."""


@dataclass(frozen=True, slots=True)
class SpellChance:
    """The probability that a spell below `line` begins within `horizon_days`, and the line from which on it warns."""

    line: float
    horizon_days: int
    probability: float
    warns_from: float
    speaks: str
    """champion or baseline: a baseline's probability is shown and warns of nothing."""


@dataclass(frozen=True, slots=True)
class ForecastWord:
    """What the forecasts say of one subject: the chances, and the strongest reasons as drivers."""

    chances: Sequence[SpellChance]
    reasons: Sequence[Driver] = ()


def with_forecast(found: Assessment, word: ForecastWord | None) -> Assessment:
    """The assessment with the forecast's level, probability and reasons beside what was observed.

    An unknown level stays unknown where the forecast warns of nothing: no chance of a fall is no sign of calm without
    data.
    """
    if word is None or not word.chances:
        return found
    passed = [one for one in word.chances if one.speaks == "champion" and one.probability >= one.warns_from]
    told = _telling(passed or word.chances)
    level = LEVEL_OF[told.line] if passed else Level.NONE
    reason = forecast_reason(told, level)
    alone = min(level, HIGHEST_ALONE)
    shown = max(found.observed_level, alone) if alone > Level.NONE else found.level
    drivers = found.drivers
    if level > Level.NONE:
        drivers = (
            (*drivers, _driver(told, level), *word.reasons)
            if level <= found.observed_level
            else (
                _driver(told, level),
                *word.reasons,
                *drivers,
            )
        )
    return replace(
        found, level=shown, forecast_level=level, probability=told.probability, forecast_reason=reason, drivers=drivers
    )


def words_by_series(found: Sequence[Assessment], words: Mapping[int, ForecastWord]) -> list[Assessment]:
    """Each assessment with its series' word, where there is one; townships and the district are judged by reports."""
    return [with_forecast(one, None if one.series_id is None else words.get(one.series_id)) for one in found]


def _telling(chances: Sequence[SpellChance]) -> SpellChance:
    """The chance that decides: of the deepest line, the soonest; without a warning that of yellow within 28 days."""
    return min(
        chances,
        key=lambda one: (
            one.probability < one.warns_from,
            one.line if one.probability >= one.warns_from else abs(one.line - SPELL_LINES["yellow"]),
            one.horizon_days if one.probability >= one.warns_from else abs(one.horizon_days - DECIDING_DAYS),
        ),
    )


def _driver(told: SpellChance, level: Level) -> Driver:
    zh = (
        f"预计{told.horizon_days}天内跌至往年同期{told.line:.0%}以下的概率为 {told.probability:.0%}"
        f"（{level.name_zh}线 {told.warns_from:.0%}）"
    )
    en = (
        f"the chance of a fall below {told.line:.0%} of the season's price within {told.horizon_days} days is "
        f"{told.probability:.0%} ({level.key} from {told.warns_from:.0%})"
    )
    return Driver("spell_risk", told.probability, told.warns_from, zh, en)


def forecast_reason(told: SpellChance, level: Level) -> str:
    """Why the forecast level is what it is: `BASELINE_SPEAKS`, or figures as `forecast_words.FIGURES` reads them."""
    if told.speaks != "champion":
        return BASELINE_SPEAKS
    figures = f"P(below {told.line:g} within {told.horizon_days} days) = {told.probability:.2f}"
    verb = "passes" if level > Level.NONE else "stays under"
    return f"{figures} {verb} its line {told.warns_from:.2f}"
