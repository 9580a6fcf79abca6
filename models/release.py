"""Who may speak: the champion where it beat the baselines on past forecasts, else prices alone, else the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from models.price_skill import PriceSkill
from models.skill import EventSkill

Speaks = Literal["champion", "point", "baseline"]
CHAMPION: Final = "champion"
POINT: Final = "point"
BASELINE: Final = "baseline"
LEAST_ONSETS = 30
"""Past onsets with which a product is judged by itself; with fewer all products together decide."""
MOST_WORSE = 0.02
"""A refit whose Brier score on the same weeks is worse by more than this share is held back."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks at a horizon, and why in both languages."""

    speaks: Speaks
    reason_zh: str
    reason_en: str


def verdict(ours: EventSkill, climatology: EventSkill, rule: EventSkill, prices: PriceSkill | None) -> Verdict:
    """The champion speaks where its Brier score beats climatology's and its ranking the rule's.

    Otherwise prices alone, where their pinball loss is below the naive band's; else the baseline.
    """
    if ours.brier is None or climatology.brier is None or ours.roc_auc is None or rule.roc_auc is None:
        return Verdict(BASELINE, "过去的预报无从检验", "there are no past forecasts to judge by")
    zh = f"Brier {ours.brier:.4f}（气候态 {climatology.brier:.4f}），"
    zh += f"ROC {ours.roc_auc:.3f}（现价偏离 {rule.roc_auc:.3f}）"
    en = (
        f"Brier score {ours.brier:.4f} against {climatology.brier:.4f} of climatology, "
        f"ROC AUC {ours.roc_auc:.3f} against {rule.roc_auc:.3f} of the present anomaly"
    )
    if ours.brier < climatology.brier and ours.roc_auc > rule.roc_auc:
        return Verdict(CHAMPION, f"模型优于基准：{zh}", f"the model beats the baselines: {en}")
    if prices is not None and prices.pinball is not None and prices.pinball_naive is not None:
        beside = f"{prices.pinball:.4f} / {prices.pinball_naive:.4f}"
        if prices.pinball < prices.pinball_naive:
            return Verdict(POINT, f"只发布价格预测（分位损失 {beside}）：{zh}", f"prices only (pinball {beside}): {en}")
    return Verdict(BASELINE, f"模型未优于基准：{zh}", f"the model does not beat the baselines: {en}")


def refit_verdict(candidate: float | None, present: float | None) -> tuple[bool, str]:
    """(whether a refit is released, why), by the Brier scores of both on the same weeks after both had learned."""
    if present is None or candidate is None:
        return True, "released: no earlier model to compare with on the same weeks"
    figures = f"Brier score {candidate:.5f} against {present:.5f} of the present one on the same weeks"
    if candidate > present * (1 + MOST_WORSE):
        return False, f"held back: {figures}"
    return True, f"released: {figures}"
