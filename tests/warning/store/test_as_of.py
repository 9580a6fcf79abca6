"""The as-of rules: what was known when, after corrections, repeats and late versions."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from warning.quality import Quality
from warning.store.observations import read_panel
from warning.store.series import Knowledge, observations
from warning.store.types import day_of

NAN = float("nan")
DAY = dt.date(2018, 11, 20)
KNOWN = dt.datetime(2018, 11, 21, tzinfo=dt.UTC)
"""The assumed issue time of DAY."""
LATER = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TICK = dt.timedelta(microseconds=1)
SERIES = "onion@in-test-alpha:wholesale"


def price(store, as_of, received_before=None, day=DAY):
    """The price of the day as known then, by the run's reader and by the service's, which must agree."""
    panel = read_panel(store, as_of=as_of, received_before=received_before, few=True)
    told = {day_of(int(at)): value for at, value in zip(panel.day, panel.price, strict=True)}
    with store.session() as session:
        page = observations(session, SERIES, Knowledge(as_of, received_before), limit=1000)
    assert told == pytest.approx({one.day: one.price_per_kg for one in page.items})
    return told.get(day)


def issue_flags(store, as_of):
    panel = read_panel(store, as_of=as_of, few=True)
    return Quality(int(panel.flags[0])) & (Quality.ISSUE_ASSUMED | Quality.ISSUE_RECEIVED)


def test_a_first_version_was_known_when_such_values_usually_are(store, upload, line):
    upload(store, [line(DAY, 5.0)], LATER)
    assert price(store, KNOWN - TICK) is None
    assert price(store, KNOWN) == 5.0
    assert issue_flags(store, KNOWN) == Quality.ISSUE_ASSUMED


def test_a_correction_is_known_from_its_receipt_and_overwrites_nothing(store, upload, line):
    upload(store, [line(DAY, 5.0)], LATER)
    upload(store, [line(DAY, 6.0)], LATER + HOUR)
    assert price(store, LATER + HOUR - TICK) == 5.0
    assert price(store, LATER + HOUR) == 6.0
    assert price(store, KNOWN) == 5.0
    assert issue_flags(store, LATER + HOUR) == Quality.ISSUE_RECEIVED


def test_a_later_version_takes_the_time_that_its_source_states(store, upload, line):
    stated = KNOWN + dt.timedelta(days=3)
    upload(store, [line(DAY, 5.0)], LATER)
    upload(store, [line(DAY, 6.0, issued=stated)], LATER + HOUR)
    assert (price(store, stated - TICK), price(store, stated)) == (5.0, 6.0)
    assert issue_flags(store, stated) == Quality.OK


def test_what_had_reached_us_is_another_question(store, upload, line):
    stated = KNOWN + dt.timedelta(days=3)
    upload(store, [line(DAY, 5.0)], LATER)
    upload(store, [line(DAY, 6.0, issued=stated)], LATER + HOUR)
    assert price(store, stated, received_before=LATER - TICK) is None
    assert price(store, stated, received_before=LATER) == 5.0
    assert price(store, stated, received_before=LATER + HOUR) == 6.0
    assert price(store, stated - TICK, received_before=LATER + HOUR) == 5.0


def test_of_two_versions_issued_at_once_the_last_received_holds(store, upload, line):
    upload(store, [line(DAY, 5.0, issued=KNOWN)], LATER)
    upload(store, [line(DAY, 6.0, issued=KNOWN)], LATER + HOUR)
    assert price(store, KNOWN) == 6.0
    assert price(store, KNOWN, received_before=LATER) == 5.0


def test_a_version_that_comes_late_takes_its_place_among_the_others(store, upload, line):
    first, second, third = (KNOWN + dt.timedelta(days=number) for number in (1, 2, 3))
    upload(store, [line(DAY, 1.0, issued=first)], LATER)
    upload(store, [line(DAY, 3.0, issued=third)], LATER + HOUR)
    upload(store, [line(DAY, 2.0, issued=second)], LATER + 2 * HOUR)
    assert [price(store, moment) for moment in (first, second, third, LATER)] == [1.0, 2.0, 3.0, 3.0]


def test_several_issue_times_may_stand_in_one_upload(store, upload, line):
    issued = [KNOWN + dt.timedelta(days=number) for number in (2, 0, 1)]
    taken = upload(store, [line(DAY, 5.0 + number, issued=at) for number, at in enumerate(issued)], LATER)
    assert taken.stored.accepted.all()
    assert [price(store, at) for at in sorted(issued)] == [6.0, 7.0, 5.0]


def test_one_issue_time_with_two_numbers_is_a_conflict_and_the_first_holds(store, upload, line):
    taken = upload(store, [line(DAY, 5.0), line(DAY, 6.0), line(DAY, 5.0)], LATER)
    masks = (taken.stored.accepted, taken.stored.conflicting, taken.stored.repeated)
    assert [mask.tolist() for mask in masks] == [[True, False, False], [False, True, False], [False, False, True]]
    assert price(store, LATER) == 5.0


def test_what_is_said_again_is_a_repeat(store, upload, line):
    said = [line(DAY, 5.0, 100.0), line(DAY, NAN, NAN, "Red"), line(DAY + dt.timedelta(days=1), 6.0, issued=LATER)]
    upload(store, said, LATER)
    before = read_panel(store, as_of=LATER, few=True)
    again = upload(store, said, LATER + HOUR)
    assert again.stored.repeated.all()
    after = read_panel(store, as_of=LATER + 2 * HOUR, few=True)
    np.testing.assert_array_equal(after.price, before.price)


def test_an_old_archive_read_again_does_not_undo_a_correction(store, upload, line):
    archive = [line(DAY, 5.0), line(DAY + dt.timedelta(days=1), 8.0)]
    upload(store, archive, LATER, sha256="a" * 64)
    upload(store, [line(DAY, 6.0)], LATER + HOUR)
    again = upload(store, archive, LATER + 2 * HOUR, sha256="a" * 64)
    assert again.stored.repeated.all()
    assert price(store, LATER + 2 * HOUR) == 6.0


def test_other_bytes_that_say_the_old_value_again_are_a_later_version(store, upload, line):
    upload(store, [line(DAY, 5.0)], LATER)
    upload(store, [line(DAY, 6.0)], LATER + HOUR)
    upload(store, [line(DAY, 5.0)], LATER + 2 * HOUR)
    assert (price(store, LATER + HOUR), price(store, LATER + 2 * HOUR)) == (6.0, 5.0)


def test_a_correction_beside_a_version_stated_for_the_time_of_receipt(store, upload, line):
    upload(store, [line(DAY, 5.0)], LATER)
    taken = upload(store, [line(DAY, 6.0), line(DAY, 7.0, issued=LATER + HOUR)], LATER + HOUR)
    assert taken.stored.accepted.tolist() == [True, False]
    assert taken.stored.conflicting.tolist() == [False, True]
    assert price(store, LATER + HOUR) == 6.0


def test_varieties_are_corrected_one_by_one(store, upload, line):
    upload(store, [line(DAY, 4.0, 10.0, "Red"), line(DAY, 6.0, NAN, "White"), line(DAY, 11.0, NAN, "Local")], LATER)
    upload(store, [line(DAY, 8.0, 10.0, "White")], LATER + HOUR)
    panel = read_panel(store, as_of=LATER, few=True)
    assert (panel.price.tolist(), panel.volume.tolist()) == ([6.0], [10.0])
    panel = read_panel(store, as_of=LATER + HOUR, few=True)
    assert (panel.price.tolist(), panel.volume.tolist()) == ([8.0], [20.0])


def test_a_number_that_is_missing_is_missing_on_both_databases(store, upload, line):
    upload(store, [line(DAY, NAN, 10.0), line(DAY + dt.timedelta(days=1), 3.0, NAN)], LATER)
    panel = read_panel(store, as_of=LATER, few=True)
    np.testing.assert_array_equal(panel.price, [NAN, 3.0])
    np.testing.assert_array_equal(panel.volume, [10.0, NAN])


@pytest.mark.parametrize("received_before", [None, LATER + HOUR])
def test_the_bulk_reader_reads_what_the_short_way_reads(store, upload, line, received_before):
    lines = [
        line(DAY - dt.timedelta(days=back), 5.0 + back, NAN if back % 3 else 100.0, variety, product)
        for product in ("onion", "potato")
        for variety in ("", "Red")
        for back in range(40)
    ]
    upload(store, lines, LATER)
    upload(store, [one._replace(price=9.0) for one in lines[::7]], LATER + HOUR)
    ways = [
        read_panel(
            store,
            as_of=LATER + HOUR,
            received_before=received_before,
            series_ids=np.array([1, 2]),
            first_day=17_800,
            last_day=17_850,
            few=few,
        )
        for few in (False, True)
    ]
    assert len(ways[0]) > 50
    for name in ("series_id", "day", "price", "volume", "flags"):
        bulk, short = (getattr(way, name) for way in ways)
        np.testing.assert_array_equal(bulk, short)
        assert bulk.dtype == short.dtype


def test_a_panel_of_no_series_is_empty(store, upload, line):
    upload(store, [line(DAY, 5.0)], LATER)
    panel = read_panel(store, as_of=LATER, series_ids=np.array([], dtype=np.int64), few=True)
    assert len(panel) == 0
    whole = read_panel(store, as_of=LATER, few=True)
    price_frame, volume_frame = whole.wide(np.array([], dtype=np.int64), first_day=17_800, last_day=17_802)
    assert price_frame.shape == volume_frame.shape == (3, 0)
