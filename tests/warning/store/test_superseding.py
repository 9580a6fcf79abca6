"""`superseded_at` is kept where versions change, and only there."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from warning.store.snapshots import retract
from warning.store.tables import ObservationRow, RetractedObservationRow
from warning.store.types import epoch_us, instant_of

DAY = dt.date(2018, 11, 20)
KNOWN = dt.datetime(2018, 11, 21, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def chain(store, table=ObservationRow):
    """(price, superseded at) of all versions in the order of their issue."""
    with store.session() as session:
        rows = session.scalars(select(table).order_by(table.issued_at, table.snapshot_id)).all()
    return [(row.price_per_kg, row.superseded_at and instant_of(row.superseded_at)) for row in rows]


def test_each_version_is_superseded_when_the_next_one_was_issued(store, upload, line):
    upload(store, [line(DAY, 1.0)], LATER)
    assert chain(store) == [(1.0, None)]
    upload(store, [line(DAY, 2.0)], LATER + HOUR)
    assert chain(store) == [(1.0, LATER + HOUR), (2.0, None)]
    between = KNOWN + HOUR
    upload(store, [line(DAY, 3.0, issued=between)], LATER + 2 * HOUR)
    assert chain(store) == [(1.0, between), (3.0, LATER + HOUR), (2.0, None)]
    upload(store, [line(DAY, 4.0, issued=between)], LATER + 3 * HOUR)
    assert chain(store) == [(1.0, between), (3.0, between), (4.0, LATER + HOUR), (2.0, None)]


def test_a_retraction_closes_the_gap_and_keeps_what_it_takes(store, upload, line):
    upload(store, [line(DAY, 1.0)], LATER)
    second = upload(store, [line(DAY, 2.0)], LATER + HOUR)
    third = upload(store, [line(DAY, 3.0)], LATER + 2 * HOUR)
    retract(store, second.id, at=LATER + 3 * HOUR, reason="")
    assert chain(store) == [(1.0, LATER + 2 * HOUR), (3.0, None)]
    assert chain(store, RetractedObservationRow) == [(2.0, LATER + 2 * HOUR)]
    retract(store, third.id, at=LATER + 4 * HOUR, reason="")
    assert chain(store) == [(1.0, None)]


def test_other_keys_are_left_alone(store, upload, line):
    upload(store, [line(DAY, 1.0), line(DAY, 1.0, variety="Red"), line(DAY, 1.0, series="potato")], LATER)
    upload(store, [line(DAY, 2.0, variety="Red")], LATER + HOUR)
    with store.session() as session:
        superseded = session.scalars(select(ObservationRow.superseded_at)).all()
    assert sorted(superseded, key=str) == [epoch_us(LATER + HOUR), None, None, None]


def test_two_uploads_in_one_session_of_the_process_do_not_meet(store, upload, line):
    """The temporary table of touched keys is gone after each, also where the connection is used again."""
    for number in range(4):
        upload(store, [line(DAY, float(number))], LATER + number * HOUR)
    assert [price for price, _ in chain(store)] == [0.0, 1.0, 2.0, 3.0]
