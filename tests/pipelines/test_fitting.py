"""Fitting into the store, and the daily run that obeys what was released."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from market_panels import small_plan
from sqlalchemy import select
from worlds import LAST_DAY, small_world

from pipelines.daily import DailyRun
from pipelines.demo.build import take_in
from pipelines.fitting import KIND, fit_day
from pipelines.schedule import refit_due
from pipelines.spell_forecasts import words_of_day
from pipelines.sundays import last_sunday
from warning.errors import DamagedArtifact, InvalidPanel
from warning.reference import load_catalog
from warning.store.artifacts import list_artifacts, released_as_of
from warning.store.engine import Store, open_store
from warning.store.forecast_lines import forecast_lines_of
from warning.store.releases import Release, releases_of, write_releases
from warning.store.settings import Settings
from warning.store.skill_reports import newest_skill_report
from warning.store.tables import AssessmentRow, ForecastRow, RiskReasonRow, SkillFigureRow, SpellRiskRow
from warning.thresholds import load_thresholds

NOW = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
SUNDAY = last_sunday(LAST_DAY)
PLAN = small_plan(risk_weeks=(2, 4), price_weeks=(2, 4))


def daily_of(store: Store) -> DailyRun:
    return DailyRun(store=store, catalog=load_catalog(), thresholds=load_thresholds(), clock=lambda: NOW)


@pytest.fixture(scope="module")
def fitted_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small district and one fit, to be copied."""
    home = tmp_path_factory.mktemp("fitted")
    store = open_store(home=home, settings=Settings(home=home), migrate=True)
    list(take_in(store, daily_of(store), small_world(), lambda: NOW))
    fit_day(store, load_catalog(), LAST_DAY, clock=lambda: NOW, plan=PLAN)
    store.close()
    return home


