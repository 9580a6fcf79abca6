"""The daily run: idempotent, replayable, told in one line, and the same whenever it is first made."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select
from worlds import LAST_DAY, small_world

from pipelines.daily import DailyRun
from pipelines.demo.build import build_demo, take_in
from pipelines.fetching import fetch_live
from pipelines.ingest import ingest_upload
from pipelines.knowledge import known_at, stretches
from pipelines.schedule import missed_dates, run_due
from pipelines.what_if import compare_thresholds
from warning.errors import Conflict, InvalidReference
from warning.levels import Level
from warning.reference import load_catalog
from warning.store.engine import Store, open_store
from warning.store.runs import claim_run, end_feed_run, fail_run, start_feed_run
from warning.store.settings import Settings
from warning.store.snapshots import retract
from warning.store.tables import AlertEventRow, AlertRow, AssessmentRow, ForecastRow, RunRow, SnapshotRow
from warning.thresholds import load_thresholds

NOW = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
CABBAGE = "cabbage"


def daily_of(store: Store, **changes: object) -> DailyRun:
    parts = {"catalog": load_catalog(), "thresholds": load_thresholds(), "clock": lambda: NOW, "forecasts": False}
    return DailyRun(store=store, **(parts | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the small district was taken in, to be copied."""
    home = tmp_path_factory.mktemp("district")
    store = open_store(home=home, settings=Settings(home=home), migrate=True)
    list(take_in(store, daily_of(store), small_world(), lambda: NOW))
    store.close()
    return home


