"""`changxiao fit`: refit the models on what a day knew, review their past, decide who may speak, keep it all.

In order: weekly grid as of the day → forecasts of the last two years as they would have been made → their review
(skill, lines, verdicts) → the fit that will speak → released, or held back where it does worse than the present one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.market_grid import stored_weeks
from pipelines.reported_weeks import learnable, with_reports
from pipelines.sundays import last_sunday
from pipelines.version import code_version
from warning.errors import NotFound
from warning.lunar import EPOCH
from warning.store.artifacts import Artifact, ArtifactFacts, keep_artifact, read_artifact, released_as_of
from warning.store.forecast_lines import ForecastLine, write_forecast_lines
from warning.store.releases import Release, write_releases
from warning.store.skill_reports import SkillFigure, SkillHead, write_skill_report

if TYPE_CHECKING:
    from models.backtest import Told
    from models.fitting import Plan
    from models.review import Review
    from models.rolling import Rolled
    from models.speaker import Speaker
    from models.study import Study
    from warning.catalog import Catalog
    from warning.store.engine import Store

KIND: Final = "spell_risk"
REVIEW_WEEKS = 104
LEAST_WEEKS = 3 * 52
"""Two past years for a reference, and one of outcomes to learn from."""


@dataclass(frozen=True, slots=True)
class FitResult:
    """What a fit left: the artifact as it was registered, and the line that tells of it."""

    artifact: Artifact
    line_zh: str
    line_en: str


def fit_day(
    store: Store,
    catalog: Catalog,
    day: dt.date,
    *,
    clock: Callable[[], dt.datetime],
    plan: Plan | None = None,
    tell: Told | None = None,
) -> FitResult:
    """Fit on what `day` knew and keep the result; NotFound where there is too little to learn from."""
    from models.artifact import to_bytes
    from models.spell_risk import LINES
    from models.study import study

    sunday = last_sunday(day)
    weeks = stored_weeks(store, catalog, sunday)
    if weeks.shape[1] < LEAST_WEEKS:
        raise NotFound(
            f"{weeks.shape[1]} weeks of prices up to {sunday}; {LEAST_WEEKS} are needed to learn from",
            where=store.url,
            todo="ingest more of the past, then fit again",
        )
    chosen = plan or full_plan()
    weeks = learnable(with_reports(store, catalog, weeks, sunday))
    prepared = study(weeks, sorted({*chosen.lines, *LINES}))
    first, last = _reviewed(prepared)
    rolled, found, speaker = _learned(prepared, first, last, chosen, tell)
    status, reason = _released(store, prepared, rolled, speaker, sunday)
    made = clock()
    facts = ArtifactFacts(
        kind=KIND,
        as_of=sunday,
        data_first=EPOCH + dt.timedelta(days=int(weeks.sundays[0])),
        data_last=EPOCH + dt.timedelta(days=int(weeks.sundays[-1])),
        series=weeks.shape[0],
        rows=len(prepared.table),
        code_version=code_version(),
        made_at=made,
        skill=_summary(found),
        status=status,
        reason=reason,
    )
    artifact = keep_artifact(store, to_bytes(speaker), facts)
    _write(store, artifact, found, (weeks.sundays[first], weeks.sundays[last]), made)
    return FitResult(artifact, *_lines(artifact))


def full_plan() -> Plan:
    """What a fit of the service learns: the four levels' horizons, and prices from one week to twelve."""
    from models.base import HORIZONS
    from models.fitting import Plan
    from models.spell_risk import RISK_WEEKS

    return Plan(risk_weeks=RISK_WEEKS, price_weeks=HORIZONS)


