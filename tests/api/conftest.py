"""A small store with one row of everything, and the service over it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.app import create_app
from warning.quality import Quality
from warning.store.engine import Store
from warning.store.settings import CONFIG_FILE, Settings
from warning.store.tables import (
    AlertEventRow,
    AlertRow,
    AssessmentRow,
    Base,
    FeedRunRow,
    ForecastRow,
    MarketRow,
    NameRow,
    ObservationRow,
    RejectedRow,
    ReportRow,
    RetractedObservationRow,
    RunRow,
    SeriesRow,
    SnapshotRow,
    VarietyRow,
)
from warning.store.types import epoch_day, epoch_us

NOW = dt.datetime(2018, 12, 10, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2018, 12, 2)
EVE = dt.date(2018, 12, 1)
SPITEFUL = "<script>alert(1)</script>"
MARKETS = ("in-test-alpha", "in-test-beta", "in-test-spite")
ONION = "onion@in-test-alpha:wholesale"
ALERT = "onion.in-test-alpha.20181104"


def settings_for(store: Store) -> Settings:
    return Settings(home=store.home, database_url=store.url, upload_max_bytes=3_000_000)


def instant(day: dt.date, hour: int = 2) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


@pytest.fixture
def empty_client(stores: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service over a store in which nothing has happened yet."""
    store = stores.make(tmp_path_factory.mktemp("nothing"))
    with TestClient(create_app(settings_for(store), clock=lambda: NOW), raise_server_exceptions=False) as found:
        yield found
    stores.discard(store)


