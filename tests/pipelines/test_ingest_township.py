"""The township workbook, from the template over a filled copy to reports in the store and their corrections."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
from sqlalchemy import select
from store_digest import digests

from pipelines.feeds.township_columns import COLUMNS
from pipelines.ingest import ingest_upload
from pipelines.township_template import HEADING_ROW, write_template
from warning.reference import load_catalog
from warning.store.engine import Store
from warning.store.ledger import source_names
from warning.store.reports import reports_as_of
from warning.store.snapshots import retract
from warning.store.tables import ReportRow, SnapshotRow

NOW = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)
EVENING = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
POMELO = {
    "township": "合兴街道", "product": "梁平柚", "lot": "早熟", "day": DAY, "stock_t": 120, "sold_t": 80,
    "marketable_t": 300, "farm_gate_price_per_kg": 1.2, "bids_received": "无", "shelf_life_days": 60,
    "harvest_from": dt.date(2026, 11, 1), "note": "柚园积压", "reported_by": "张三",
}  # fmt: skip
CABBAGE = {"township": "礼让镇", "product": "包菜", "day": DAY, "stock_t": 30}


def workbook(*reports: dict[str, object]) -> bytes:
    """The template, filled in by an officer."""
    target = io.BytesIO()
    write_template(target, load_catalog(), today=NOW.date())
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    for row, report in enumerate(reports, start=HEADING_ROW + 2):
        for place, column in enumerate(COLUMNS, start=1):
            book["填报"].cell(row, place).value = report.get(column.name)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def take_in(store: Store, *books: bytes, at: dt.datetime = NOW, **how):
    files = [(f"填报{number}.xlsx", book) for number, book in enumerate(books)]
    return ingest_upload(store, "township", files, received_at=at, **how)


def known(store: Store, as_of: dt.datetime):
    return reports_as_of(store, as_of=as_of, first_day=DAY, last_day=DAY + dt.timedelta(days=9))


def test_a_filled_template_becomes_reports(store):
    report = take_in(store, workbook(POMELO, CABBAGE))
    assert (report.accepted, report.repeated, report.rejected) == (2, 0, 0)
    held = known(store, NOW)
    assert dict(zip(held["product_id"], held["stock_t"], strict=True)) == {"pomelo-liangping": 120, "cabbage": 30}
    pomelo = held[held["product_id"] == "pomelo-liangping"].iloc[0]
    assert (pomelo["lot"], pomelo["note"], pomelo["farm_gate_price_per_kg"]) == ("早熟", "柚园积压", 1.2)
    assert pomelo["bids_received"] is False or not pomelo["bids_received"]
    assert pomelo["township_id"].startswith("500155")
    assert held["planned_storage_t"].isna().all(), "what was left open is unknown, no zero"
    assert known(store, EVENING - dt.timedelta(hours=1)).empty, "known in the evening of its day"


def test_the_same_workbook_again_changes_nothing(store):
    book = workbook(POMELO, CABBAGE)
    take_in(store, book)
    before = digests(store)
    again = take_in(store, book, at=NOW + dt.timedelta(days=1))
    assert (again.snapshot_id, again.accepted, again.repeated) == (None, 0, 2)
    assert digests(store) == before


def test_a_correction_adds_a_version_and_what_was_known_stays_known(store):
    take_in(store, workbook(POMELO, CABBAGE))
    later = NOW + dt.timedelta(days=1)
    report = take_in(store, workbook(POMELO | {"stock_t": 90}, CABBAGE), at=later)
    assert (report.accepted, report.repeated) == (1, 1)
    at = {"before": later - dt.timedelta(minutes=1), "after": later}
    stock = {name: known(store, when).set_index("product_id")["stock_t"] for name, when in at.items()}
    assert stock["before"]["pomelo-liangping"] == 120
    assert stock["after"]["pomelo-liangping"] == 90
    assert stock["after"]["cabbage"] == 30
    with store.session() as session:
        versions = session.scalars(select(ReportRow).where(ReportRow.lot == "早熟").order_by(ReportRow.id)).all()
    assert [(row.stock_t, row.issued_at, row.superseded_at) for row in versions] == [
        (120, EVENING, later),
        (90, later, None),
    ]
    retract(store, report.snapshot_id, at=later + dt.timedelta(hours=1), reason="wrong workbook")
    held = known(store, later + dt.timedelta(hours=1)).set_index("product_id")["stock_t"]
    assert held["pomelo-liangping"] == 120


def test_an_unknown_township_is_rejected_with_candidates(store):
    report = take_in(store, workbook(POMELO | {"township": "合新街道"}, CABBAGE | {"product": "火星菜"}, CABBAGE))
    assert report.accepted == 1
    assert report.reasons == {"unknown_township": 1, "unknown_product": 1}
    township, product = report.rejected_lines
    assert (township.line, product.line) == (HEADING_ROW + 2, HEADING_ROW + 3)
    assert "合新街道" in township.detail
    assert "合新街道" in township.text
    with store.session() as session:
        names = source_names(session, kind="township", feed="township", decided=None, limit=9, cursor=None).items
    assert [name.name for name in names] == ["合新街道"]
    catalog = load_catalog()
    assert "合兴街道" in [catalog.townships[guess["id"]].name_zh for guess in names[0].candidates]


def test_two_workbooks_that_contradict_each_other_do_not_both_hold(store):
    same = workbook(CABBAGE)
    report = take_in(store, same, same, workbook(CABBAGE | {"stock_t": 31}))
    assert (report.accepted, report.repeated, report.reasons) == (1, 1, {"conflicting_repeat": 1})
    assert report.rejected_lines[0].file == "填报2.xlsx"
    assert known(store, NOW)["stock_t"].tolist() == [30]


def test_a_report_of_the_day_may_be_filed_just_after_midnight_in_shanghai(store):
    early = dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC)
    today = workbook(CABBAGE | {"day": dt.date(2026, 11, 25)})
    assert take_in(store, today, at=early).accepted == 1
    report = take_in(store, workbook(CABBAGE | {"day": dt.date(2026, 11, 26)}), at=early)
    assert (report.accepted, report.rejected) == (0, 1)


def test_simulated_reports_are_marked(store):
    take_in(store, workbook(CABBAGE), simulated=True)
    take_in(store, workbook(POMELO))
    with store.session() as session:
        rows = session.execute(select(ReportRow.product_id, ReportRow.simulated)).all()
        assert dict(rows) == {"cabbage": True, "pomelo-liangping": False}
        assert session.scalars(select(SnapshotRow.simulated).order_by(SnapshotRow.id)).all() == [True, False]
    held = known(store, NOW).set_index("product_id")["simulated"]
    assert held.to_dict() == {"cabbage": True, "pomelo-liangping": False}