def _reviewed(prepared: Study) -> tuple[int, int]:
    """(first, last) columns of the forecasts that are reviewed: the last two years, or half of what there is."""
    last = prepared.weeks.shape[1] - 1
    return max(last + 1 - REVIEW_WEEKS, (LEAST_WEEKS + last) // 2), last


def _learned(prepared: Study, first: int, last: int, plan: Plan, tell: Told | None) -> tuple[Rolled, Review, Speaker]:
    """The past forecasts, their review, and the speaker that all of the past makes."""
    from models.backtest import rolled_over
    from models.corrections import CALIBRATION_WEEKS, past_calibrations, past_changes
    from models.fitting import fit
    from models.review import review
    from models.rolling import review_folds
    from models.speaker import Speaker

    # the first weeks reviewed are calibrated and corrected by a year of forecasts whose outcome was known by then
    warm_up = CALIBRATION_WEEKS + max(*plan.risk_weeks, *plan.price_weeks)
    rolled = rolled_over(prepared, review_folds(first, last, warm_up=warm_up), plan, tell=tell)
    calibrations = {
        (line, weeks): found
        for line in rolled.lines
        for weeks, found in past_calibrations(prepared, rolled.odds_at(line), line, last).items()
    }
    corrections = {
        weeks: past_changes(prepared, changes, weeks).correction(last) for weeks, changes in rolled.changes.items()
    }
    found = review(prepared, rolled, first, last)
    return rolled, found, Speaker(fit(prepared, last, plan), calibrations, corrections)


def _released(store: Store, prepared: Study, rolled: Rolled, speaker: Speaker, day: dt.date) -> tuple[Any, str]:
    """(released or held, why): against the present model on the weeks that neither had learned from."""
    from models.release import refit_verdict

    with store.session() as session:
        present = released_as_of(session, KIND, day)
    if present is None or present.as_of >= day:
        return "released", "released: there is no earlier model"
    candidate, before = _both_scores(store, present, prepared, rolled, speaker)
    released, reason = refit_verdict(candidate, before)
    return ("released" if released else "held"), reason


def _both_scores(
    store: Store, present: Artifact, prepared: Study, rolled: Rolled, speaker: Speaker
) -> tuple[float | None, float | None]:
    """Brier scores of the refit's past forecasts and of the present model, on the weeks after the latter's last."""
    from models.artifact import from_bytes
    from models.outcomes import spells_at
    from models.review import DECIDING_LINE
    from models.speaker import names_of

    horizon = 4
    old = from_bytes(read_artifact(store, present.sha256))
    if names_of(old) != names_of(speaker):
        return None, None
    since = int(np.searchsorted(prepared.weeks.sundays, (present.as_of - EPOCH).days, side="right"))
    spells = spells_at(prepared.weeks, DECIDING_LINE)
    cells = prepared.cells(since, prepared.weeks.shape[1] - 1)
    odds = rolled.log_odds[DECIDING_LINE, horizon]
    cells = cells[prepared.at(spells.told(horizon), cells) & ~np.isnan(odds[cells])]
    outcome = prepared.at(spells.within(horizon), cells)
    if not outcome.any():
        return None, None
    ours = speaker.calibrations[DECIDING_LINE, horizon].probability(odds[cells])
    theirs = old.calibrations[DECIDING_LINE, horizon].probability(
        old.fitted.risk.log_odds(prepared.lined.at(DECIDING_LINE, cells), horizon)
    )
    return float(((ours - outcome) ** 2).mean()), float(((theirs - outcome) ** 2).mean())


def _write(store: Store, artifact: Artifact, found: Review, stretch: tuple[int, int], made: dt.datetime) -> None:
    """The release table, the lines and the skill report of an artifact."""
    since, until = (EPOCH + dt.timedelta(days=int(day)) for day in stretch)
    head = SkillHead(artifact.as_of, since, until, made, artifact.code_version, artifact.sha256, artifact.skill)
    figures = [SkillFigure(one.product, one.line, 7 * one.weeks, one.forecaster, one.figures) for one in found.figures]
    releases = [
        Release(product, 7 * weeks, one.speaks, one.reason_zh, one.reason_en)
        for (product, weeks), one in found.verdicts.items()
    ]
    lines = [
        ForecastLine(
            line,
            7 * weeks,
            one.probability,
            {"pod": one.pod, "far": one.far, "pofd": one.pofd, "onsets": one.onsets, "alarms_a_week": alarms},
        )
        for (line, weeks), (one, alarms) in found.lines.items()
    ]
    with store.writing() as session:
        write_releases(session, artifact.sha256, releases)
        write_forecast_lines(session, artifact.sha256, lines)
        write_skill_report(session, head, figures)


def _summary(found: Review) -> dict[str, Any]:
    """The figures of all products together at the deciding line, by horizon."""
    return {
        f"{7 * one.weeks}d": {name: one.figures.get(name) for name in ("rows", "roc_auc", "pr_auc", "brier_skill")}
        for one in found.figures
        if one.product == "" and one.line == 0.8 and one.forecaster == "model"
    }


def _lines(artifact: Artifact) -> tuple[str, str]:
    figures = artifact.skill.get("28d", {})
    skill = f"ROC {figures.get('roc_auc')}, PR {figures.get('pr_auc')}, BSS {figures.get('brier_skill')}"
    word = {"released": "发布", "held": "暂不发布"}[artifact.status]
    zh = f"{artifact.as_of}：{artifact.series:,} 条序列学成，28天 {skill}；{word}"
    en = f"{artifact.as_of}: learned from {artifact.series:,} series, 28 days {skill}; {artifact.reason}"
    return zh, en
