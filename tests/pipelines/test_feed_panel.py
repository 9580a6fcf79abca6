"""The tidy panel: parquet and CSV, columns and types checked, lines accounted for."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.panel import FEED
from warning.errors import InvalidPanel, UnreadableFile
from warning.quality import Quality

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))
HEAD = "market,product,date,price,volume,unit_price,unit_volume\n"


def frame(**changes):
    columns = {
        "market": ["Lasalgaon", "Agra"],
        "product": ["ONION", "POTATO"],
        "date": pd.to_datetime(["2018-12-01", "2018-12-02"]),
        "price": [250.0, None],
        "volume": [900.0, 12.0],
        "unit_price": ["INR/quintal", "INR/quintal"],
        "unit_volume": ["tonne", "tonne"],
        "region": ["MAHARASHTRA", "UTTAR PRADESH"],
        "variety": ["*", "Desi"],
    }
    return pd.DataFrame({name: values for name, values in (columns | changes).items() if values is not None})


def read(content, name="p.parquet", **constants):
    options = ReadOptions(today=OPTIONS.today, constants=constants)
    batches = list(FEED.read([RawFile(name, content)], options))
    for batch in batches:
        batch.check()
    return batches


def parquet(**changes):
    target = io.BytesIO()
    frame(**changes).to_parquet(target)
    return target.getvalue()


def csv(text):
    (batch,) = read((HEAD + text).encode(), "p.csv")
    return batch


def reasons(batch):
    return [(bad.line, bad.reason) for bad in batch.rejected]


@pytest.mark.parametrize("name", ["p.parquet", "p.csv"])
def test_parquet_and_csv_say_the_same(name):
    content = parquet() if name == "p.parquet" else frame().to_csv(index=False).encode()
    (batch,) = read(content, name)
    rows = batch.rows
    assert list(rows["currency"]) == ["INR", ""]
    assert list(rows["price_unit"]) == ["quintal", ""]
    assert list(rows["volume_unit"]) == ["tonne", "tonne"]
    assert list(rows["country"]) == ["IN", "IN"]
    assert list(rows["variety"]) == ["", "Desi"]
    assert list(rows["flags"]) == [Quality.OK, Quality.NOT_COLLECTED]
    assert list(rows["line"]) == ([1, 2] if name == "p.parquet" else [2, 3])
    assert rows["date"].dt.date.tolist() == [dt.date(2018, 12, 1), dt.date(2018, 12, 2)]


def test_the_remark_in_the_unit_says_the_kind_unless_a_column_does():
    (batch,) = read(parquet(unit_price=["CNY/kg (wholesale cost)", "KRW/kg (retail, KAMIS)"], price=[1.0, 2.0]))
    assert list(batch.rows["kind"]) == ["cost", "retail"]
    assert list(batch.rows["price_unit"]) == ["kg", "kg"]
    assert list(batch.rows["country"]) == ["CN", "KR"]
    (batch,) = read(parquet(kind=["auction", None], country=["tw", "jp"]))
    assert list(batch.rows["kind"]) == ["auction", "wholesale"]
    assert list(batch.rows["country"]) == ["TW", "JP"]
    with pytest.raises(InvalidPanel, match="'kind' says 'dear'"):
        read(parquet(kind=["dear", None]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"market": None}, "column 'market' is missing"),
        ({"date": None}, "column 'date' is missing"),
        ({"price": None, "volume": None}, "neither a column 'price' nor 'volume'"),
        ({"price": ["a", "b"]}, "column 'price' holds .*numbers belong"),
        ({"market": [1, 2]}, "column 'market' holds"),
        ({"date": [20181201, 20181202]}, "column 'date' holds"),
        ({"date": pd.to_datetime(["2018-12-01", "2018-12-02"], utc=True)}, "days without a zone"),
        ({"issued_at": pd.to_datetime(["2018-12-01", "2018-12-02"])}, "instants with a zone"),
        ({"unit_price": None}, "price without unit_price"),
        ({"unit_volume": ["tonne", None]}, "volume without unit_volume"),
    ],
)
def test_a_wrong_column_is_named(changes, said):
    with pytest.raises(InvalidPanel, match=said) as caught:
        read(parquet(**changes))
    assert "p.parquet" in caught.value.where


def test_the_units_that_the_panel_lacks_can_be_given():
    (batch,) = read(parquet(unit_price=None, unit_volume=None), price_unit="INR/quintal", volume_unit="tonne")
    assert list(batch.rows["currency"]) == ["INR", ""]


def test_rows_that_cannot_be_read_are_rejected_with_their_line():
    lines = (
        "Lasalgaon,ONION,2018-12-01,250,1,INR/quintal,tonne", "Lasalgaon,ONION,1/12/2018,250,1,INR/quintal,tonne",
        "Lasalgaon,,2018-12-01,250,1,INR/quintal,tonne", ",ONION,2018-12-01,250,1,INR/quintal,tonne", "short,row", "",
        "Lasalgaon,ONION,2018-12-01,dear,1,INR/quintal,tonne", "Lasalgaon,ONION,2018-12-01,1,inf,INR/quintal,tonne",
        "Lasalgaon,ONION,,1,1,INR/quintal,tonne", "Lasalgaon,ONION,2018-12-01,1,1,quintal,tonne", "last,one",
    )  # fmt: skip
    found = list(read((HEAD + "\n".join(lines) + "\n").encode(), "p.csv"))
    assert sum(batch.lines_read for batch in found) == len(lines) + 1
    assert sorted(pair for batch in found for pair in reasons(batch)) == [
        (3, "bad_date"), (4, "no_product"), (5, "no_market"), (6, "ragged_row"), (8, "bad_price"), (9, "bad_volume"),
        (10, "no_date"), (11, "no_currency"), (12, "ragged_row"),
    ]  # fmt: skip
    assert sum(batch.non_data.get("blank", 0) for batch in found) == 1
    assert sum(batch.non_data.get("heading", 0) for batch in found) == 1
    assert sum(len(batch.rows) for batch in found) == 1


def test_lines_keep_their_number_from_one_block_to_the_next(monkeypatch):
    monkeypatch.setattr("pipelines.feeds.panel_files._CSV_BLOCK", 400)
    lines = [f"M,P{i},2018-12-01,{i},1,INR/quintal,tonne" if i % 7 else "short" for i in range(1, 200)]
    found = read((HEAD + "\n".join(lines) + "\n").encode(), "p.csv")
    assert len(found) > 5
    assert sum(batch.lines_read for batch in found) == len(lines) + 1
    rows = pd.concat([batch.rows for batch in found])
    assert (rows["line"] == rows["price"] + 1).all()
    assert [line for batch in found for line, _ in reasons(batch)] == list(range(8, 201, 7))


def test_issue_times_are_instants():
    (batch,) = read(parquet(issued_at=["2018-12-02T07:30:00+08:00", "2018-12-03 00:00:00"]))
    assert batch.rows["issued_at"].tolist() == [pd.Timestamp("2018-12-01T23:30:00Z")]
    assert reasons(batch) == [(2, "bad_issue_time")]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("p.parquet", b"", UnreadableFile),
        ("p.parquet", b"market,product\n", UnreadableFile),
        ("p.parquet", parquet()[:-100], UnreadableFile),
        ("p.parquet", parquet()[:200] + parquet()[-200:], UnreadableFile),
        ("p.csv", b"", UnreadableFile),
        ("p.csv", HEAD.encode(), InvalidPanel),
        ("p.csv", HEAD.encode() + b"\x00\x01", UnreadableFile),
        ("p.csv", b"a,b\n1,2\n", InvalidPanel),
        ("p.csv", (HEAD + f"M,{'x' * 40_000},2018-12-01,1,1,INR/kg,kg\n").encode(), UnreadableFile),
        ("p.csv", parquet(), UnreadableFile),
    ],
)
def test_bad_bytes_are_refused(name, content, error):
    with pytest.raises(error) as caught:
        read(content, name)
    assert caught.value.todo


def test_gb18030_names_are_read():
    (batch,) = read((HEAD + "双福,莲花白,2026-11-20,1.2,3,元/斤,吨\n").encode("gb18030"), "p.csv")
    row = batch.rows.iloc[0]
    assert (row["product"], row["currency"], row["price_unit"], row["country"]) == ("莲花白", "CNY", "斤", "CN")


@pytest.mark.shared
def test_the_india_panel_is_read_in_batches_without_a_reject(shared_data: Path):
    content = (shared_data / "tidy/india_agmarknet.parquet").read_bytes()
    batches = FEED.read([RawFile("india.parquet", content)], OPTIONS)
    sizes, prices = [], 0
    for batch in batches:
        batch.check()
        assert not batch.rejected
        sizes.append(len(batch.rows))
        prices += int(batch.rows["price"].notna().sum())
    assert sum(sizes) == 1_773_849
    assert max(sizes) <= 200_000
    assert prices == pd.read_parquet(io.BytesIO(content), columns=["price"])["price"].notna().sum()
