"""Spell risks and their reasons: written whole for a day, read in bulk or for one series."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from sqlalchemy.exc import IntegrityError

from warning.store.artifacts import ArtifactFacts, keep_artifact
from warning.store.forecasts import newest_issue_day
from warning.store.observations import series_ids
from warning.store.risk_reasons import RiskReasons, risk_reasons, write_risk_reasons
from warning.store.spell_risks import SpellRisks, latest_spell_risks, spell_risks, write_spell_risks
from warning.store.types import epoch_day

SUNDAY = dt.date(2018, 11, 25)
WEEK = dt.timedelta(weeks=1)
NOW = dt.datetime(2018, 11, 26, tzinfo=dt.UTC)
ONION = "onion@in-test-alpha:wholesale"
GARLIC = "garlic@in-test-alpha:wholesale"
LINES, HORIZONS = (0.5, 0.7, 0.8, 0.9), (7, 14, 28, 56)


@pytest.fixture
def series(store, upload, line):
    """The ids of two series."""
    upload(store, [line(SUNDAY, 5.0, series=name) for name in ("onion", "garlic")], NOW)
    with store.session() as session:
        return series_ids(session)


@pytest.fixture
def artifact(store):
    """The digest of a released model."""
    facts = ArtifactFacts("spell_risk", SUNDAY, SUNDAY, SUNDAY, 2, 2, "0.1.0", NOW, {}, "released", "")
    return keep_artifact(store, b"trees", facts).sha256


def risks_of(*ids, base=0.1, champion=True):
    """Risks at every line and horizon of these series."""
    grid = [(number, line, horizon) for number in ids for line in LINES for horizon in HORIZONS]
    number, line, horizon = (np.array(column) for column in zip(*grid, strict=True)) if grid else (np.array([]),) * 3
    return SpellRisks(
        series_id=number.astype(np.int64),
        line=line.astype(float),
        horizon_days=horizon.astype(np.int64),
        probability=base + line.astype(float) * horizon / 100,
        speaks=np.where((horizon < 56) & champion, "champion", "baseline"),
        grade=np.where(line > 0.6, "own", "borrowed"),
    )


def write(store, day, risks, artifact=None):
    with store.writing() as session:
        write_spell_risks(session, day, risks, artifact=artifact)


def test_the_risks_of_one_series_come_by_line_and_horizon(store, series, artifact):
    write(store, SUNDAY, risks_of(*series.values()), artifact)
    with store.session() as session:
        found = spell_risks(session, ONION, SUNDAY)
        assert spell_risks(session, ONION, SUNDAY + WEEK) == ()
    assert [(one.line, one.horizon_days) for one in found] == [
        (line, horizon) for line in reversed(LINES) for horizon in HORIZONS
    ]
    first, last = found[0], found[-1]
    assert (first.probability, first.speaks, first.grade, first.artifact) == (
        pytest.approx(0.163), "champion", "own", artifact,
    )  # fmt: skip
    assert (last.speaks, last.grade, last.artifact) == ("baseline", "borrowed", None)


def test_a_day_is_written_whole(store, series, artifact):
    for day in (SUNDAY, SUNDAY + WEEK):
        write(store, day, risks_of(*series.values()), artifact)
    write(store, SUNDAY, risks_of(series[ONION], base=0.2, champion=False))
    with store.session() as session:
        assert {one.speaks for one in spell_risks(session, ONION, SUNDAY)} == {"baseline"}
        assert spell_risks(session, GARLIC, SUNDAY) == ()
        assert len(spell_risks(session, GARLIC, SUNDAY + WEEK)) == 16
    write(store, SUNDAY, risks_of())
    with store.session() as session:
        assert spell_risks(session, ONION, SUNDAY) == ()


@pytest.mark.parametrize("few", [True, False])
def test_each_series_newest_risks_come_as_columns(store, series, artifact, few):
    write(store, SUNDAY, risks_of(*series.values()), artifact)
    write(store, SUNDAY + WEEK, risks_of(series[ONION], base=0.2, champion=False))
    write(store, SUNDAY + 2 * WEEK, risks_of(*series.values(), base=0.3), artifact)
    found = latest_spell_risks(store, SUNDAY + WEEK, few=few)
    order = np.lexsort((found.horizon_days, found.line, found.series_id))
    assert order.tolist() == list(range(32))
    onion = found.series_id == series[ONION]
    assert set(found.issue_day[onion]) == {epoch_day(SUNDAY + WEEK)}
    assert set(found.issue_day[~onion]) == {epoch_day(SUNDAY)}
    expected = risks_of(series[GARLIC])
    for name in ("line", "horizon_days", "probability", "speaks", "grade"):
        assert getattr(found, name)[~onion].tolist() == pytest.approx(getattr(expected, name).tolist()), name
    assert set(found.speaks[onion]) == {"baseline"}
    recent = latest_spell_risks(store, SUNDAY + WEEK, since=SUNDAY + WEEK, few=few)
    assert set(recent.series_id) == {series[ONION]}


@pytest.mark.parametrize("few", [True, False])
def test_no_risks_are_empty_columns(store, few):
    found = latest_spell_risks(store, SUNDAY, few=few)
    assert [len(getattr(found, field.name)) for field in dataclasses.fields(found)] == [0] * 7


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("probability", float("nan"), "no probability: nan"),
        ("probability", 1.01, "no probability: 1.01"),
        ("probability", -0.1, "no probability"),
        ("speaks", "point", "'point'"),
        ("grade", "long", "'long'"),
    ],
)
def test_what_is_no_risk_is_refused_and_the_old_stays(store, series, artifact, field, value, told):
    write(store, SUNDAY, risks_of(series[ONION]), artifact)
    faulty = risks_of(series[ONION])
    column = getattr(faulty, field).copy()
    column[3] = value
    with pytest.raises(ValueError, match=told):
        write(store, SUNDAY, dataclasses.replace(faulty, **{field: column}), artifact)
    with pytest.raises(ValueError, match="no artifact is named"):
        write(store, SUNDAY, faulty)
    with store.session() as session:
        assert len(spell_risks(session, ONION, SUNDAY)) == 16


def test_a_risk_of_an_unknown_model_or_series_is_refused(store, series):
    for risks, sha256 in ((risks_of(series[ONION]), "0" * 64), (risks_of(999, champion=False), None)):
        with pytest.raises(Exception, match=r"(?i)foreign key") as told:
            write(store, SUNDAY, risks, sha256)
        assert type(told.value).__name__ in {IntegrityError.__name__, "ForeignKeyViolation"}
    assert not len(latest_spell_risks(store, SUNDAY, few=True).line)


def test_reasons_and_cases_are_written_whole_for_a_day(store, series):
    reason = {"signal": "momentum", "value": -0.12, "weight": 0.4, "text_zh": "四周跌一成二", "text_en": "12 % down"}
    case = {"series": GARLIC, "day": "2016-05-01", "next": -0.3, "done": None}
    one = RiskReasons(series[ONION], [reason], [case])
    with store.writing() as session:
        write_risk_reasons(session, SUNDAY, [one, RiskReasons(series[GARLIC], [], [])])
        write_risk_reasons(session, SUNDAY + WEEK, [one])
        write_risk_reasons(session, SUNDAY, [one])
    with store.session() as session:
        assert risk_reasons(session, ONION, SUNDAY) == one
        assert risk_reasons(session, GARLIC, SUNDAY) is None
        assert risk_reasons(session, ONION, SUNDAY + WEEK) == one


def test_the_newest_issue_day_of_prices_or_risks(store, series):
    with store.session() as session:
        assert newest_issue_day(session, ONION) is None
    write(store, SUNDAY, risks_of(*series.values(), champion=False))
    write(store, SUNDAY + WEEK, risks_of(series[GARLIC], champion=False))
    with store.session() as session:
        assert newest_issue_day(session, ONION) == SUNDAY
        assert newest_issue_day(session, GARLIC) == SUNDAY + WEEK
