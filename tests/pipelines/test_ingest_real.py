"""Each feed on the bytes its source really sends: every line accounted for, every rejection one that a reader knows."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from pipelines.ingest import ingest_paths
from warning.quality import Quality
from warning.store.engine import Store, open_store
from warning.store.settings import Settings
from warning.store.tables import ClosureRow, MarketRow, ObservationRow, RejectedRow, SeriesRow

pytestmark = pytest.mark.shared
NOT_ONE_PRODUCT = "not_one_product"
CASES = {
    "taiwan exports": ("taiwan-amis-export", "raw/tw_amis_xls", 28_931, {}),
    "taiwan export": ("taiwan-amis-export", "messy/tw_amis_export_title_rows_subtotal_ROC_dates.xls", 909, {}),
    "taiwan answers": ("taiwan-open-data", "raw/tw_moa_json", 49_427, {NOT_ONE_PRODUCT: 2026}),
    "taiwan silence": ("taiwan-open-data", "messy/tw_json_feed_empty_OK.json", 0, {}),
    "korea": ("korea-arrivals", "raw/kr_garak", 11_756, {"negative_volume": 1}),
    "korea onion": ("korea-arrivals", "messy/kr_garak_arrivals_negative_and_zero.xlsx", 3_910, {"negative_volume": 1}),
    "supermarket": (
        "china-supermarket", "raw/cn_supermarket", 103_094, {"unit_per_piece": 27_174, "negative_volume": 4},
    ),
    "panel of taiwan": ("panel", "tidy/taiwan_amis_winter.parquet", 83_689, {"zero_price": 15}),
    "panel of a breadth of names": (
        "panel", "tidy/taiwan_amis_feed_2026.parquet", 48_347,
        {NOT_ONE_PRODUCT: 743, "conflicting_repeat": 5, "zero_price": 2},
    ),
    "panel of korea": ("panel", "tidy/korea_garak.parquet", 93_955, {NOT_ONE_PRODUCT: 3377, "negative_volume": 8}),
    "panel of the supermarket": (
        "panel", "tidy/china_supermarket_2023C.parquet", 55_982, {NOT_ONE_PRODUCT: 954, "negative_volume": 4},
    ),
}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    store = open_store(home=tmp_path, settings=Settings(home=tmp_path), migrate=True)
    yield store
    store.close()


def count(store: Store, table: type, *where: object) -> int:
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where))


@pytest.mark.parametrize("case", CASES)
def test_every_line_is_accounted_for_and_every_name_understood(shared_data, store, case):
    feed, path, lines, reasons = CASES[case]
    report = ingest_paths(store, feed, [shared_data / path])
    assert report.lines_read == lines
    assert report.reasons == reasons
    assert report.unknown_names == ()
    assert report.accepted + report.repeated + report.rejected + sum(report.non_data.values()) == lines
    assert count(store, ObservationRow) == report.accepted
    assert count(store, RejectedRow) == report.rejected
    assert all(line.file and line.line > 0 and line.detail and line.text for line in report.rejected_lines)
    before = report.accepted
    again = ingest_paths(store, feed, [shared_data / path])
    assert (again.accepted, again.repeated) == (0, before + report.repeated)
    assert again.rejected == report.rejected


def test_cabbage_in_seven_winters_of_exports_has_no_unexplained_row(shared_data, store):
    files = sorted((shared_data / "raw/tw_amis_xls").glob("*_LA.xls"))
    report = ingest_paths(store, "taiwan-amis-export", files, strict=True)
    assert (len(files), report.rejected) == (7, 0)
    assert report.non_data == {"title": 28, "heading": 7, "subtotal": 7}
    with store.session() as session:
        series = session.scalars(select(SeriesRow)).all()
    assert {row.product_id for row in series} == {"cabbage"}
    assert {row.currency for row in series} == {"TWD"}
    assert count(store, MarketRow) == 0, "every market of the exports is a reviewed one"


def test_a_full_days_answer_says_which_markets_were_closed(shared_data, store):
    report = ingest_paths(store, "taiwan-open-data", [shared_data / "raw/tw_moa_json/history.json"])
    assert 0 < count(store, ClosureRow) <= report.non_data["closed_day"]
    assert any(note.startswith("cut_answer") for note in report.notes)
    assert count(store, MarketRow) == 0


def test_an_archive_and_its_tidy_panel_speak_of_the_same_markets(shared_data, store):
    ingest_paths(store, "panel", [shared_data / "tidy/korea_garak.parquet"])
    ingest_paths(store, "korea-arrivals", [shared_data / "raw/kr_garak"])
    with store.session() as session:
        assert set(session.scalars(select(SeriesRow.market_id))) == {"kr-seoul-garak"}


def test_a_price_that_was_not_noted_is_none_and_no_zero(shared_data, store):
    ingest_paths(store, "panel", [shared_data / "tidy/korea_garak.parquet"])
    unpriced = count(store, ObservationRow, ObservationRow.price_per_kg.is_(None))
    assert unpriced == count(store, ObservationRow, ObservationRow.flags.op("&")(int(Quality.NOT_COLLECTED)) != 0)
    assert unpriced > 30_000
    assert count(store, ObservationRow, ObservationRow.price_per_kg == 0) == 0
