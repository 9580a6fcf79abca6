"""The scheduler as a process: it does what is due, stays up, and stops when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import select

from warning.store.engine import open_store
from warning.store.settings import Settings
from warning.store.tables import RunRow

PATIENCE_S = 60


def test_it_judges_what_is_due_and_stops_on_sigterm(tmp_path: Path) -> None:
    environment = os.environ | {"CHANGXIAO_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "schedule"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert judged_within(tmp_path, scheduler), "nothing was judged in time"
        assert scheduler.poll() is None, "it stays up for the next morning"
        scheduler.send_signal(signal.SIGTERM)
        told, _ = scheduler.communicate(timeout=PATIENCE_S)
    finally:
        scheduler.kill()
        scheduler.wait()
    assert scheduler.returncode == 0, told
    assert "scheduler started" in told


def judged_within(home: Path, scheduler: subprocess.Popen[str]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and scheduler.poll() is None:
        time.sleep(0.2)
        if not (home / "changxiao.sqlite").exists():
            continue
        store = open_store(home=home, settings=Settings(home=home))
        if store.migration_state()[0] is not None:
            with store.session() as session:
                if session.scalars(select(RunRow.status)).all() == ["done"]:
                    store.close()
                    return True
        store.close()
    return False
