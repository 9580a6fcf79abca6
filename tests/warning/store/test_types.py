"""What goes in comes out the same, on both databases: instants, days, numbers and documents."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from warning.store.forecasts import write_forecasts
from warning.store.tables import AssessmentRow, ForecastRow, MarketRow, RunRow, SeriesRow
from warning.store.types import day_of, epoch_day, epoch_us, instant_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2018, 12, 2, 12, 0, 0, 123_457, tzinfo=SHANGHAI)
NAN, INFINITY = float("nan"), float("inf")


@settings(deadline=None)
@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1), timezones=st.timezones()))
def test_instants_round_trip(instant):
    assert instant_of(epoch_us(instant)) == instant.astimezone(dt.UTC)


@given(st.dates())
def test_days_round_trip(day):
    assert day_of(epoch_day(day)) == day


def test_a_naive_datetime_is_refused(store):
    naive = dt.datetime(2018, 12, 2)
    with pytest.raises(ValueError, match="no time zone"):
        epoch_us(naive)
    with pytest.raises(StatementError, match="no time zone"), store.session() as session:
        session.execute(select(RunRow).where(RunRow.known_at <= naive))


def _run(**other):
    day = dt.date(2018, 12, 2)
    return RunRow(
        job="daily", business_date=day, status="done", known_at=NOON, claimed_at=NOON, heartbeat_at=NOON, **other
    )


def test_instants_and_days_are_kept_to_the_microsecond_and_the_day(store):
    with store.writing() as session:
        session.add(_run(finished_at=dt.datetime(1969, 12, 31, 23, 59, tzinfo=dt.UTC)))
    with store.session() as session:
        row = session.scalars(select(RunRow).where(RunRow.known_at == NOON.astimezone(dt.UTC))).one()
    assert (row.known_at, row.business_date) == (NOON, dt.date(2018, 12, 2))
    assert row.known_at.utcoffset() == dt.timedelta(0)
    assert row.finished_at < instant_of(0)


def test_a_document_may_hold_what_json_has_not(store):
    summary = {"share": NAN, "parts": [1.5, INFINITY, {"z": -INFINITY}], "name": "a\x00b", "zh": "柚", "n": 3}
    with store.writing() as session:
        session.add(_run(summary=summary))
    with store.session() as session:
        kept = session.scalars(select(RunRow.summary)).one()
    assert kept == {"share": None, "parts": [1.5, None, {"z": None}], "name": "a\ufffdb", "zh": "柚", "n": 3}


def test_a_number_that_is_none_is_null_on_both(store):
    with store.writing() as session:
        session.add(
            MarketRow(
                id="m",
                name="m",
                country="IN",
                currency="INR",
                timezone="Asia/Kolkata",
                latitude=NAN,
                longitude=1.0,
                feed="t",
                since=NOON,
            )
        )
    with store.session() as session:
        assert session.scalars(select(MarketRow.id).where(MarketRow.latitude.is_(None))).all() == ["m"]


def test_a_forecast_without_a_number_is_refused_on_both(store):
    with store.writing() as session:
        session.add(
            SeriesRow(id=1, key="k", product_id="onion", market_id="m", kind="wholesale", currency="INR", feed="t")
        )
    numbers = dict.fromkeys(("q10", "q50", "q90", "baseline_q10", "baseline_q50", "baseline_q90"), 1.0)
    row = {"series_id": 1, "issue_day": NOON.date(), "model": "theta", "horizon_days": 7, "target_day": NOON.date()}
    row |= numbers | {"baseline": "naive", "speaks": "model", "reason": ""}
    with pytest.raises(IntegrityError), store.writing() as session:
        write_forecasts(session, NOON.date(), [row, row | {"horizon_days": 14, "q50": NAN}])
    with store.writing() as session:
        write_forecasts(session, NOON.date(), [row])
        write_forecasts(session, NOON.date(), [row])
    with store.session() as session:
        assert len(session.scalars(select(ForecastRow)).all()) == 1


def test_readings_that_could_not_be_taken_are_null(store):
    with store.writing() as session:
        session.add(_run())
        session.flush()
        number = session.scalars(select(RunRow.id)).one()
        session.add(
            AssessmentRow(
                run_id=number,
                business_date=NOON.date(),
                product_id="onion",
                place_kind="market",
                place_id="m",
                level=0,
                observed_level=0,
                tier="T1",
                data_state="ok",
                surplus_t=NAN,
                readings={"r": 0.8, "z": NAN},
            )
        )
    with store.session() as session:
        row = session.scalars(select(AssessmentRow)).one()
    assert (row.readings, row.surplus_t) == ({"r": 0.8, "z": None}, None)
