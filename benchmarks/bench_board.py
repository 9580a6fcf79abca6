"""How long the board's pages take with 2,000 series of five years and 5,000 alerts in the store; asked: 150 ms.

    python benchmarks/bench_board.py [--rounds 21]

The store is SQLite in a folder of its own; a real server answers on loopback, one request at a time, after one round to
warm up. Given are the median and the worst of the rounds in milliseconds, and the page's size.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import threading
import time
from pathlib import Path

import httpx2
import numpy as np
import uvicorn
from sqlalchemy import insert

from api.app import create_app
from warning.reference import load_catalog
from warning.store.engine import Store, open_store
from warning.store.settings import Settings
from warning.store.tables import (
    AlertEventRow,
    AlertRow,
    AssessmentRow,
    ObservationRow,
    RunRow,
    SeriesRow,
    SnapshotRow,
    VarietyRow,
)
from warning.store.types import epoch_day, epoch_us

DAY = dt.date(2026, 11, 23)
NOW = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(0), dt.UTC)
SERIES, ALERTS, YEARS = 2000, 5000, 5
ASKED_MS = 150


def filled(home: Path) -> tuple[Store, str, str]:
    """A store of that size; (the store, an alert of it, a product of it)."""
    catalog = load_catalog()
    products = sorted(catalog.products)[:200]
    store = open_store(home=home, settings=Settings(home=home), migrate=True)
    rng = np.random.default_rng(7)
    with store.writing() as session:
        session.add(SnapshotRow(id=1, feed="panel", name="bench", sha256="0" * 64, size=1, received_at=NOW,
                                received_by="bench", path=""))  # fmt: skip
        session.add(VarietyRow(id=1, name="bench"))
        for days_ago in (1, 0):
            session.add(RunRow(id=2 - days_ago, job="daily", business_date=DAY - dt.timedelta(days=days_ago),
                               status="done", known_at=NOW, claimed_at=NOW, heartbeat_at=NOW, finished_at=NOW,
                               knowledge="x", summary={}))  # fmt: skip
        session.flush()
        series = [
            {"id": number + 1, "key": f"{products[number % 200]}@m{number // 200:03d}:wholesale", "feed": "panel",
             "product_id": products[number % 200], "market_id": f"m{number // 200:03d}", "kind": "wholesale",
             "currency": "CNY"}
            for number in range(SERIES)
        ]  # fmt: skip
        session.execute(insert(SeriesRow), series)
        days = np.arange(epoch_day(DAY) - 365 * YEARS, epoch_day(DAY) + 1, 2)
        for one in series:
            prices = 2 + np.cumsum(rng.normal(0, 0.02, len(days)))
            session.execute(
                insert(ObservationRow),
                [{"series_id": one["id"], "day": int(day), "variety_id": 1, "snapshot_id": 1, "flags": 0,
                  "issued_at": epoch_us(dt.datetime(1970, 1, 1, 23, tzinfo=dt.UTC) + dt.timedelta(days=int(day))),
                  "price_per_kg": round(abs(float(price)) + 0.1, 3), "volume_kg": 1000.0}
                 for day, price in zip(days, prices, strict=True)],
            )  # fmt: skip
        _alerts(session, products)
    return store, f"{products[0]}.m000.0", products[0]


def _alerts(session: object, products: list[str]) -> None:
    subjects = [(products[number % 200], f"m{number // 200:03d}") for number in range(ALERTS)]
    driver = {"signal": "r", "value": 0.6, "line": 0.7, "text_zh": "价格为往年六成", "text_en": "price at 60 %"}
    session.execute(insert(AlertRow), [  # type: ignore[attr-defined]
        {"id": f"{product}.{market}.0", "product_id": product, "place_kind": "market", "place_id": market,
         "raised_at": DAY - dt.timedelta(days=30), "peak_level": 1 + number % 4, "status": "open", "simulated": True}
        for number, (product, market) in enumerate(subjects)])  # fmt: skip
    session.execute(insert(AlertEventRow), [  # type: ignore[attr-defined]
        {"alert_id": f"{product}.{market}.0", "sequence": 1, "kind": "raised", "business_date": DAY, "at": NOW,
         "level": 1 + number % 4, "reason_zh": "升", "reason_en": "up"}
        for number, (product, market) in enumerate(subjects)])  # fmt: skip
    for day, run in ((DAY - dt.timedelta(days=1), 1), (DAY, 2)):
        session.execute(insert(AssessmentRow), [  # type: ignore[attr-defined]
            {"run_id": run, "business_date": day, "product_id": product, "place_kind": "market", "place_id": market,
             "series_id": number + 1 if number < SERIES else None, "level": 1 + number % 4,
             "observed_level": 1 + number % 4, "tier": "T1", "type": "glut", "data_state": "ok", "last_day": day,
             "readings": {"r": 0.6}, "drivers": [driver] * 3, "channels": [], "alert_id": f"{product}.{market}.0",
             "simulated": True}
            for number, (product, market) in enumerate(subjects)])  # fmt: skip


def measured(address: str, path: str, rounds: int) -> tuple[float, float, int]:
    """(median ms, worst ms, bytes) of a page."""
    with httpx2.Client(base_url=address, timeout=60) as client:
        taken = []
        for number in range(rounds + 1):
            begun = time.perf_counter()
            answer = client.get(path)
            if number:
                taken.append(1000 * (time.perf_counter() - begun))
            assert answer.status_code == 200, (path, answer.status_code)
    return statistics.median(taken), max(taken), len(answer.content)


def main() -> None:
    """Fill, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        store, alert, product = filled(Path(folder))
        store.close()
        app = create_app(Settings(home=Path(folder)), clock=lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        series = f"{product}@m000:wholesale"
        pages = ("/", "/alerts", "/alerts?level=red&sort=product&page=3", f"/products/{product}", f"/alerts/{alert}",
                 f"/charts/price.json?series={series}&as_of={DAY}", "/runs", "/words", "/data")  # fmt: skip
        print(f"| page | median ms (asked {ASKED_MS}) | worst ms | kB |\n| --- | ---: | ---: | ---: |")
        for path in pages:
            median, worst, size = measured(address, path, rounds)
            print(f"| `{path}` | {median:.0f} | {worst:.0f} | {size / 1000:.0f} |", flush=True)
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    main()
