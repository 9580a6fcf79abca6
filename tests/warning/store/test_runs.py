"""The ledger of runs: a business date is claimed by one process at a time, and taken over from a dead one."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time

import pytest

from warning.errors import Conflict
from warning.store.runs import (
    DEAD_AFTER,
    claim_run,
    confirm_run,
    done_dates,
    fail_run,
    finish_run,
    keep_thresholds,
    release_run,
)
from warning.store.tables import RunRow

DAY = dt.date(2018, 12, 2)
NOW = dt.datetime(2018, 12, 3, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)


def claim(store, by, now=NOW, day=DAY):
    return claim_run(store, "daily", day, known_at=now, now=now, by=by)


def finish(store, held, knowledge="k"):
    with store.writing() as session:
        finish_run(
            session, held, now=NOW, knowledge=knowledge, thresholds_version="t", code_version="c", summary={"n": 1}
        )


def status(store, held):
    with store.session() as session:
        row = session.get_one(RunRow, held.run_id)
        return row.status, row.revision, row.error


def test_a_claim_holds_until_it_ends_or_its_process_is_dead(store):
    mine = claim(store, "one")
    with pytest.raises(Conflict, match="done by one"):
        claim(store, "two", NOW + DEAD_AFTER - TICK)
    theirs = claim(store, "two", NOW + DEAD_AFTER)
    assert theirs.run_id == mine.run_id
    with pytest.raises(Conflict):
        finish(store, mine)
    fail_run(store, mine, now=NOW, error="late")
    assert status(store, mine)[0] == "running"
    finish(store, theirs)
    assert status(store, mine) == ("done", 1, "")
    assert done_dates(store, "daily", since=DAY) == {DAY}


def test_a_date_that_was_done_is_claimed_by_one_at_a_time_too(store):
    finish(store, claim(store, "one"), "first")
    again = claim(store, "two")
    assert (again.knowledge, again.revision) == ("first", 1)
    assert status(store, again)[0] == "done"
    with pytest.raises(Conflict):
        claim(store, "three")
    confirm_run(store, again, knowledge="second", now=NOW)
    third = claim(store, "three")
    assert (third.knowledge, third.revision) == ("second", 1)
    release_run(store, third, now=NOW)
    finish(store, claim(store, "four"), "fourth")
    assert status(store, third) == ("done", 2, "")


def test_a_run_that_failed_is_free_at_once_and_knows_nothing(store):
    finish(store, claim(store, "one"))
    fail_run(store, claim(store, "two"), now=NOW, error="ValueError: no prices")
    assert done_dates(store, "daily", since=DAY) == set()
    again = claim(store, "three")
    assert (again.knowledge, status(store, again)) == ("", ("running", 1, "ValueError: no prices"))


def test_thresholds_are_kept_once(store):
    for _ in range(2):
        with store.writing() as session:
            keep_thresholds(session, "v1", {"blue": 0.9}, NOW)


RACE = """
import datetime as dt, time
from warning.errors import Conflict
from warning.store.engine import open_store
from warning.store.runs import claim_run

store = open_store(url, home=home)
store.migration_state()
ready.set()
won = []
time.sleep(max(0, start - time.time()))
for number in range(count):
    day = first + dt.timedelta(days=number)
    try:
        claim_run(store, "daily", day, known_at=now, now=now, by=by)
        won.append(number)
    except Conflict:
        pass
answers.put((by, won))
"""


@pytest.mark.parametrize("left_by_the_dead", [False, True])
def test_of_two_processes_exactly_one_gets_a_run(store, left_by_the_dead):
    count = 30
    if left_by_the_dead:
        for number in range(count):
            claim(store, "dead", NOW - DEAD_AFTER, DAY + dt.timedelta(days=number))
    store.engine.dispose()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.ingest", "pyarrow", "psycopg"])
    with context.Manager() as manager:
        answers = manager.Queue()
        events = [manager.Event() for _ in range(2)]
        told = {"url": store.url, "home": store.home, "count": count, "first": DAY, "now": NOW, "answers": answers}
        told["start"] = time.time() + 1.0
        ones = [
            context.Process(target=exec, args=(RACE, told | {"by": f"process {number}", "ready": ready}))
            for number, ready in enumerate(events)
        ]
        for one in ones:
            one.start()
        for one in ones:
            one.join(60)
        assert [one.exitcode for one in ones] == [0, 0]
        won = dict(answers.get(timeout=5) for _ in ones)
    taken = [number for numbers in won.values() for number in numbers]
    assert sorted(taken) == list(range(count)), won
