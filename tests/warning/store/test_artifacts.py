"""Trained models: kept once, read back only as they were kept, and used only from their day on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import pytest

from warning.errors import DamagedArtifact, NotFound
from warning.store.artifacts import (
    ArtifactFacts,
    decide_artifact,
    find_artifact,
    keep_artifact,
    list_artifacts,
    read_artifact,
    released_as_of,
)
from warning.store.forecast_lines import ForecastLine, forecast_lines_of, write_forecast_lines
from warning.store.releases import Release, release_for, releases_of, write_releases

SUNDAY = dt.date(2018, 11, 25)
WEEK = dt.timedelta(weeks=1)
NOW = dt.datetime(2018, 11, 26, tzinfo=dt.UTC)
FACTS = ArtifactFacts(
    kind="spell_risk",
    as_of=SUNDAY,
    data_first=dt.date(2010, 1, 4),
    data_last=SUNDAY,
    series=1700,
    rows=3_000_000_000,
    code_version="0.1.0",
    made_at=NOW,
    skill={"roc_auc": 0.94, "brier_skill": float("nan")},
    status="released",
    reason="better than the rule at every horizon",
)


def facts(**other):
    return dataclasses.replace(FACTS, **other)


def test_bytes_are_kept_by_their_digest_and_come_back(store):
    content = b"\x00trees" * 1000
    kept = keep_artifact(store, content, FACTS)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (kept.path, kept.size) == (f"models/{kept.sha256}", len(content))
    assert (store.home / kept.path).read_bytes() == content
    assert [path.name for path in (store.home / "models").iterdir()] == [kept.sha256]
    assert read_artifact(store, kept.sha256) == content
    with store.session() as session:
        found = find_artifact(session, kept.sha256)
    assert (found.rows, found.made_at, found.as_of) == (3_000_000_000, NOW, SUNDAY)
    assert found.skill == {"roc_auc": 0.94, "brier_skill": None}


@pytest.mark.parametrize("harm", ["changed", "cut", "emptied", "gone", "a folder"])
def test_a_file_that_is_not_what_was_kept_is_refused(store, harm):
    kept = keep_artifact(store, b"trees", FACTS)
    path = store.home / kept.path
    if harm in {"gone", "a folder"}:
        path.unlink()
    else:
        path.write_bytes({"changed": b"Trees", "cut": b"tree", "emptied": b""}[harm])
    if harm == "a folder":
        path.mkdir()
    with pytest.raises(DamagedArtifact, match="changxiao fit --as-of 2018-11-25") as told:
        read_artifact(store, kept.sha256)
    assert told.value.where == str(path)


def test_the_same_bytes_again_mend_the_file_and_are_one_artifact(store):
    kept = keep_artifact(store, b"trees", FACTS)
    (store.home / kept.path).write_bytes(b"rotten")
    again = keep_artifact(store, b"trees", facts(status="held", reason="worse than before", made_at=NOW + WEEK))
    assert read_artifact(store, kept.sha256) == b"trees"
    assert (again.status, again.reason, again.made_at) == ("held", "worse than before", NOW)
    with store.session() as session:
        assert list_artifacts(session) == (again,)


def test_the_same_bytes_of_a_later_day_change_nothing_for_the_earlier(store):
    kept = keep_artifact(store, b"trees", FACTS)
    assert keep_artifact(store, b"trees", facts(as_of=SUNDAY + WEEK, status="held")) == kept


def test_a_run_uses_the_newest_released_as_of_its_day(store):
    first = keep_artifact(store, b"1", FACTS)
    second = keep_artifact(store, b"2", facts(as_of=SUNDAY + 2 * WEEK))
    held = keep_artifact(store, b"3", facts(as_of=SUNDAY + 4 * WEEK, status="held", reason="worse"))
    keep_artifact(store, b"4", facts(kind="price_bands", as_of=SUNDAY + WEEK))
    remade = keep_artifact(store, b"5", facts(as_of=SUNDAY + 2 * WEEK, made_at=NOW + WEEK))

    def used(day):
        with store.session() as session:
            found = released_as_of(session, "spell_risk", day)
        return None if found is None else found.sha256

    assert used(SUNDAY - dt.timedelta(days=1)) is None
    assert used(SUNDAY) == first.sha256
    assert used(SUNDAY + 2 * WEEK - dt.timedelta(days=1)) == first.sha256
    assert used(SUNDAY + 9 * WEEK) == remade.sha256, "of the same day, the one made last"
    with store.writing() as session:
        decide_artifact(session, remade.sha256, "held", "taken back")
        decide_artifact(session, held.sha256, "released", "looked at again")
    assert used(SUNDAY + 3 * WEEK) == second.sha256
    assert used(SUNDAY + 9 * WEEK) == held.sha256
    with store.session() as session:
        newest = [one.sha256 for one in list_artifacts(session, "spell_risk")]
    assert newest == [held.sha256, remade.sha256, second.sha256, first.sha256]


def test_what_was_never_kept_is_not_found(store):
    with pytest.raises(NotFound, match="changxiao fit"):
        read_artifact(store, "0" * 64)
    with pytest.raises(NotFound), store.writing() as session:
        decide_artifact(session, "0" * 64, "held", "")


def test_the_release_table_is_replaced_whole_and_read_in_order(store):
    kept, other = keep_artifact(store, b"1", FACTS), keep_artifact(store, b"2", FACTS)
    every = Release("", 28, "champion", "胜过基线", "beats the baseline", {"brier_skill": 0.4})
    onion = Release("onion", 28, "point", "区间未校准", "its band is not calibrated")
    with store.writing() as session:
        write_releases(session, kept.sha256, [Release("garlic", 28, "baseline", "", "")])
        write_releases(session, other.sha256, [every])
        write_releases(session, kept.sha256, [onion, every])
    with store.session() as session:
        found = releases_of(session, kept.sha256)
        assert found == (every, onion)
        assert releases_of(session, other.sha256) == (every,)
    assert release_for(found, "onion", 28) == onion
    assert release_for(found, "garlic", 28) == every
    assert release_for(found, "onion", 56) is None
    with store.writing() as session:
        write_releases(session, kept.sha256, [])
    with store.session() as session:
        assert releases_of(session, kept.sha256) == ()


def test_level_lines_are_replaced_whole_and_read_in_order(store):
    kept = keep_artifact(store, b"1", FACTS)
    lines = [
        ForecastLine(line, horizon, 0.3, {"pod": 0.8, "far": 0.5, "alarms_a_week": 12.5})
        for line in (0.5, 0.9)
        for horizon in (28, 7)
    ]
    with store.writing() as session:
        write_forecast_lines(session, kept.sha256, [ForecastLine(0.7, 7, 0.1)])
        write_forecast_lines(session, kept.sha256, lines)
    with store.session() as session:
        found = forecast_lines_of(session, kept.sha256)
    assert [(one.line, one.horizon_days) for one in found] == [(0.9, 7), (0.9, 28), (0.5, 7), (0.5, 28)]
    assert found[0].figures == {"pod": 0.8, "far": 0.5, "alarms_a_week": 12.5}
