"""Ingest by a mapping file: every line has a named outcome, and the store holds what the account says."""

from __future__ import annotations

import datetime as dt
import tomllib

import numpy as np
import pytest
from sqlalchemy import select
from store_digest import digests

from pipelines.ingest import UploadRefused, ingest_upload
from warning.errors import InvalidMapping, UnknownName
from warning.quality import Quality
from warning.store.engine import Store
from warning.store.ledger import decide_name, rejected_lines, snapshot, source_names
from warning.store.observations import read_panel
from warning.store.snapshots import retract
from warning.store.tables import MarketRow, ObservationRow, SeriesRow, SnapshotRow

NOW = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)
TEN_LINES = """
fill_down = ["市场"]
[columns]
date = "日期"
market = "市场"
product = "品名"
price = "均价（元/斤）"
volume = "成交量（斤）"
[constants]
price_unit = "元/斤"
volume_unit = "斤"
"""
SHEET = """双福市场日报
日期,市场,品名,均价（元/斤）,成交量（斤）
2026-11-19,双福,莲花白,0.6,20000
2026-11-19,,萝卜,0.5,
合计,,,,20000
2026-11-20,双福,包菜,0.55,24000
"""
UNITS = """
[columns]
date = "日期"
market = "市场"
product = "品名"
price = "价格"
price_unit = "价格单位"
volume = "成交量"
volume_unit = "量单位"
"""
HEADINGS = "日期,市场,品名,价格,价格单位,成交量,量单位"


def take_in(store: Store, *lines: str, at: dt.datetime = NOW, **how):
    """Lines of the sheet with units in their own columns."""
    text = "\n".join([HEADINGS, *lines]) + "\n"
    return ingest_upload(
        store, "table", [("日报.csv", text.encode("gb18030"))], mapping=tomllib.loads(UNITS), received_at=at, **how
    )


def at_shuangfu(product: str, days: range, price: float = 2.0, volume: float = 1000) -> list[str]:
    first = dt.date(2026, 8, 1)
    return [f"{first + dt.timedelta(days=day)},双福,{product},{price},元/公斤,{volume},公斤" for day in days]


def panel(store: Store):
    return read_panel(store, as_of=NOW, few=True)


def test_a_gb18030_sheet_in_jin_comes_in_by_a_ten_line_mapping(store):
    report = ingest_upload(
        store, "table", [("双福.csv", SHEET.encode("gb18030"))], mapping=tomllib.loads(TEN_LINES), received_at=NOW
    )
    assert (report.lines_read, report.accepted, report.rejected) == (6, 3, 0)
    assert report.non_data == {"title": 1, "heading": 1, "subtotal": 1}
    with store.session() as session:
        keys = dict(session.execute(select(SeriesRow.key, SeriesRow.id)).all())
    assert set(keys) == {"cabbage@cn-chongqing-shuangfu:wholesale", "radish@cn-chongqing-shuangfu:wholesale"}
    held = panel(store)
    cabbage = held.series_id == keys["cabbage@cn-chongqing-shuangfu:wholesale"]
    assert held.price[cabbage].tolist() == [1.2, 1.1], "元/斤 times two is per kg"
    assert held.volume[cabbage].tolist() == [10_000, 12_000]
    assert np.isnan(held.volume[~cabbage]).all()


@pytest.mark.parametrize(
    ("line", "reason", "word"),
    [
        ("2026-11-25,双福,莲花白,1.2,元/斤,2000,斤", "future_date", "day of receipt"),
        ("1926-11-20,双福,莲花白,1.2,元/斤,2000,斤", "bad_date", ""),
        ("2026-11-31,双福,莲花白,1.2,元/斤,2000,斤", "bad_date", "2026-11-31"),
        ("2026-11-20,双福,莲花白,-1.2,元/斤,2000,斤", "negative_price", "below zero"),
        ("2026-11-20,双福,莲花白,0,元/斤,2000,斤", "zero_price", "zero"),
        ("2026-11-20,双福,莲花白,1e15,元/斤,2000,斤", "endless_number", "too large"),
        ("2026-11-20,双福,莲花白,1.2,元/斤,-5,斤", "negative_volume", "below zero"),
        ("2026-11-20,双福,莲花白,1.2,元/件,2000,斤", "unit_per_piece", "净重"),
        ("2026-11-20,双福,莲花白,1.2,元/斤,200,箱", "unit_per_piece", "volume"),
        ("2026-11-20,双福,莲花白,1.2,元/砣,2000,斤", "unknown_unit", "砣"),
        ("2026-11-20,双福,莲花白,1.2,TWD/公斤,2000,斤", "currency_differs", "TWD"),
        ("2026-11-20,双福,天外菜,1.2,元/斤,2000,斤", "unknown_product", "天外菜"),
        ("2026-11-20,双福,蔬菜,1.2,元/斤,2000,斤", "not_one_product", "类别"),
        ("2026-11-20,火星市场,莲花白,1.2,元/斤,2000,斤", "unknown_market", "火星市场"),
        ("2026-11-20,双福,莲花白,1.3,元/斤,2000,斤", "conflicting_repeat", "first holds"),
    ],
)
def test_a_line_that_cannot_be_taken_is_kept_with_its_reason(store, line, reason, word):
    report = take_in(store, "2026-11-20,双福,莲花白,1.2,元/斤,2000,斤", line)
    assert (report.accepted, report.repeated, report.rejected, report.reasons) == (1, 0, 1, {reason: 1})
    with store.session() as session:
        (kept,) = rejected_lines(session, report.snapshot_id, reason=None, limit=9, cursor=None).items
    assert (kept.file, kept.line, kept.reason) == ("日报.csv", 3, reason)
    assert word in kept.detail
    if reason != "conflicting_repeat":
        assert kept.text == line.replace(",", "\t"), "as the source wrote it"
    else:
        assert kept.text == "cabbage@cn-chongqing-shuangfu:wholesale, 2026-11-20, 2.6/kg, 1000 kg"


