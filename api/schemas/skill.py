"""What the forecasts were worth, going out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.directory import Reference
from api.instants import Day, Instant
from api.schemas.basics import NEXT, Names, finite
from api.schemas.levels import LevelWord
from warning.spell_lines import PRICES, level_of_line
from warning.store.forecast_lines import ForecastLine
from warning.store.releases import Release
from warning.store.skill_reports import SkillFigure, SkillReport

TOGETHER = Names(zh="全部品种", en="all products")
OTHERS = Names(zh="其余品种", en="every other product")
FIGURES = (
    "已知的数字，缺的未算 · those that are known: rows, base_rate, roc_auc, pr_auc, brier_skill, calibration_error, "
    "pod, far, pofd, csi, onsets, warned, warned_2w, median_lead_weeks, alarms_a_week, reliability (list of "
    "[probability, observed, rows]), value (list of [cost-loss ratio, value]); of prices pinball, pinball_naive, "
    "wape, wape_last_price, coverage_80"
)


class SkillItem(BaseModel):
    """一项评分 · One forecaster's figures for a product, a level and a horizon."""

    product: str | None = Field(description="空为全部品种合计 · null for all products together")
    product_name: Names
    level: LevelWord | None = Field(description="等级；空为价格预测 · null for forecasts of prices")
    line: float | None = Field(description="该等级的线，参考价的几成 · the level's line, share of the reference price")
    horizon_days: int
    forecaster: str = Field(
        description="model, 或基线 · or a baseline: rule, alps, ifpa, miews, climatology, naive, last_year"
    )
    figures: dict[str, Any] = Field(description=FIGURES)


class ReleaseItem(BaseModel):
    """发布表 · Who may speak of a product at a horizon, and why."""

    product: str | None = Field(description="空为没有单列的各品种 · null for every product without a row of its own")
    product_name: Names
    horizon_days: int
    speaks: str = Field(description="champion 模型, point 仅点预测, baseline 基线")
    reason_zh: str
    reason_en: str


class LineItem(BaseModel):
    """预报线 · The probability from which a forecast counts as a warning of a level."""

    level: LevelWord | None
    line: float
    horizon_days: int
    probability_line: float
    figures: dict[str, Any] = Field(description="代价 · what the line costs: pod, far, pofd, alarms_a_week, cost_ratio")


class SkillList(BaseModel):
    """评分报告 · The newest report as of a day, with the release table and level lines of its model."""

    as_of: Day = Field(description="报告截至 · what was known as of this day")
    since: Day = Field(description="评分起日 · first issue day scored")
    until: Day = Field(description="评分止日 · last issue day scored")
    made_at: Instant
    code_version: str
    artifact: str | None = Field(
        description="现用模型的 sha256；空为尚未发布 · of the model; null where none is released"
    )
    summary: dict[str, Any]
    items: list[SkillItem]
    next: str | None = NEXT
    releases: list[ReleaseItem]
    lines: list[LineItem]


def report_fields(report: SkillReport) -> dict[str, Any]:
    """The fields of `SkillList` that are the report's head."""
    names = ("as_of", "since", "until", "made_at", "code_version", "artifact")
    return {name: getattr(report, name) for name in names} | {"summary": finite(report.summary)}


def skill_item(figure: SkillFigure, reference: Reference) -> SkillItem:
    """One forecaster's figures going out."""
    return SkillItem(
        product=figure.product_id or None,
        product_name=_name(figure.product_id, reference, TOGETHER),
        level=level_of_line(figure.line),
        line=None if figure.line == PRICES else figure.line,
        horizon_days=figure.horizon_days,
        forecaster=figure.forecaster,
        figures=finite(figure.figures),
    )


def release_item(release: Release, reference: Reference) -> ReleaseItem:
    """A row of the release table going out."""
    return ReleaseItem(
        product=release.product_id or None,
        product_name=_name(release.product_id, reference, OTHERS),
        horizon_days=release.horizon_days,
        speaks=release.speaks,
        reason_zh=release.reason_zh,
        reason_en=release.reason_en,
    )


def line_item(line: ForecastLine) -> LineItem:
    """A level line going out."""
    return LineItem(
        level=level_of_line(line.line),
        line=line.line,
        horizon_days=line.horizon_days,
        probability_line=line.probability_line,
        figures=finite(line.figures),
    )


def _name(product_id: str, reference: Reference, none: Names) -> Names:
    if not product_id:
        return none
    zh, en = reference.product_name(product_id)
    return Names(zh=zh, en=en)