@pytest.fixture(scope="session")
def filled(stores: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name under which the small store is kept, to be copied."""
    store = stores.make(tmp_path_factory.mktemp("filled"))
    with store.writing() as session:
        for row in (*_ledger(), *_series(), *_judgements(), *_people()):
            session.add(row)
            session.flush()
        if not store.is_sqlite:
            for table in ("snapshot", "run", "series", "variety"):
                session.execute(text(f"select setval('{table}_id_seq', (select max(id) from {table}))"))
    stores.keep("filled", store)
    stores.discard(store)
    return "filled"


@pytest.fixture
def store(stores: Any, tmp_path: Path, filled: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The small store; a process started in its home, or told of its home alone, finds it too."""
    found = stores.make(tmp_path, of=filled)
    (found.home / CONFIG_FILE).write_text(f"database_url = {json.dumps(found.url)}\n", encoding="utf-8")
    monkeypatch.setenv("CHANGXIAO_DATABASE_URL", found.url)
    yield found
    stores.discard(found)


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    """The service over the small store."""
    with TestClient(create_app(settings_for(store), clock=lambda: NOW), raise_server_exceptions=False) as found:
        yield found


def _run(number: int, day: dt.date, status: str = "done") -> RunRow:
    known = instant(day + dt.timedelta(days=1), 0)
    return RunRow(
        id=number,
        job="daily",
        business_date=day,
        status=status,
        known_at=known - dt.timedelta(minutes=30),
        claimed_at=known,
        heartbeat_at=known,
        finished_at=known if status == "done" else None,
        summary={"line_zh": f"{day} 红 1", "line_en": f"{day} red 1", "share": float("inf")},
        error="Traceback (most recent call last):\n  secret\nValueError: no prices" if status == "failed" else "",
    )


def _ledger() -> list[Base]:
    snapshots = [
        SnapshotRow(
            id=number,
            feed="agmarknet",
            name=f"{number}.csv",
            path=f"{number}",
            sha256=f"{number:064d}",
            size=10,
            received_at=instant(dt.date(2018, 12, number)),
            lines_read=10,
            accepted=6,
            repeated=1,
            rejected=2,
            non_data={"heading": 1},
            account={},
            retracted_at=instant(dt.date(2018, 12, 6)) if number == 3 else None,
            retracted_reason="wrong file" if number == 3 else "",
        )
        for number in (1, 2, 3)
    ]
    lines = [
        RejectedRow(snapshot_id=1, file="1.csv", line=number, reason=reason, detail="…", text=f"line {number}")
        for number, reason in ((3, "unknown-unit"), (7, "negative-price"), (9, "unknown-unit"))
    ]
    failed = FeedRunRow(
        feed="xinfadi", business_date=DAY, started_at=instant(DAY), finished_at=instant(DAY, 3), status="failed",
        detail="timeout",
    )  # fmt: skip
    name = NameRow(
        kind="product", feed="agmarknet", name="Onion Big", lines=4, first_seen=instant(DAY),
        candidates=[{"id": "onion", "name": "Onion", "score": 88.0}],
    )  # fmt: skip
    runs = [_run(1, EVE), _run(2, DAY), _run(3, dt.date(2018, 12, 3), "failed")]
    return [*snapshots, *lines, failed, name, *runs]


def _series() -> list[Base]:
    markets = [
        MarketRow(
            id=market, name=SPITEFUL if market.endswith("spite") else f"Market {market.split('-')[-1]}", country="IN",
            region="Test", currency="INR", timezone="Asia/Kolkata", feed="agmarknet", since=instant(EVE),
        )
        for market in MARKETS
    ]  # fmt: skip
    series = [
        SeriesRow(
            id=number, key=f"onion@{market}:wholesale", product_id="onion", market_id=market, kind="wholesale",
            currency="INR", feed="agmarknet",
        )
        for number, market in enumerate(MARKETS, start=1)
    ]  # fmt: skip
    varieties = [VarietyRow(id=number, name=name) for number, name in ((1, "Red"), (2, "White"), (3, "Local"))]
    forecasts = [
        ForecastRow(
            series_id=1, issue_day=issued, model="theta", horizon_days=horizon, target_day=issued, q10=1.0, q50=2.0,
            q90=3.0, baseline_q10=1.0, baseline_q50=2.5, baseline_q90=4.0, baseline="seasonal_naive",
            speaks="baseline", reason="not released",
        )
        for issued in (EVE, DAY)
        for horizon in (7, 14)
    ]  # fmt: skip
    return [*markets, *series, *varieties, *forecasts, *_observations()]


def _observations() -> list[Base]:
    def at(table: type, day: int, variety: int, price: float | None, **other: object) -> Base:
        value_day = dt.date(2018, 11, day)
        values = {"issued_at": epoch_us(instant(value_day + dt.timedelta(days=1))), "snapshot_id": 1, "flags": 1}
        values |= {"volume_kg": 1000.0, **other}
        return table(series_id=1, day=epoch_day(value_day), variety_id=variety, price_per_kg=price, **values)

    corrected = epoch_us(instant(dt.date(2018, 12, 2)))
    return [
        *(at(ObservationRow, 20, variety, price) for variety, price in ((1, 4.0), (2, 6.0), (3, 11.0))),
        at(ObservationRow, 21, 1, 5.0, superseded_at=corrected),
        at(ObservationRow, 21, 1, 5.5, issued_at=corrected, snapshot_id=2),
        at(ObservationRow, 22, 1, 55.0, flags=int(Quality.PRICE_TENFOLD | Quality.ISSUE_ASSUMED), volume_kg=None),
        at(RetractedObservationRow, 23, 1, 9.0, snapshot_id=3),
        at(ObservationRow, 24, 1, 7.0),
    ]


def judged(day: dt.date, place: str, level: int, **other: object) -> AssessmentRow:
    """A judgement with every field filled."""
    values: dict[str, object] = {
        "run_id": 2 if day == DAY else 1,
        "product_id": "onion",
        "place_kind": "market",
        "observed_level": level,
        "forecast_reason": "no model released",
        "tier": "T1",
        "type": "glut",
        "data_state": "ok",
        "last_day": day,
        "readings": {"r": 0.44, "z": float("nan")},
        "drivers": [
            {"signal": "r", "value": 0.44, "line": 0.5, "text_zh": "价低 <b>五成六</b>", "text_en": "56 % low"}
        ],
        "channels": [
            {
                "channel": "cold-storage-outlets",
                "name_zh": "产地冷藏",
                "name_en": "cold stores",
                "clause": "四(一)",
                "lead": {"id": "commerce", "name_zh": "商务委", "name_en": "Commerce"},
                "with": [{"id": "agriculture", "name_zh": "农业农村委", "name_en": "Agriculture"}],
                "start_days": [0, 3],
                "why_zh": "可冷藏",
                "why_en": "can be stored",
            }
        ],
        "simulated": False,
    }
    return AssessmentRow(business_date=day, place_id=place, level=level, **values | other)


def _judgements() -> list[Base]:
    alerts = [
        AlertRow(
            id=f"onion.{market}.20181104", product_id="onion", place_kind="market", place_id=market,
            raised_at=dt.date(2018, 11, 4), peak_level=4, status="open", simulated=False,
        )
        for market in MARKETS
    ]  # fmt: skip
    cabbage = AlertRow(
        id="cabbage.district.20181201", product_id="cabbage", place_kind="district", place_id="district",
        raised_at=EVE, peak_level=2, status="open", simulated=True,
    )  # fmt: skip
    said = [
        judged(EVE, MARKETS[0], 2, alert_id=ALERT, series_id=1),
        judged(DAY, MARKETS[0], 4, alert_id=ALERT, series_id=1),
        judged(DAY, MARKETS[1], 3, alert_id=f"onion.{MARKETS[1]}.20181104", data_state="stale"),
        judged(DAY, MARKETS[2], 1, alert_id=f"onion.{MARKETS[2]}.20181104"),
        judged(
            DAY, "district", 2, product_id="cabbage", place_kind="district", alert_id=cabbage.id, simulated=True,
            surplus_t=120.0, surplus_estimated=True, tier="T3",
        ),
        judged(DAY, "500155104", -1, product_id="potato", place_kind="township", data_state="short", drivers=[]),
        judged(DAY, MARKETS[0], 0, product_id="tomato", drivers=[], channels=[]),
    ]  # fmt: skip
    return [*alerts, cabbage, *said]


def _people() -> list[Base]:
    def event(sequence: int, kind: str, day: dt.date, level: int) -> AlertEventRow:
        return AlertEventRow(
            alert_id=ALERT, sequence=sequence, kind=kind, business_date=day, at=instant(day), level=level,
            reason_zh="越线", reason_en="past the line",
        )  # fmt: skip

    report = ReportRow(
        township_id="500155104", product_id="pomelo-liangping", day=EVE, issued_at=instant(EVE), stock_t=40.0,
        reported_by="张",
    )  # fmt: skip
    return [event(1, "raised", dt.date(2018, 11, 4), 1), event(2, "escalated", DAY, 4), report]