def test_a_day_is_in_the_future_by_the_clock_of_shanghai(store):
    early = dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC)  # 00:30 on the 25th in Shanghai
    assert take_in(store, "2026-11-25,双福,莲花白,1.2,元/斤,2000,斤", at=early).accepted == 1
    line = "2026-11-26,双福,莲花白,1.2,元/斤,2000,斤"
    assert take_in(store, line, at=early).reasons == {"future_date": 1}


def test_a_slip_is_kept_and_flagged_and_not_read(store):
    lines = at_shuangfu("莲花白", range(40))
    lines[30] = lines[30].replace(",2.0,", ",20.0,")
    report = take_in(store, *lines)
    assert report.flags["PRICE_TENFOLD"] == 1
    held = panel(store)
    assert np.isnan(held.price[30])
    assert held.volume[30] == 1000
    assert (held.price[np.arange(40) != 30] == 2.0).all()
    with store.session() as session:
        row = session.scalars(select(ObservationRow).where(ObservationRow.price_per_kg == 20)).one()
    assert row.flags & Quality.PRICE_TENFOLD


def test_a_slip_in_a_file_of_its_own_is_judged_by_what_the_store_holds(store):
    take_in(store, *at_shuangfu("莲花白", range(20)))
    slip = take_in(store, *at_shuangfu("莲花白", range(20, 21), price=0.2))
    assert slip.flags["PRICE_TENFOLD"] == 1
    assert "PRICE_TENFOLD" not in take_in(store, *at_shuangfu("莲花白", range(21, 22), price=1.2)).flags


def test_an_unknown_name_is_proposed_and_taken_once_a_person_has_said_what_it_is(store):
    lines = ("2026-11-20,火星市场,莲花,1.2,元/斤,2000,斤", "2026-11-20,双福,莲花,1.4,元/斤,2000,斤")
    first = take_in(store, *lines)
    assert first.reasons == {"unknown_product": 2}
    assert first.accepted == 0
    with store.session() as session:
        (name,) = source_names(session, kind=None, feed="table", decided=None, limit=9, cursor=None).items
    assert (name.kind, name.name, name.lines, name.meaning) == ("product", "莲花", 2, None)
    assert "cabbage" in [guess["id"] for guess in name.candidates]
    with store.writing() as session:
        decide_name(session, name.id, "cabbage", by="an analyst", at=NOW)
    second = take_in(store, *lines)
    assert (second.accepted, second.reasons) == (1, {"unknown_market": 1}), "the same file, now understood"
    assert second.unknown_names[0].key[3] == "火星市场"
    with store.writing() as session:
        page = source_names(session, kind="market", feed="table", decided=False, limit=9, cursor=None)
        decide_name(session, page.items[0].id, "", by="an analyst", at=NOW)
    third = take_in(store, *lines)
    assert (third.repeated, third.reasons) == (1, {"not_ours_market": 1})


def test_the_same_lines_again_change_nothing(store):
    lines = [*at_shuangfu("莲花白", range(5)), "2026-11-20,火星市场,莲花白,1,元/斤,1,斤"]
    first = take_in(store, *lines)
    before = digests(store)
    again = take_in(store, *lines, at=NOW + dt.timedelta(days=1))
    assert (again.snapshot_id, again.accepted, again.repeated, again.rejected) == (None, 0, first.accepted, 1)
    assert digests(store) == before


def test_a_correction_adds_a_version_and_what_was_known_stays_known(store):
    take_in(store, *at_shuangfu("莲花白", range(3)))
    later = NOW + dt.timedelta(days=2)
    assert take_in(store, *at_shuangfu("莲花白", range(1, 3), price=2.5), at=later).accepted == 2
    assert panel(store).price.tolist() == [2.0, 2.0, 2.0]
    assert read_panel(store, as_of=later, few=True).price.tolist() == [2.0, 2.5, 2.5]
    with store.session() as session:
        flags = session.scalars(select(ObservationRow.flags).where(ObservationRow.snapshot_id == 2)).all()
    assert flags == [Quality.ISSUE_RECEIVED] * 2, "nobody said when it was corrected: its receipt counts"


