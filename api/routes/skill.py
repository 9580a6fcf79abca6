"""Skill: what the forecasts were worth, who may speak, and from which probability they warn."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.instants import Day
from api.queries import Product, link_next, words
from api.schemas.basics import Name, Paging
from api.schemas.problem import UNCHANGED, problems
from api.schemas.skill import SkillList, line_item, release_item, report_fields, skill_item
from api.service import ServiceDep
from warning.spell_lines import SPELL_LINES
from warning.store.forecast_lines import ForecastLine, forecast_lines_of
from warning.store.releases import EVERY_PRODUCT, Release, releases_of
from warning.store.skill_reports import SkillScope, newest_skill_report, skill_figures

router = APIRouter(prefix="/v1/skill", tags=["skill"])


class SkillQuery(Paging):
    """Which figures to show, and of which report."""

    limit: int = Field(500, ge=1, le=10_000, description="每页条数 · items a page")
    product: Product = None
    level: Annotated[
        Name | None,
        Field(description="等级，可用逗号并列；省略则含价格预测 · comma list of blue, yellow, orange, red"),
    ] = None
    horizon_days: Annotated[
        int | None, Field(ge=1, le=400, description="期限（天）· horizon, such as 7, 14, 28, 56", examples=[28])
    ] = None
    as_of: Annotated[
        Day | None, Field(description="此日或之前最近的报告；省略为最新 · the newest report as of this day")
    ] = None

    def shows_release(self, release: Release, product_id: str | None) -> bool:
        """Whether a row of the release table is about what is asked for."""
        return self._at(release.horizon_days) and (
            product_id is None or release.product_id in {product_id, EVERY_PRODUCT}
        )

    def shows_line(self, line: ForecastLine, lines: tuple[float, ...]) -> bool:
        """Whether a level line is about what is asked for."""
        return self._at(line.horizon_days) and (not lines or line.line in lines)

    def _at(self, horizon_days: int) -> bool:
        return self.horizon_days in {None, horizon_days}


@router.get("", summary="预测评分 · Skill", responses=UNCHANGED | problems(404))
def list_skill(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[SkillQuery, Query()]
) -> SkillList:
    """最近一份评分报告：各品种、等级、期限上模型与各基线的成绩，及发布表和预报线。

    The newest skill report as of the day: per product, level and horizon what the model and each baseline were
    worth on weeks they had not seen, all products together first. With it, who may speak of which product and why,
    and from which probability a forecast counts as a warning. No report yet is a 404 that says how to make one.
    """
    lines = tuple(SPELL_LINES[word] for word in words(asked.level, SPELL_LINES, where="level"))
    with service.store.session() as session:
        reference = service.directory.read(session)
        product = reference.product(asked.product) if asked.product else None
        report = newest_skill_report(session, asked.as_of)
        scope = SkillScope(product, lines, asked.horizon_days)
        page = skill_figures(session, report, scope, limit=asked.limit, cursor=asked.cursor)
        releases = releases_of(session, report.artifact) if report.artifact else ()
        level_lines = forecast_lines_of(session, report.artifact) if report.artifact else ()
    return SkillList(
        **report_fields(report),
        items=[skill_item(figure, reference) for figure in page.items],
        next=link_next(request, response, page.next),
        releases=[release_item(one, reference) for one in releases if asked.shows_release(one, product)],
        lines=[line_item(one) for one in level_lines if asked.shows_line(one, lines)],
    )
