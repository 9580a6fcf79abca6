"""The tables of the page on skill: a score, a product or a cost-loss ratio to a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from skill_weeks import CLIMATE, OURS, RULE, Horizon, Judgement, World, by_week, judged

from models.economic_value import economic_value
from models.lead_times import AlarmsAWeek, LeadTimes
from models.price_skill import PriceSkill, price_skill
from models.skill import EventSkill
from models.weekly import Bools

YEAR_WEEKS, NAIVE_NEEDS = 52, 52
TABLED_RATIOS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
LEAST_ONSETS = 5
"""A product with fewer has no figures of its own."""
SKILL_HEADS = (
    *("who", "ROC AUC", "PR AUC", "Brier skill", "calibration error", "POD", "FAR", "POFD", "CSI", "onsets warned"),
    *("≥ 2 weeks ahead", "median lead", "new alarms a week", "standing", "silent"),
)
PRODUCT_HEADS = (
    *("product", "series", "onsets", "base rate", "ROC AUC", "PR AUC", "POD", "FAR", "CSI", "≥ 2 weeks ahead"),
    *("new alarms a week", "Brier skill", "calibration error"),
)
PRICE_HEADS = (
    *("product", "rows", "pinball", "naive", "ratio", "WAPE", "last price", "last year's change"),
    "coverage of the 80 % band",
)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in markdown."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def shown(value: float | None, digits: int = 3) -> str:
    """A number as the tables have it; a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}"


def skill_rows(at: Horizon) -> list[list[str]]:
    """A row a score."""
    return [_skill_row(who, judged(at, who)) for who in at.scores]


def _skill_row(who: str, found: Judgement) -> list[str]:
    skill, leads, burden = found.skill, found.leads, found.burden
    return [
        who,
        *(shown(value) for value in (skill.roc_auc, skill.pr_auc, skill.brier_skill, skill.calibration_error)),
        *(shown(value) for value in (skill.pod, skill.far, skill.pofd, skill.csi)),
        *(shown(value) for value in (leads.warned, leads.warned_2w)),
        *(shown(value, 1) for value in (leads.median_lead_weeks, burden.newly_alarmed, burden.alarmed)),
        shown(skill.silent / skill.rows),
    ]


def product_rows(world: World, at: Horizon) -> list[list[str]]:
    """A row a product, ours / the rule, each at the product's own alarm line."""
    rows = []
    for product in sorted(set(world.products[world.counted])):
        chosen = world.counted & (world.products == product)
        if not at.issued[chosen].any():
            continue
        ours, rule = (judged(at, who, chosen) for who in (OURS, RULE))
        onsets, base = ours.leads.onsets, ours.skill.base_rate
        if onsets < LEAST_ONSETS:
            ours = rule = Judgement(EventSkill(0, 0), LeadTimes(0, None, None, None, ()), AlarmsAWeek(0, None, None))
        rows.append(
            [
                product,
                f"{np.count_nonzero(at.issued[chosen].any(axis=1)):,}",
                f"{onsets:,}",
                shown(base),
                *(
                    f"{shown(getattr(ours.skill, name), 2)} / {shown(getattr(rule.skill, name), 2)}"
                    for name in ("roc_auc", "pr_auc", "pod", "far", "csi")
                ),
                f"{shown(ours.leads.warned_2w, 2)} / {shown(rule.leads.warned_2w, 2)}",
                f"{shown(ours.burden.newly_alarmed, 1)} / {shown(rule.burden.newly_alarmed, 1)}",
                shown(ours.skill.brier_skill, 2),
                shown(ours.skill.calibration_error),
            ]
        )
    return rows


def value_rows(at: Horizon) -> list[list[str]]:
    """The relative economic value at some cost-loss ratios: ours acted on as it stands, and each at its best line."""
    rows = []
    for who in (OURS, RULE, CLIMATE):
        score, is_probability = at.score(who), at.scores[who][1]
        found = economic_value(at.outcome(), score, is_probability=is_probability, ratios=TABLED_RATIOS)
        if found.acting_at_ratio:
            rows.append([f"{who}, acting at the ratio", *(shown(value, 2) for value in found.acting_at_ratio)])
        if found.envelope:
            rows.append([f"{who}, at the best line", *(shown(value, 2) for value in found.envelope)])
    return rows


def price_skills(world: World, at: Horizon, since: dt.date | pd.Timestamp) -> dict[str, PriceSkill]:
    """The skill of prices over all judged series, and by product."""
    if at.quantiles is None:
        return {}
    price = world.spells.price.loc[:, world.counted]
    change = np.log(price / price.shift(at.weeks))
    low, high = (price * np.exp(change.expanding(NAIVE_NEEDS).quantile(level)) for level in (0.1, 0.9))
    grids = {
        "actual": price.shift(-at.weeks),
        "naive_q10": low,
        "naive_q90": high,
        "last_price": price,
        "last_year_change": price * price.shift(YEAR_WEEKS - at.weeks) / price.shift(YEAR_WEEKS),
    }
    within = world.columns(since)
    known = {name: by_week(frame)[:, within] for name, frame in grids.items()}
    ours = [grid[world.counted][:, within] for grid in at.quantiles]
    names = world.products[world.counted]

    def over(chosen: Bools) -> PriceSkill:
        flat = {name: grid[chosen].ravel() for name, grid in known.items()}
        return price_skill(flat.pop("actual"), *(grid[chosen].ravel() for grid in ours), **flat)

    found = {"all": over(np.ones(len(names), dtype=bool))}
    return found | {product: over(names == product) for product in sorted(set(names))}


def price_rows(found: Mapping[str, PriceSkill]) -> list[list[str]]:
    """A row a product, all first."""
    return [
        [
            name,
            f"{skill.rows:,}",
            shown(skill.pinball, 4),
            shown(skill.pinball_naive, 4),
            shown(skill.pinball / skill.pinball_naive if skill.pinball and skill.pinball_naive else None, 2),
            *(shown(value) for value in (skill.wape, skill.wape_last_price, skill.wape_last_year_change)),
            shown(skill.coverage_80),
        ]
        for name, skill in found.items()
    ]