def test_strict_leaves_the_store_as_it_was(store):
    take_in(store, *at_shuangfu("莲花白", range(3)))
    before = digests(store)
    with pytest.raises(UploadRefused, match="1 of 3 lines") as caught:
        take_in(store, *at_shuangfu("萝卜", range(1)), "2026-11-20,双福,天外菜,1,元/斤,1,斤", strict=True)
    assert "line 3" in caught.value.where
    assert caught.value.report.reasons == {"unknown_product": 1}
    assert digests(store) == before
    assert take_in(store, *at_shuangfu("萝卜", range(1)), strict=True).accepted == 1


def test_a_retracted_upload_can_be_given_again(store):
    lines = at_shuangfu("莲花白", range(4))
    first = take_in(store, *lines)
    retract(store, first.snapshot_id, at=NOW + dt.timedelta(hours=1), reason="wrong file")
    assert len(read_panel(store, as_of=NOW + dt.timedelta(hours=2), few=True)) == 0
    again = take_in(store, *lines, at=NOW + dt.timedelta(hours=3))
    assert (again.accepted, again.repeated) == (4, 0)


def test_a_simulated_upload_is_marked_wherever_it_shows(store):
    report = take_in(store, *at_shuangfu("莲花白", range(3)), simulated=True)
    assert report.flags["SIMULATED"] == 3
    take_in(store, *at_shuangfu("萝卜", range(3)))
    with store.session() as session:
        assert dict(session.execute(select(SnapshotRow.id, SnapshotRow.simulated)).all()) == {1: True, 2: False}
        series = dict(session.execute(select(SeriesRow.product_id, SeriesRow.simulated)).all())
        flags = session.execute(select(ObservationRow.snapshot_id, ObservationRow.flags)).all()
    assert series == {"cabbage": True, "radish": False}
    assert all(bool(flag & Quality.SIMULATED) == (number == 1) for number, flag in flags)


def test_a_mapping_may_say_that_its_table_is_the_register_of_its_markets(store):
    mapping = tomllib.loads("registers_markets = true\n" + UNITS)
    text = f"{HEADINGS}\n2026-11-20,火星市场,莲花白,1.2,元/斤,2000,斤\n"
    report = ingest_upload(store, "table", [("a.csv", text.encode())], mapping=mapping, received_at=NOW)
    assert (report.accepted, report.rejected) == (1, 0)
    with store.session() as session:
        market = session.scalars(select(MarketRow)).one()
    assert (market.name, market.country, market.currency, market.timezone) == (
        "火星市场", "CN", "CNY", "Asia/Shanghai",
    )  # fmt: skip


def test_a_panel_registers_a_market_in_the_country_that_its_currency_says(store):
    lines = (
        "date,market,product,price,unit_price,volume,unit_volume",
        "2026-11-20,Aonla,ONION,2000,INR/quintal,3,tonne",
        "2026-11-20,Neustadt,ONION,2,EUR/kg,3,tonne",
    )
    report = ingest_upload(store, "panel", [("p.csv", "\n".join(lines).encode())], received_at=NOW)
    assert (report.accepted, report.reasons) == (1, {"no_country": 1})
    with store.session() as session:
        market, series = session.scalars(select(MarketRow)).one(), session.scalars(select(SeriesRow)).one()
    assert (market.id, market.country, market.currency, market.timezone) == ("in-aonla", "IN", "INR", "Asia/Kolkata")
    assert (series.key, series.currency) == ("onion@in-aonla:wholesale", "INR")
    assert panel(store).price.tolist() == [20.0]


def test_the_account_is_kept_with_the_snapshot_and_adds_up(store):
    lines = [*at_shuangfu("莲花白", range(3)), at_shuangfu("莲花白", range(1))[0], "2026-11-20,双福,x9,1,元/斤,1,斤"]
    report = take_in(store, *lines, received_by="an officer")
    assert report.lines_read == report.accepted + report.repeated + report.rejected + sum(report.non_data.values())
    with store.session() as session:
        kept = snapshot(session, report.snapshot_id)
    assert (kept.lines_read, kept.accepted, kept.repeated, kept.rejected) == (6, 3, 1, 1)
    assert kept.account["reasons"] == {"unknown_product": 1}
    assert (kept.received_by, kept.received_at, kept.name) == ("an officer", NOW, "日报.csv")
    assert "读 6 行，收 3，重复 1，拒 1（unknown_product 1）" in report.message_zh
    assert "6 lines read, 3 accepted, 1 repeated, 1 rejected" in report.message_en


def test_a_feed_that_is_unknown_or_lacks_its_mapping_is_told(store):
    with pytest.raises(UnknownName) as caught:
        ingest_upload(store, "agmarket", [("a.csv", b"x")])
    assert "agmarknet" in caught.value.candidates
    with pytest.raises(InvalidMapping, match="needs a mapping file"):
        ingest_upload(store, "table", [("a.csv", b"x")])
