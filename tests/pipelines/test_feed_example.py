"""The test to copy with the feed: a file of invented numbers with the source's own faults, read whole."""

import datetime as dt

import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.example import FEED
from warning.errors import UnreadableFile

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))
FILE = (
    "date,product,price_yuan_per_kg,volume_kg\n2026-11-20,莲花白,1.2,800\n2026-11-20,萝卜,-,90\n2026-11-21,休市,,\nx\n"
)


def test_every_line_is_a_row_a_rejection_or_said_to_be_no_datum():
    (batch,) = FEED.read([RawFile("a.csv", FILE.encode())], OPTIONS)
    batch.check()
    assert batch.rows[["line", "product"]].values.tolist() == [[2, "莲花白"], [3, "萝卜"]]
    assert batch.rows["price"].fillna(-1).tolist() == [1.2, -1]
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [(5, "bad_line")]
    assert batch.closures == [("示例批发市场", "", dt.date(2026, 11, 21))]


def test_another_file_is_refused_whole():
    with pytest.raises(UnreadableFile, match="no price list"):
        list(FEED.read([RawFile("b.csv", b"a,b\n1,2\n")], OPTIONS))
