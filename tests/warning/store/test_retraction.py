"""Taking an upload back: as if it had not been, while what was known in between is still answered."""

from __future__ import annotations

import datetime as dt

import pytest

from warning.errors import Conflict, NotFound
from warning.store.markets import close_markets, closures
from warning.store.observations import read_panel
from warning.store.reports import add_report, reports_as_of
from warning.store.series import Knowledge, observations
from warning.store.snapshots import RawBytes, open_snapshot, retract
from warning.store.stock import Wanted, present_report, reports

DAY = dt.date(2018, 11, 20)
KNOWN = dt.datetime(2018, 11, 21, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TICK = dt.timedelta(microseconds=1)
SERIES = "onion@in-test-alpha:wholesale"


def price(store, as_of, received_before=None):
    panel = read_panel(store, as_of=as_of, received_before=received_before, few=True)
    with store.session() as session:
        page = observations(session, SERIES, Knowledge(as_of, received_before), limit=1000)
    assert panel.price.tolist() == [one.price_per_kg for one in page.items]
    return panel.price[0] if len(panel) else None


def test_a_retracted_upload_is_read_between_receipt_and_retraction_only(store, upload, line):
    taken = upload(store, [line(DAY, 5.0)], LATER)
    assert retract(store, taken.id, at=LATER + HOUR, reason="wrong file") == 1
    told = [price(store, at) for at in (KNOWN, LATER - TICK, LATER, LATER + HOUR - TICK, LATER + HOUR)]
    assert told == [None, None, 5.0, 5.0, None]


def test_by_receipt_it_is_there_for_whoever_asks_what_we_had_then(store, upload, line):
    taken = upload(store, [line(DAY, 5.0)], LATER)
    retract(store, taken.id, at=LATER + 2 * HOUR, reason="wrong file")
    assert price(store, KNOWN, received_before=LATER + HOUR) == 5.0
    assert price(store, KNOWN, received_before=LATER + 2 * HOUR) is None


def test_after_a_retraction_the_store_is_as_if_the_upload_had_not_been(stores, store, upload, line, content, tmp_path):
    """Whatever came before and after it: compared with a store that never saw it, for an as-of after all of it."""
    clean = stores.make(tmp_path / "clean")
    first = [line(DAY, 5.0), line(DAY, 7.0, variety="Red")]
    last = [line(DAY, 8.0), line(DAY + dt.timedelta(days=1), 3.0)]
    for target in (store, clean):
        upload(target, first, LATER)
    mistake = upload(store, [line(DAY, 99.0), line(DAY, 98.0, variety="White")], LATER + HOUR)
    for target in (store, clean):
        upload(target, last, LATER + 2 * HOUR)
    assert retract(store, mistake.id, at=LATER + 3 * HOUR, reason="tenfold") == 2
    for at in (KNOWN, LATER - TICK, LATER + 3 * HOUR, LATER + 9 * HOUR):
        left, right = (read_panel(target, as_of=at, few=True) for target in (store, clean))
        assert (left.day.tolist(), left.price.tolist()) == (right.day.tolist(), right.price.tolist())
    assert price(store, LATER + HOUR) == 98.0  # the median of 99, 7 and 98, as was known then
    stores.discard(clean)


def test_the_correction_of_a_mistake_becomes_the_first_version(store, upload, line):
    """Else a whole past would be lost where the right archive was taken in before the wrong one was taken back."""
    mistake = upload(store, [line(DAY, 50.0)], LATER)
    upload(store, [line(DAY, 5.0)], LATER + HOUR)
    retract(store, mistake.id, at=LATER + 2 * HOUR, reason="per quintal")
    told = [price(store, at) for at in (KNOWN - TICK, KNOWN, LATER - TICK, LATER, LATER + HOUR, LATER + 2 * HOUR)]
    assert told == [None, 5.0, 5.0, 50.0, 5.0, 5.0]


def test_a_version_under_the_mistake_holds_again(store, upload, line):
    upload(store, [line(DAY, 5.0)], LATER)
    mistake = upload(store, [line(DAY, 50.0)], LATER + HOUR)
    retract(store, mistake.id, at=LATER + 2 * HOUR, reason="")
    assert [price(store, LATER + number * HOUR) for number in (0, 1, 2)] == [5.0, 50.0, 5.0]


def test_what_was_taken_back_may_be_taken_in_again(store, upload, line):
    said = [line(DAY, 5.0)]
    taken = upload(store, said, LATER, sha256="a" * 64)
    retract(store, taken.id, at=LATER + HOUR, reason="")
    again = upload(store, said, LATER + 2 * HOUR, sha256="a" * 64)
    assert again.stored.accepted.all()
    assert price(store, KNOWN) == 5.0
    retract(store, again.id, at=LATER + 3 * HOUR, reason="")
    assert price(store, LATER + 3 * HOUR) is None


def test_all_versions_of_a_snapshot_go_at_once_and_are_counted(store, upload, line):
    issued = [KNOWN + dt.timedelta(days=number) for number in range(3)]
    taken = upload(store, [line(DAY, 1.0 + number, issued=at) for number, at in enumerate(issued)], LATER)
    assert retract(store, taken.id, at=LATER + HOUR, reason="") == 3
    assert price(store, LATER + HOUR) is None


def test_twice_is_a_conflict_and_what_never_was_is_not_found(store, upload, line):
    taken = upload(store, [line(DAY, 5.0)], LATER)
    retract(store, taken.id, at=LATER + HOUR, reason="")
    with pytest.raises(Conflict, match="already"):
        retract(store, taken.id, at=LATER + 2 * HOUR, reason="")
    with pytest.raises(NotFound, match="no snapshot 4711"):
        retract(store, 4711, at=LATER, reason="")
    assert price(store, LATER) == 5.0


def _snapshot(session, received, sha256="b" * 64):
    return open_snapshot(
        session,
        RawBytes("b", sha256, 1),
        feed="township",
        name="t.xlsx",
        received_at=received,
        received_by="",
        simulated=False,
    )


def _report(session, stock, issued, *, snapshot=None, corrected=None):
    return add_report(
        session,
        township_id="500155104",
        product_id="pomelo-liangping",
        day=DAY,
        issued_at=issued,
        corrected_at=corrected,
        snapshot_id=snapshot,
        stock_t=stock,
    )


def _stock(store, as_of):
    """Stock as known then, by the run's reader and by the service's, which must agree."""
    frame = reports_as_of(store, as_of=as_of, first_day=DAY, last_day=DAY)
    with store.session() as session:
        page = reports(session, Wanted(as_of=as_of), now=LATER, limit=10, cursor=None)
    assert frame["stock_t"].tolist() == [one.values["stock_t"] for one in page.items]
    return frame["stock_t"].tolist()


def test_closures_and_reports_go_with_their_upload(store):
    evening = dt.datetime(2018, 11, 20, 12, tzinfo=dt.UTC)
    with store.writing() as session:
        number = _snapshot(session, LATER)
        close_markets(session, {("in-test-alpha", DAY)}, number)
        _report(session, 40.0, evening, snapshot=number, corrected=LATER)
    assert _stock(store, evening) == [40.0]
    with store.session() as session:
        assert closures(session) == {"in-test-alpha": {DAY}}
    assert retract(store, number, at=LATER + HOUR, reason="") == 1
    told = [_stock(store, at) for at in (evening, LATER - TICK, LATER, LATER + HOUR)]
    assert told == [[], [], [40.0], []]
    with store.session() as session:
        assert closures(session) == {}
        with pytest.raises(NotFound):
            present_report(session, township_id="500155104", product_id="pomelo-liangping", lot="", day=DAY)


def test_the_report_under_a_retracted_one_holds_again(store):
    evening = dt.datetime(2018, 11, 20, 12, tzinfo=dt.UTC)
    with store.writing() as session:
        assert _report(session, 40.0, evening) is not None
        assert _report(session, 40.0, evening + HOUR) is None
    with store.writing() as session:
        number = _snapshot(session, LATER)
        _report(session, 90.0, evening, snapshot=number, corrected=LATER)
    assert [_stock(store, at) for at in (evening, LATER - TICK, LATER)] == [[40.0], [40.0], [90.0]]
    retract(store, number, at=LATER + HOUR, reason="")
    assert [_stock(store, at) for at in (evening, LATER, LATER + HOUR)] == [[40.0], [90.0], [40.0]]
    with store.writing() as session:
        held = present_report(session, township_id="500155104", product_id="pomelo-liangping", lot="", day=DAY)
        assert held.values["stock_t"] == 40.0
        assert _report(session, 40.0, LATER + 2 * HOUR) is None
        assert _report(session, 35.0, LATER + 2 * HOUR) is not None
    assert _stock(store, LATER + 2 * HOUR) == [35.0]


def test_a_workbook_read_again_does_not_undo_a_report_filed_since(store):
    evening = dt.datetime(2018, 11, 20, 12, tzinfo=dt.UTC)
    with store.writing() as session:
        _report(session, 40.0, evening, snapshot=_snapshot(session, LATER), corrected=LATER)
        _report(session, 30.0, LATER + HOUR)
        again = _report(session, 40.0, evening, snapshot=_snapshot(session, LATER), corrected=LATER + 2 * HOUR)
    assert again is None
    assert _stock(store, LATER + 2 * HOUR) == [30.0]
