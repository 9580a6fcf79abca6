"""What the forecasts were worth, beside the baselines: how early, how many alarms, whether the odds held."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.dashboard.pages import page
from api.dashboard.words import Wording
from api.dashboard.workbook import XLSX, workbook
from api.downloads import download
from api.pages.trouble import DayQuery, LangQuery, PageRoute
from api.schemas.basics import PLAIN_TEXT
from api.schemas.skill import SkillItem, line_item, release_item, report_fields, skill_item
from api.service import ServiceDep
from warning.errors import NotFound
from warning.spell_lines import SPELL_LINES
from warning.store.forecast_lines import forecast_lines_of
from warning.store.releases import releases_of
from warning.store.skill_reports import ALL_PRODUCTS, SkillScope, newest_skill_report, skill_figures

router = APIRouter(include_in_schema=False, route_class=PageRoute)
MOST = 10_000


@router.get("/skill")
def skill(
    service: ServiceDep,
    lang: LangQuery = "zh",
    as_of: DayQuery = None,
    level: Annotated[str, Query(max_length=10)] = "yellow",
    product: Annotated[str, Query(max_length=200, pattern=PLAIN_TEXT)] = "",
) -> HTMLResponse:
    """The newest report: one level's figures by horizon and forecaster, reliability drawn, and who may speak."""
    wording = Wording(lang)
    line = next((value for word, value in SPELL_LINES.items() if word == level), SPELL_LINES["yellow"])
    with service.store.session() as session:
        reference = service.directory.read(session)
        wanted = reference.product(product) if product else ALL_PRODUCTS
        try:
            report = newest_skill_report(session, as_of)
        except NotFound:
            return page("no_skill.html", lang, path="/skill")
        figures = skill_figures(session, report, SkillScope(wanted, (line,)), limit=MOST, cursor=None).items
        releases = releases_of(session, report.artifact) if report.artifact else ()
        lines = forecast_lines_of(session, report.artifact) if report.artifact else ()
    items = [skill_item(one, reference) for one in figures]
    return page(
        "skill.html",
        lang,
        path="/skill",
        as_of=as_of,
        report=report_fields(report),
        items=sorted(items, key=lambda one: (one.horizon_days, one.forecaster != "model", one.forecaster)),
        releases=[release_item(one, reference) for one in releases],
        lines=[line_item(one) for one in lines],
        level=level,
        levels=tuple(SPELL_LINES),
        product=product,
        reliability=_reliability(items, wording),
    )


@router.get("/skill.xlsx")
def skill_book(
    service: ServiceDep,
    lang: LangQuery = "zh",
    as_of: DayQuery = None,
    level: Annotated[str, Query(max_length=10)] = "yellow",
    product: Annotated[str, Query(max_length=200, pattern=PLAIN_TEXT)] = "",
) -> Response:
    """The figures of one level as a workbook, and the bins of its reliability below each other."""
    wording = Wording(lang)
    line = next((value for word, value in SPELL_LINES.items() if word == level), SPELL_LINES["yellow"])
    with service.store.session() as session:
        reference = service.directory.read(session)
        wanted = reference.product(product) if product else ALL_PRODUCTS
        report = newest_skill_report(session, as_of)
        found = skill_figures(session, report, SkillScope(wanted, (line,)), limit=MOST, cursor=None).items
    bins = [(one, each) for one in found for each in one.figures.get("reliability") or ()]
    content = workbook(
        f"{wording('skill')} · {wording.level(level)} · {report.as_of}",
        {
            wording("horizon"): [one.horizon_days for one, _ in bins],
            wording("forecaster"): [wording.forecaster(one.forecaster) for one, _ in bins],
            wording("skill_said"): [each[0] for _, each in bins],
            wording("skill_came"): [each[1] for _, each in bins],
            wording("skill_rows"): [each[2] for _, each in bins],
        },
    )
    return download(content, XLSX, f"skill-{report.as_of}.xlsx")


def _reliability(items: list[SkillItem], wording: Wording) -> dict[str, Any]:
    """What was said against what came, by horizon."""
    series = [
        {
            "name": wording("skill_days").format(one.horizon_days),
            "points": [[said, came] for said, came, _ in one.figures.get("reliability") or () if came is not None],
        }
        for one in items
        if one.forecaster == "model"
    ]
    names = {"forecast": wording("skill_said"), "observed": wording("skill_came")}
    return {"kind": "reliability", "series": [one for one in series if one["points"]], "names": names}