@pytest.fixture
def held(district: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(district, tmp_path / "home")
    store = open_store(home=tmp_path / "home", settings=Settings(home=tmp_path / "home"))
    yield store
    store.close()


def judged(store: Store, day: dt.date = LAST_DAY) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """What the store says of every subject on a day."""
    with store.session() as session:
        rows = session.scalars(select(AssessmentRow).where(AssessmentRow.business_date == day)).all()
    return {
        (row.product_id, row.place_kind, row.place_id): (
            row.level, row.observed_level, row.tier, row.type, row.data_state, row.last_day, row.alert_id,
            str(row.readings), str(row.drivers), row.surplus_t,
        )
        for row in rows
    }  # fmt: skip


def events(store: Store) -> list[tuple[object, ...]]:
    with store.session() as session:
        rows = session.scalars(select(AlertEventRow).order_by(AlertEventRow.alert_id, AlertEventRow.business_date))
        return [(row.alert_id, row.kind, row.business_date, row.level) for row in rows]


def test_the_cabbage_glut_is_red_with_its_drivers_channels_and_lead(held: Store) -> None:
    (result,) = daily_of(held).run(LAST_DAY)
    assert result.changed
    assert "红" in result.line_zh
    with held.session() as session:
        row = session.scalars(
            select(AssessmentRow).filter_by(business_date=LAST_DAY, product_id=CABBAGE, place_kind="district")
        ).one()
        alert = session.get_one(AlertRow, row.alert_id)
    assert row.level == Level.RED
    assert row.tier == "T3"
    assert row.simulated
    assert {driver["signal"] for driver in row.drivers} >= {"r"}
    assert all(driver["text_zh"] and driver["text_en"] for driver in row.drivers)
    assert row.channels[0]["clause"].startswith("五")
    assert row.channels[0]["lead"]["name_zh"] == "区农业农村委"
    assert alert.status == "open"
    assert alert.raised_at < LAST_DAY
    assert alert.simulated
    assert row.forecast_level is None
    assert row.forecast_reason


def test_the_first_run_on_a_day_and_a_replay_up_to_it_agree(held: Store, district: Path, tmp_path: Path) -> None:
    list(daily_of(held).run(LAST_DAY))
    shutil.copytree(district, tmp_path / "replayed")
    other = open_store(home=tmp_path / "replayed", settings=Settings(home=tmp_path / "replayed"))
    list(daily_of(other).run(LAST_DAY - dt.timedelta(days=40), LAST_DAY))
    assert judged(held) == judged(other)
    assert len(judged(held)) > 10
    lasting = {event for event in events(held) if event[2] >= LAST_DAY - dt.timedelta(days=40)}
    assert lasting <= set(events(other))
    other.close()


def test_a_day_judged_alone_and_within_a_stretch_is_the_same(held: Store) -> None:
    day = LAST_DAY - dt.timedelta(days=9)
    assert list(stretches(held, day, LAST_DAY)) == [(day, LAST_DAY)]
    list(daily_of(held).run(day))
    alone = judged(held, day)
    with held.writing() as session:
        session.execute(RunRow.__table__.update().values(knowledge=""))
    list(daily_of(held).run(day, LAST_DAY))
    assert judged(held, day) == alone


def test_a_rerun_with_the_same_knowledge_changes_nothing(held: Store) -> None:
    list(daily_of(held).run(LAST_DAY))
    before, told = judged(held), events(held)
    (again,) = daily_of(held).run(LAST_DAY)
    assert not again.changed
    assert (judged(held), events(held)) == (before, told)
    with held.session() as session:
        assert session.scalars(select(RunRow)).one().revision == 1


def cabbage_price(price: float) -> bytes:
    """A correction of the last ten days' cabbage price at the district's own market."""
    days = pd.date_range(LAST_DAY - dt.timedelta(days=9), LAST_DAY)
    rows = small_world().panel
    own = rows[(rows["product"] == "莲花白") & rows["date"].isin(days)].copy()
    own["price"] = price
    return own.to_csv(index=False).encode()


def test_a_correction_makes_a_new_revision_and_leaves_the_past_as_it_was(held: Store) -> None:
    list(daily_of(held).run(LAST_DAY - dt.timedelta(days=1), LAST_DAY))
    before = judged(held, LAST_DAY - dt.timedelta(days=1))
    report = ingest_upload(
        held, "panel", [("correction.csv", cabbage_price(3.5))], received_at=known_at(LAST_DAY) - dt.timedelta(hours=1)
    )
    assert report.accepted > 0
    (again,) = daily_of(held).run(LAST_DAY)
    assert again.changed
    with held.session() as session:
        run = session.scalars(select(RunRow).filter_by(business_date=LAST_DAY)).one()
    assert run.revision == 2
    assert judged(held, LAST_DAY - dt.timedelta(days=1)) == before
    list(daily_of(held).run(LAST_DAY - dt.timedelta(days=1)))
    assert judged(held, LAST_DAY - dt.timedelta(days=1)) == before, "the day before could not know the correction"


def test_a_retracted_upload_leaves_the_judgement_as_if_it_had_not_been(held: Store) -> None:
    list(daily_of(held).run(LAST_DAY))
    before = judged(held)
    report = ingest_upload(
        held, "panel", [("mistake.csv", cabbage_price(9.0))], received_at=known_at(LAST_DAY) - dt.timedelta(hours=1)
    )
    list(daily_of(held).run(LAST_DAY))
    assert judged(held) != before
    assert report.snapshot_id is not None
    retract(held, report.snapshot_id, at=known_at(LAST_DAY) - dt.timedelta(minutes=30), reason="wrong file")
    list(daily_of(held).run(LAST_DAY))
    assert judged(held) == before


def test_a_market_that_fell_silent_is_stale_and_keeps_its_level(held: Store) -> None:
    later = LAST_DAY + dt.timedelta(days=30)
    list(daily_of(held).run(LAST_DAY))
    list(daily_of(held).run(later))
    subject = (CABBAGE, "market", "cn-chongqing-shuangfu")
    assert judged(held, LAST_DAY)[subject][0] == judged(held, later)[subject][0] >= Level.ORANGE
    assert judged(held, later)[subject][4] == "stale"


def test_an_empty_store_and_nothing_to_warn_of_are_said(tmp_path: Path, held: Store) -> None:
    empty = open_store(home=tmp_path / "empty", settings=Settings(home=tmp_path / "empty"), migrate=True)
    (result,) = daily_of(empty).run(LAST_DAY)
    assert "先导入" in result.line_zh
    assert "ingest" in result.line_en
    empty.close()
    calm = load_thresholds().replace(
        r_blue=0.04, r_yellow=0.03, r_orange=0.02, r_red=0.01, z_blue=-90, z_orange=-91, z_red=-92, g_blue=-90,
        g_yellow=-91, rho_yellow=-90, stall_share=0.0001, k_blue=0.004, k_yellow=0.003, k_orange=0.002, k_red=0.001,
        lag_blue=96, lag_yellow=97, lag_orange=98, lag_red=99, d_blue=996, d_yellow=997, d_orange=998, d_red=999,
    )  # fmt: skip
    (result,) = daily_of(held, thresholds=calm).run(LAST_DAY)
    assert "无可预警" in result.line_zh
    assert "nothing to warn of" in result.line_en


def test_feeds_that_missed_their_deadline_are_counted(held: Store) -> None:
    settings = Settings(home=held.home, live_feeds=["no-such-feed"])
    (failed,) = fetch_live(held, settings, LAST_DAY, clock=lambda: NOW)
    assert not failed.done
    (result,) = daily_of(held, live_feeds=("no-such-feed", "xinfadi")).run(LAST_DAY)
    assert "缺 2/2 个数据源" in result.line_zh
    assert "ran without 2 of 2 feeds" in result.line_en


def test_the_series_of_a_feed_that_failed_are_stale_at_once(held: Store) -> None:
    day = LAST_DAY + dt.timedelta(days=2)
    list(daily_of(held).run(day))
    assert {said[4] for said in judged(held, day).values()} >= {"ok"}
    run = start_feed_run(held, "panel", day, NOW)
    end_feed_run(held, run, now=NOW, status="failed", detail="no answer")
    (again,) = daily_of(held).run(day)
    assert again.changed
    markets = [said for (_, kind, _), said in judged(held, day).items() if kind == "market"]
    assert "ok" not in {said[4] for said in markets}
    assert not any(said[0] == Level.NONE for said in markets), "never calm"


def test_a_claimed_day_is_not_taken_twice_and_a_failed_one_can_be_made_again(held: Store) -> None:
    claim = claim_run(held, "daily", LAST_DAY, known_at=known_at(LAST_DAY), now=NOW, by="another")
    with pytest.raises(Conflict, match="another"):
        list(daily_of(held).run(LAST_DAY))
    fail_run(held, claim, now=NOW, error="it fell over")
    (result,) = daily_of(held).run(LAST_DAY)
    assert result.changed


def test_a_failure_marks_the_run_and_writes_nothing(held: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> dict[str, int]:
        raise RuntimeError("half-way")

    monkeypatch.setattr("pipelines.daily.write_day", broken)
    with pytest.raises(RuntimeError):
        list(daily_of(held).run(LAST_DAY))
    with held.session() as session:
        run = session.scalars(select(RunRow)).one()
        assert (run.status, run.error) == ("failed", "RuntimeError: half-way")
        assert session.scalars(select(AssessmentRow)).first() is None


def test_forecasts_are_kept_with_the_baseline_beside_them(held: Store) -> None:
    list(daily_of(held, forecasts=True).run(LAST_DAY))
    with held.session() as session:
        rows = session.scalars(select(ForecastRow)).all()
    assert len(rows) > 20
    assert {row.issue_day for row in rows} == {dt.date(2026, 11, 22)}
    assert all(row.q10 <= row.q50 <= row.q90 for row in rows)
    assert {row.baseline for row in rows} == {"last_price"}
    assert {row.speaks for row in rows} <= {"model", "baseline"}
    assert all(row.reason for row in rows)


def test_other_lines_are_compared_and_nothing_is_stored(held: Store) -> None:
    table = compare_thresholds(daily_of(held), {"r_blue": "0.99"}, LAST_DAY, LAST_DAY)
    assert table.row_count > 0
    with held.session() as session:
        assert session.scalars(select(AssessmentRow)).first() is None
    with pytest.raises(InvalidReference, match="there is no line"):
        compare_thresholds(daily_of(held), {"r_purple": "0.9"}, LAST_DAY, LAST_DAY)
    with pytest.raises(InvalidReference, match="no number"):
        compare_thresholds(daily_of(held), {"r_blue": "much"}, LAST_DAY, LAST_DAY)


def test_missed_days_are_made_up_for_in_order(held: Store) -> None:
    assert missed_dates(held, now=NOW, run_at=dt.time(7, 30), catch_up_days=14) == [LAST_DAY]
    list(daily_of(held).run(LAST_DAY - dt.timedelta(days=3)))
    due = missed_dates(held, now=NOW, run_at=dt.time(7, 30), catch_up_days=14)
    assert due == [LAST_DAY - dt.timedelta(days=number) for number in (2, 1, 0)]
    early = NOW.replace(hour=23) - dt.timedelta(days=1, minutes=31)
    assert missed_dates(held, now=early, run_at=dt.time(7, 30), catch_up_days=14)[-1] == LAST_DAY - dt.timedelta(days=1)
    assert run_due(held, Settings(home=held.home, refit_days=0), daily_of(held), clock=lambda: NOW) == 3
    assert missed_dates(held, now=NOW, run_at=dt.time(7, 30), catch_up_days=14) == []


def test_the_demo_does_not_mix_with_real_series(held: Store) -> None:
    line = (
        "market,product,date,price,volume,unit_price,unit_volume,country\n"
        "重庆双福国际农贸城,洋葱,2026-11-20,2.5,900,CNY/kg,kg,CN\n"
    )
    ingest_upload(held, "panel", [("real.csv", line.encode())], received_at=NOW)
    with pytest.raises(Conflict, match="real series"):
        list(build_demo(held, daily_of(held), last_day=LAST_DAY, days=1, clock=lambda: NOW))


def test_everything_of_the_simulated_district_is_marked(held: Store) -> None:
    list(daily_of(held).run(LAST_DAY))
    with held.session() as session:
        for table in (SnapshotRow, AssessmentRow, AlertRow):
            rows = session.scalars(select(table)).all()
            assert rows
            assert all(row.simulated for row in rows), table.__name__
