"""Agmarknet reports with every fault they are known to have: put back in their columns, or rejected at their line."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pipelines.feeds.agmarknet import FEED
from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.ingest import ingest_paths
from warning.errors import UnreadableFile
from warning.quality import Quality
from warning.store.engine import Store, open_store
from warning.store.settings import Settings

HEADING = (
    "Market,Arrival Date,Arrivals (Tonnes),Variety,Minimum Price(Rs./Quintal),Maximum Price(Rs./Quintal),"
    "Modal Price(Rs./Quintal),"
)
PATH = "ONION/MAHARASHTRA/mynewdata_2016_August.csv"
TODAY = dt.date(2026, 11, 24)


def read_all(*files: tuple[str, str | bytes], **constants: str):
    raw = [RawFile(name, text.encode() if isinstance(text, str) else text) for name, text in files]
    batches = list(FEED.read(raw, ReadOptions(today=TODAY, constants=constants)))
    for batch in batches:
        batch.check()
    (batch,) = batches
    return batch


def read(*lines: str, name: str = PATH, end: str = "\n"):
    return read_all((name, end.join([HEADING, *lines]) + end))


def told(batch, *names):
    columns = ["line", *names]
    return [tuple(row) for row in batch.rows[columns].itertuples(index=False)]


def refused(batch):
    return [(bad.line, bad.reason) for bad in batch.rejected]


def test_market_and_date_are_filled_down_and_the_volume_stands_once():
    batch = read(
        "Aonla,01/08/2016,12.5,Red,500,700,600,",
        ",,,White,800,1000,900,",
        ",02/08/2016,3,Red,510,710,610,",
        "Bela,02/08/2016,7,Red,400,600,500,",
    )
    assert told(batch, "market", "variety", "price") == [
        (2, "Aonla", "Red", 600.0),
        (3, "Aonla", "White", 900.0),
        (4, "Aonla", "Red", 610.0),
        (5, "Bela", "Red", 500.0),
    ]
    assert [f"{day:%d}" for day in batch.rows["date"]] == ["01", "01", "02", "02"]
    assert batch.rows["volume"].tolist()[0::2] == [12.5, 3.0]
    assert np.isnan(batch.rows["volume"][1]), "printed once a market-day: not the second variety's"
    first = batch.rows.iloc[0]
    assert (first["product"], first["region"], first["file"]) == ("ONION", "MAHARASHTRA", PATH)
    assert (first["price_low"], first["price_high"]) == (500, 700)
    assert batch.non_data["heading"] == 1
    assert (batch.lines_read, batch.rejected) == (5, [])


def test_nothing_is_filled_down_from_one_file_into_the_next():
    good = f"{HEADING}\nAonla,01/08/2016,1,Red,1,3,2,\n"
    orphan = f"{HEADING}\n,02/08/2016,1,Red,1,3,2,\nBela,,1,Red,1,3,2,\n"
    batch = read_all((PATH, good), ("ONION/PUNJAB/mynewdata_2016_August.csv", orphan))
    assert told(batch, "market") == [(2, "Aonla")]
    assert [(bad.file.split("/")[1], bad.line, bad.reason) for bad in batch.rejected] == [
        ("PUNJAB", 2, "no_market"),
        ("PUNJAB", 3, "bad_date"),
    ]


def test_nr_is_a_price_nobody_reported_and_no_zero():
    batch = read("Aonla,01/08/2016,12,Red,NR,NR,NR,", ",02/08/2016,NR,Red,5,7,6,", ",03/08/2016,4,Red,0,0,0,")
    assert batch.rows["flags"].tolist() == [int(Quality.NOT_COLLECTED), 0, 0]
    assert np.isnan(batch.rows["price"][0])
    assert np.isnan(batch.rows["volume"][1])
    assert batch.rows["price"][2] == 0, "a written zero is the ingest's to judge"


def test_headings_amid_the_file_and_blank_lines_are_counted_as_what_they_are():
    lines = ("Aonla,01/08/2016,12,Red,5,7,6,", "", HEADING, HEADING.rstrip(","), ",02/08/2016,1,Red,5,7,6,")
    batch = read(*lines, ",,,,,,,", "   ", ",03/08/2016,1,Red,5,7,6,")
    assert told(batch, "market") == [(2, "Aonla"), (6, "Aonla"), (9, "Aonla")]
    assert batch.non_data == {"heading": 1, "repeat_heading": 2, "blank": 3}
    assert batch.lines_read == 9


@pytest.mark.parametrize(
    ("line", "market"),
    [
        ("Sampur(Phal, Bhaji Market),01/08/2016,9,Red,5,7,6,", "Sampur(Phal, Bhaji Market)"),
        ("Sampur(Phal, Bhaji, Phul),01/08/2016,9,Red,5,7,6,", "Sampur(Phal, Bhaji, Phul)"),
        ("Sampur, New,01/08/2016,9,Red,5,7,6,", "Sampur, New"),
        ("Sampur, New, Yard,1/8/16,9,Red,5,7,6", "Sampur, New, Yard"),
        ("Sampur,01/08/2016,9,Red,5,7,6", "Sampur"),
        (" Sampur ,01/08/2016,9, Red ,5,7,6,", "Sampur"),
    ],
)
def test_a_market_with_unquoted_commas_is_put_together_again(line, market):
    batch = read("Aonla,01/08/2016,1,Red,5,7,6,", line, ",02/08/2016,2,Red,5,7,6,")
    assert told(batch, "market", "variety", "volume", "price") == [
        (2, "Aonla", "Red", 1.0, 6.0),
        (3, market, "Red", 9.0, 6.0),
        (4, market, "Red", 2.0, 6.0),
    ]
    assert batch.rows["date"][1] == batch.rows["date"][0]


def test_a_second_variety_shifted_left_is_put_back():
    batch = read("Aonla,01/08/2016,12,Red,500,700,600,", ",White,250,275,262,,", ",,,Nasik,NR,NR,NR,")
    assert told(batch, "market", "variety", "price_low", "price_high", "price")[1] == (
        3,
        "Aonla",
        "White",
        250,
        275,
        262,
    )
    assert batch.rows["date"].nunique() == 1
    assert np.isnan(batch.rows["volume"][1])


def test_a_line_without_its_variety_keeps_its_prices():
    batch = read("Aonla,01/08/2016,12,500,700,600,", ",02/08/2016,12,NR,NR,NR,")
    assert told(batch, "variety", "price_low", "price_high")[0] == (2, "", 500.0, 700.0)
    assert batch.rows["price"][0] == 600
    assert batch.rows["flags"][1] == int(Quality.NOT_COLLECTED)


def test_lines_below_an_unreadable_market_are_not_counted_to_the_market_above():
    batch = read(
        "Aonla,01/08/2016,12,Red,500,700,600,",
        "Bela,02/08/2016",
        ",03/08/2016,5,Red,500,700,600,",
        ",,,White,500,700,600,",
        "Cotta,03/08/2016,5,Red,500,700,600,",
        ",04/08/2016",
        ",05/08/2016,5,Red,500,700,600,",
    )
    assert told(batch, "market") == [(2, "Aonla"), (6, "Cotta"), (8, "Cotta")]
    assert refused(batch) == [(3, "wrong_fields"), (7, "wrong_fields"), (4, "no_market"), (5, "no_market")]


def test_a_rejected_line_is_shown_as_the_source_wrote_it():
    batch = read("Sampur(Phal, Bhaji),01/13/2016,9,Red,5,7,6,", ",02/08/2016", "Aonla,03/08/2016,x1,Red,5,7,6,")
    assert [(bad.line, bad.reason, bad.text) for bad in sorted(batch.rejected, key=lambda bad: bad.line)] == [
        (2, "bad_date", "Sampur(Phal, Bhaji),01/13/2016,9,Red,5,7,6,"),
        (3, "wrong_fields", ",02/08/2016"),
        (4, "bad_volume", "Aonla,03/08/2016,x1,Red,5,7,6,"),
    ]
    assert batch.rejected[0].detail == "2 fields where seven belong"
    assert batch.source is not None
    assert batch.source(PATH, 4) == "Aonla,03/08/2016,x1,Red,5,7,6,"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("31/02/2016,1,Red,5,7,6", "bad_date"),
        ("2016-08-01,1,Red,5,7,6", "bad_date"),
        ("01/08/2016,1,Red,5,7,six", "bad_price"),
        ("01/08/2016,1,Red,5,7,nan", "bad_price"),
        ("01/08/2016,1,Red,5,7,inf", "bad_price"),
        ("01/08/2016,1,Red,5,7,1_0", "bad_price"),
        ("01/08/2016,1,Red,low,7,6", "bad_price"),
        ("01/08/2016,many,Red,5,7,6", "bad_volume"),
    ],
)
def test_what_is_no_day_or_number_is_rejected_with_its_line(cells, reason):
    batch = read("Aonla,01/08/2016,1,Red,5,7,6,", f"Bela,{cells},", "Cotta,02/08/2016,1,Red,5,7,6,")
    assert refused(batch) == [(3, reason)]
    assert told(batch, "market") == [(2, "Aonla"), (4, "Cotta")]


def test_two_digit_years_are_of_this_century_until_they_have_come():
    batch = read("Aonla,23/11/16,1,Red,5,7,6,", ",23/11/26,1,Red,5,7,6,", ",23/11/27,1,Red,5,7,6,")
    assert [day.year for day in batch.rows["date"]] == [2016, 2026, 1927]


def test_a_date_outside_the_month_of_the_file_is_kept_and_flagged():
    lines = ("Aonla,31/07/2016,1,Red,5,7,6,", ",01/08/2016,1,Red,5,7,6,", ",01/08/2015,1,Red,5,7,6,")
    assert read(*lines).rows["flags"].tolist() == [int(Quality.OUTSIDE_PERIOD), 0, int(Quality.OUTSIDE_PERIOD)]
    assert read(*lines, name="ONION/GOA/report.csv").rows["flags"].tolist() == [0, 0, 0], "the name says no month"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_mark_change_nothing(end):
    lines = ("Aonla,01/08/2016,1,Red,5,7,6,", "", ",02/08/2016,1", ",03/08/2016,2,Red,5,7,6,")
    text = end.join([HEADING, *lines]) + end
    batch = read_all((PATH, b"\xef\xbb\xbf" + text.encode()))
    assert told(batch, "market", "volume") == [(2, "Aonla", 1.0), (5, "Aonla", 2.0)]
    assert refused(batch) == [(4, "wrong_fields")]
    assert batch.rejected[0].text == ",02/08/2016,1"


def test_a_last_line_without_an_end_is_a_line_and_a_truncated_one_is_rejected():
    whole = f"{HEADING}\nAonla,01/08/2016,1,Red,5,7,6,"
    assert told(read_all((PATH, whole)), "price") == [(2, 6.0)]
    cut = read_all((PATH, whole + "\n,02/08/2016,1,R"), ("ONION/GOA/mynewdata_2016_August.csv", whole))
    assert refused(cut) == [(3, "wrong_fields")]
    assert told(cut, "region") == [(2, "MAHARASHTRA"), (2, "GOA")]


def test_a_lone_file_needs_to_be_told_what_it_is_of():
    text = f"{HEADING}\nAonla,01/08/2016,1,Red,5,7,6,\n"
    with pytest.raises(UnreadableFile, match="which commodity and state") as caught:
        read_all(("mynewdata_2016_August.csv", text))
    assert "--set product=ONION" in caught.value.todo
    batch = read_all(("mynewdata_2016_August.csv", text), product="ONION", region="MAHARASHTRA")
    assert told(batch, "product", "region") == [(2, "ONION", "MAHARASHTRA")]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"date,price\n2016-08-01,5\n", "no Agmarknet monthly report"),
        (b"\x00\x01\x02\x03", "no Agmarknet monthly report"),
        (HEADING.encode("utf-16"), "no Agmarknet monthly report"),
        (f"{HEADING}\nAonla\n".encode() + b"Ba\xf1os,01/08/2016,1,Red,5,7,6,\n", "not UTF-8"),
    ],
)
def test_what_is_no_report_is_refused_by_name(content, what):
    good = (PATH, f"{HEADING}\nAonla,01/08/2016,1,Red,5,7,6,\n")
    with pytest.raises(UnreadableFile, match=what) as caught:
        read_all(good, ("ONION/GOA/x.csv", content))
    assert caught.value.where.startswith("ONION/GOA/x.csv")
    assert caught.value.todo
    if what == "not UTF-8":
        assert caught.value.where.endswith("line 3")


def test_many_files_are_read_in_batches_of_whole_files(monkeypatch):
    monkeypatch.setattr("pipelines.feeds.agmarknet.LINES_A_BATCH", 3)
    text = f"{HEADING}\nAonla,01/08/2016,1,Red,5,7,6,\n"
    files = [RawFile(f"ONION/S{number}/mynewdata_2016_August.csv", text.encode()) for number in range(5)]
    batches = list(FEED.read(files, ReadOptions(today=TODAY)))
    assert [batch.lines_read for batch in batches] == [4, 4, 2]
    assert [list(batch.rows["region"]) for batch in batches] == [["S0", "S1"], ["S2", "S3"], ["S4"]]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rejected"),
    [
        ("in_agmarknet_NR_blank_market_continuation.csv", []),
        ("in_agmarknet_repeated_header_midfile.csv", []),
        ("in_agmarknet_short_row.csv", [(88, "wrong_fields")]),
        ("in_agmarknet_unquoted_commas_in_market.csv", []),
    ],
)
def test_the_messy_files_are_read_to_the_last_line(shared_data, name, rejected):
    content = (shared_data / "messy" / name).read_bytes()
    batch = read_all((name, content), product="ONION", region="KARNATAKA")
    assert batch.lines_read == content.count(b"\n")
    assert refused(batch) == rejected
    assert not any("," in market and "(" not in market for market in batch.rows["market"].cat.categories)
    assert (batch.non_data["repeat_heading"] > 0) == ("repeated_header" in name)
    if "unquoted" in name:
        assert any("," in market for market in batch.rows["market"].cat.categories)


@pytest.mark.shared
def test_the_whole_archive_is_accounted_for_and_a_second_ingest_changes_nothing(shared_data, tmp_path):
    store = open_store(home=tmp_path, settings=Settings(home=tmp_path), migrate=True)
    archive = shared_data / "raw/agmarknet/wholesale_raw.zip"
    first = ingest_paths(store, "agmarknet", [archive])
    assert first.lines_read == 1_780_433
    assert (first.accepted, first.repeated) == (1_741_429, 37_303)
    assert first.reasons == {"conflicting_repeat": 23, "bad_date": 1, "wrong_fields": 1}
    assert first.non_data == {"heading": 1560, "repeat_heading": 102, "blank": 14}
    assert first.flags["OUTSIDE_PERIOD"] == 346
    assert first.unknown_names == ()
    before = counted(store)
    second = ingest_paths(store, "agmarknet", [archive])
    assert (second.snapshot_id, second.accepted, second.repeated) == (None, 0, 1_741_429 + 37_303)
    assert (second.rejected, second.lines_read, second.non_data) == (25, first.lines_read, first.non_data)
    assert counted(store) == before


def counted(store: Store) -> list[tuple[object, ...]]:
    """Sums over the observations, and the number of rows of what describes them."""
    columns = ("day", "issued_at / 1000000", "price_per_kg", "volume_kg", "flags")
    sums = ", ".join(["count(*)", "count(superseded_at)", *(f"sum({column})" for column in columns)])
    with store.engine.connect() as connection:
        observed = connection.exec_driver_sql(f"select {sums} from observation").one()
        others = [
            connection.exec_driver_sql(f"select count(*) from {table}").scalar_one()
            for table in ("series", "variety", "market", "snapshot", "rejected_line")
        ]
    return [tuple(observed), tuple(others)]
