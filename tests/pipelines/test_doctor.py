"""`changxiao doctor`: late data and a missing forecast are told, with what to do."""

from __future__ import annotations

import datetime as dt

import growing
import pytest
from sqlalchemy import select

from pipelines.doctor import Finding, findings
from warning.store.artifacts import ArtifactFacts, keep_artifact
from warning.store.settings import Settings
from warning.store.tables import RunRow


@pytest.fixture
def told(store):
    """A function that gives the finding whose words begin so, or None."""
    growing.judged(store)
    settings = Settings(home=store.home, database_url=store.url)

    def find(words: str) -> Finding | None:
        return next((one for one in findings(settings, growing.NOW) if words in one.what), None)

    return find


def test_stale_subjects_are_counted_once_a_run_found_some(store, told):
    assert told("rest on stale data") is None
    with store.writing() as session:
        for run in session.scalars(select(RunRow)):
            run.summary = {**run.summary, "data_states": {"ok": 1000, "stale": 7}}

    found = told("rest on stale data")

    assert found is not None
    assert (found.weight, "7 of the 1,007" in found.what) == (1, True)
    assert "/data" in found.todo


def test_a_store_without_a_released_model_is_told_to_fit(store, told):
    missing = told("no forecast model")
    assert missing is not None
    assert (missing.weight, "changxiao fit" in missing.todo) == (1, True)
    sunday = dt.date(2018, 11, 25)
    keep_artifact(
        store,
        b"trees",
        ArtifactFacts("spell_risk", sunday, sunday, sunday, 2, 2, "0.1.0", growing.NOW, {}, "released", ""),
    )

    assert told("no forecast model") is None
    released = told("knows prices up to 2018-11-25")
    assert released is not None
    assert released.weight == 0


def test_an_old_run_is_a_note_and_a_fresh_one_is_well(store):
    growing.judged(store)
    settings = Settings(home=store.home, database_url=store.url)
    late, soon = (
        next(one for one in findings(settings, now) if "newest judged day" in one.what)
        for now in (growing.NOW, growing.NOW - dt.timedelta(days=6))
    )

    assert (late.weight, late.todo) == (1, "changxiao run")
    assert (soon.weight, soon.todo) == (0, "")