@pytest.fixture
def fitted(fitted_home: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(fitted_home, tmp_path / "home")
    store = open_store(home=tmp_path / "home", settings=Settings(home=tmp_path / "home"))
    yield store
    store.close()


def speak_for_all(store: Store, word: str) -> None:
    """Put one word for every product and horizon in the release table."""
    with store.writing() as session:
        artifact = released_as_of(session, KIND, SUNDAY)
        assert artifact is not None
        write_releases(session, artifact.sha256, [Release("", days, word, "试", "tried") for days in (14, 28)])  # type: ignore[arg-type]


def test_a_fit_keeps_model_releases_lines_and_skill(fitted: Store):
    with fitted.session() as session:
        (artifact,) = list_artifacts(session)
        assert (artifact.as_of, artifact.status) == (SUNDAY, "released")
        assert artifact.data_last == SUNDAY
        assert artifact.rows > 0
        releases = releases_of(session, artifact.sha256)
        assert {(one.product_id, one.horizon_days) for one in releases} >= {("", 14), ("", 28)}
        assert all(one.speaks in ("champion", "point", "baseline") and one.reason_zh for one in releases)
        lines = forecast_lines_of(session, artifact.sha256)
        assert {(one.line, one.horizon_days) for one in lines} == {
            (line, days) for line in (0.9, 0.8, 0.7, 0.5) for days in (14, 28)
        }
        report = newest_skill_report(session)
        forecasters = set(
            session.scalars(select(SkillFigureRow.forecaster).where(SkillFigureRow.report_id == report.id))
        )
    assert forecasters == {"model", "rule", "alps", "ifpa", "miews", "climatology", "naive", "last_year"}


def test_a_refit_is_kept_beside_the_one_before(fitted: Store):
    again = fit_day(fitted, load_catalog(), LAST_DAY, clock=lambda: NOW + dt.timedelta(hours=1), plan=PLAN)
    with fitted.session() as session:
        assert again.artifact.sha256 in {one.sha256 for one in list_artifacts(session)}
        speaking = released_as_of(session, KIND, LAST_DAY)
    assert speaking is not None
    assert speaking.made_at == again.artifact.made_at
    assert "28" in again.line_zh


def test_the_daily_run_obeys_a_champion(fitted: Store):
    speak_for_all(fitted, "champion")
    list(daily_of(fitted).run(LAST_DAY))
    with fitted.session() as session:
        risks = session.scalars(select(SpellRiskRow)).all()
        assert {row.speaks for row in risks} == {"champion"}
        assert {row.issue_day for row in risks} == {SUNDAY}
        assert all(0 <= row.probability <= 1 for row in risks)
        models = set(session.scalars(select(ForecastRow.model).where(ForecastRow.horizon_days == 28)))
        assert "quantiles" in models
        judged = session.scalars(select(AssessmentRow).where(AssessmentRow.probability.is_not(None))).all()
        assert judged
        assert all(row.forecast_level is not None and row.series_id for row in judged)
        assert all(row.level >= min(row.forecast_level, 3) for row in judged)
        reasons = session.scalars(select(RiskReasonRow)).all()
        assert {row.series_id for row in reasons} >= {row.series_id for row in risks}
        assert any(row.cases for row in reasons), "five years hold a past that is like the present"


def test_the_daily_run_obeys_a_baseline(fitted: Store):
    speak_for_all(fitted, "baseline")
    list(daily_of(fitted).run(LAST_DAY))
    with fitted.session() as session:
        assert set(session.scalars(select(SpellRiskRow.speaks))) == {"baseline"}
        assert "quantiles" not in set(session.scalars(select(ForecastRow.model)))
        levels = set(session.scalars(select(AssessmentRow.forecast_level)))
    assert levels <= {None, 0}, "a baseline warns of nothing"


def test_a_fit_after_the_sunday_speaks_in_the_next_run(fitted_home: Path, tmp_path: Path):
    store = open_store(home=tmp_path / "late", settings=Settings(home=tmp_path / "late"), migrate=True)
    list(take_in(store, daily_of(store), small_world(), lambda: NOW))
    list(daily_of(store).run(LAST_DAY))
    assert words_of_day(store, LAST_DAY) == {}
    fit_day(store, load_catalog(), LAST_DAY, clock=lambda: NOW, plan=PLAN)
    speak_for_all(store, "champion")
    list(daily_of(store).run(LAST_DAY + dt.timedelta(days=1)))
    assert words_of_day(store, LAST_DAY)
    store.close()


def test_an_earlier_day_knows_nothing_of_a_later_fit(fitted: Store):
    assert words_of_day(fitted, SUNDAY - dt.timedelta(days=1)) == {}
    with fitted.session() as session:
        assert released_as_of(session, KIND, SUNDAY - dt.timedelta(days=7)) is None


def test_a_damaged_model_is_named(fitted: Store):
    with fitted.session() as session:
        (artifact,) = list_artifacts(session)
    (fitted.home / artifact.path).write_bytes(b"other bytes")
    with pytest.raises(DamagedArtifact):
        list(daily_of(fitted).run(LAST_DAY))


def test_an_empty_store_is_refused_in_words(tmp_path: Path):
    store = open_store(home=tmp_path, settings=Settings(home=tmp_path), migrate=True)
    with pytest.raises(InvalidPanel, match="no price"):
        fit_day(store, load_catalog(), LAST_DAY, clock=lambda: NOW, plan=PLAN)
    store.close()


def test_the_schedule_refits_when_it_is_due(fitted: Store):
    settings = Settings(home=fitted.home, refit_days=28)
    assert not refit_due(fitted, settings, daily_of(fitted), LAST_DAY, clock=lambda: NOW)
    never = Settings(home=fitted.home, refit_days=0)
    assert not refit_due(fitted, never, daily_of(fitted), LAST_DAY + dt.timedelta(days=99), clock=lambda: NOW)


def test_the_figures_are_numbers_or_nothing(fitted: Store):
    with fitted.session() as session:
        documents = session.scalars(select(SkillFigureRow.figures)).all()
    numbers = [value for one in documents for value in one.values() if isinstance(value, float)]
    assert np.isfinite(numbers).all()
