"""Files that are not what they should be: refused with what, where and what to do, and the store as it was."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import time
import tomllib
import zipfile

import openpyxl
import pytest
from sqlalchemy import select
from store_digest import digests, is_whole, raw_files

from pipelines import ingest
from pipelines.ingest import ingest_paths, ingest_upload
from pipelines.ingest.account import storable
from warning.errors import InvalidMapping, UnreadableFile
from warning.store.engine import Store
from warning.store.snapshots import keep_raw
from warning.store.tables import MarketRow, RejectedRow

NOW = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)
MAPPING = tomllib.loads("""
[columns]
date = "date"
product = "product"
price = "price"
[constants]
market = "双福"
price_unit = "元/公斤"
""")
GOOD = "date,product,price\n2026-11-20,莲花白,1.5\n"
HEADING = "Market,Arrival Date,Arrivals (Tonnes),Variety,Min,Max,Modal,"
REPORT = f"{HEADING}\nAonla,01/08/2016,1,Red,5,7,6,\n"


@pytest.fixture
def held(store):
    """A store that holds something already."""
    ingest_upload(store, "table", [("first.csv", GOOD.encode())], mapping=MAPPING, received_at=NOW)
    return store


def zipped(*members: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def book(*rows: tuple[object, ...], merged: str = "") -> bytes:
    workbook = openpyxl.Workbook()
    for row in (("date", "product", "price"), *rows):
        workbook.active.append(row)
    if merged:
        workbook.active.merge_cells(merged)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


ROW = (dt.date(2026, 11, 20), "莲花白", 1.5)
PROTECTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512
LOCKED = zipped(("a.csv", GOOD.encode()))
LOCKED = LOCKED.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
    b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
)
BAD = {
    "empty": ("a.csv", b"", "empty"),
    "empty-text": ("a.csv", b"\n\n", ""),
    "truncated-workbook": ("a.xlsx", book(ROW)[:-900], "damaged or cut off"),
    "truncated-zip": ("a.zip", zipped(("a.csv", GOOD.encode()))[:-30], "damaged or cut off"),
    "truncated-gz": ("a.csv.gz", gzip.compress(GOOD.encode() * 50)[:-12], "cut off"),
    "damaged-member": ("a.zip", zipped(("a.csv", GOOD.encode() * 9), packing=0).replace(b"1.5", b"9.9", 1), "damaged"),
    "binary": ("a.csv", bytes(range(256)) * 8, ""),
    "binary-workbook": ("a.xlsx", b"\x7fELF" + bytes(range(256)) * 8, "not a workbook"),
    "wrong-encoding": ("a.csv", GOOD.encode("utf-16-be"), ""),
    "broken-encoding": ("a.csv", GOOD.encode() + b"2026-11-20,\xff\xfe\xff,1\n", ""),
    "huge-cell": ("a.csv", f"{GOOD}2026-11-20,{'x' * 40_000},1\n".encode(), "more than 32,767 characters"),
    "zip-bomb": ("a.zip", zipped(("a.csv", b"0" * 40_000_000)), "zip bomb"),
    "gz-bomb": ("a.csv.gz", gzip.compress(b"0" * 40_000_000), "zip bomb"),
    "path-traversal": ("a.zip", zipped(("../../etc/a.csv", GOOD.encode())), "leads out of the archive"),
    "absolute-path": ("a.zip", zipped(("/etc/a.csv", GOOD.encode())), "leads out of the archive"),
    "nested-zip": ("a.zip", zipped(("b.zip", LOCKED)), "an archive lies inside"),
    "locked-zip": ("a.zip", LOCKED, "password"),
    "formulas": ("a.xlsx", book((ROW[0], "莲花白", "=1+1")), "formulas"),
    "password": ("a.xlsx", PROTECTED, "password"),
    "merged": ("a.xlsx", book(ROW, ROW, merged="C2:C3"), "merged"),
    "another-kind": ("a.pdf", b"%PDF-1.7", "no file of"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_and_the_store_is_as_it_was(held, case):
    name, content, word = BAD[case]
    before = digests(held)
    with pytest.raises(UnreadableFile, match=word) as caught:
        ingest_upload(held, "table", [("good.csv", GOOD.encode()), (name, content)], mapping=MAPPING, received_at=NOW)
    assert caught.value.where, "where it is wrong"
    assert caught.value.todo, "what to do"
    assert name.split(".")[0] in caught.value.where
    assert digests(held) == before
    assert is_whole(raw_files(held.home))


def test_an_archive_without_a_file_to_read_and_a_table_without_its_headings_are_refused(held):
    before = digests(held)
    with pytest.raises(UnreadableFile, match=r"no file of .* readme\.md"):
        ingest_upload(held, "table", [("a.zip", zipped(("readme.md", b"# hello")))], mapping=MAPPING)
    with pytest.raises(InvalidMapping, match="no column 'date'") as caught:
        ingest_upload(held, "table", [("a.csv", b"a,b,c\n1,2,3\n")], mapping=MAPPING)
    assert "a.csv, line 1" in caught.value.where
    assert digests(held) == before


def test_a_half_read_upload_stores_none_of_its_files(held):
    before = digests(held)
    files = [("ONION/GOA/a.csv", REPORT.encode()), ("ONION/GOA/b.csv", b"no report\n")]
    with pytest.raises(UnreadableFile, match="no Agmarknet"):
        ingest_upload(held, "agmarknet", files, received_at=NOW)
    assert digests(held) == before


def test_a_missing_path_and_a_link_out_of_the_folder_are_refused(held, tmp_path):
    with pytest.raises(UnreadableFile, match="no such file"):
        ingest_paths(held, "table", [tmp_path / "nowhere.csv"], mapping=MAPPING)
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "a.csv").symlink_to("/etc/hostname")
    with pytest.raises(UnreadableFile, match="leads out of the folder"):
        ingest_paths(held, "table", [folder], mapping=MAPPING)
    assert is_whole(raw_files(held.home))


def test_raw_bytes_are_kept_under_their_digest_and_once(held):
    ingest_upload(held, "table", [("报表.2026.CSV", GOOD.encode())], mapping=MAPPING, received_at=NOW)
    raw = raw_files(held.home)
    assert is_whole(raw)
    assert {name.partition(".")[2] for name in raw} <= {"csv", "2026.csv"}
    assert all(path.is_relative_to(held.home / "raw" / "table") for path in (held.home / "raw").rglob("*.csv"))


def test_bytes_that_could_not_be_kept_leave_nothing_behind(held, monkeypatch):
    before = raw_files(held.home)

    def full_disk(target):
        target.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        keep_raw(held.home, "table", "a.csv", full_disk)
    assert raw_files(held.home) == before


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(held):
    folder = held.home / "raw" / "table"
    left = folder / ".writing-dead"
    left.write_bytes(b"half")
    os.utime(left, (time.time() - 60, time.time() - 60))

    def while_writing(target):
        target.write(b"the first half")
        own = [path for path in folder.glob(".writing-*") if path != left]
        os.utime(own[0], (time.time() - 60, time.time() - 60))
        keep_raw(held.home, "table", "other.csv", lambda inner: str(inner.write(b"whole")))
        assert own[0].exists(), "another process is still at it"
        return "digest"

    kept = keep_raw(held.home, "table", "a.csv", while_writing)
    assert not left.exists()
    assert (held.home / kept.path).read_bytes() == b"the first half"


def test_two_ingests_that_meet_the_same_new_market_both_come_in(store, monkeypatch):
    write, given = ingest._write, []

    def after_another(*arguments, **how):
        monkeypatch.setattr(ingest, "_write", write)
        given.append(agmarknet(store, "02/08/2016"))  # reads and writes after the first has read and before it writes
        return write(*arguments, **how)

    monkeypatch.setattr(ingest, "_write", after_another)
    assert agmarknet(store, "01/08/2016").accepted == 1
    assert given[0].accepted == 1
    with store.session() as session:
        assert len(session.scalars(select(MarketRow)).all()) == 1


def agmarknet(store: Store, day: str):
    heading = "Market,Arrival Date,Arrivals (Tonnes),Variety,Min,Max,Modal,"
    text = f"{heading}\nAonla,{day},1,Red,5,7,6,\n"
    return ingest_upload(store, "agmarknet", [("ONION/GOA/a.csv", text.encode())], received_at=NOW)


def test_text_that_a_database_would_refuse_is_rejected_or_mended(store):
    rows = '[{"name": "x"}]'
    assert storable(f"a\0b\ud800{rows}") == f"a\ufffdb?{rows}"
    assert storable("莲花白\t1.2") == "莲花白\t1.2"
    heading = "Market,Arrival Date,Arrivals (Tonnes),Variety,Min,Max,Modal,"
    text = f"{heading}\nAon\0la,01/08/2016,1,Red,5,7,6,\nBela,01/08/2016,1,R\0d,5,7,6,\n,02/08\0\n"
    report = ingest_upload(store, "agmarknet", [("ONION/GOA/a.csv", text.encode())], received_at=NOW)
    assert report.reasons == {"bad_text": 2, "wrong_fields": 1}
    with store.session() as session:
        kept = session.scalars(select(RejectedRow).order_by(RejectedRow.line)).all()
    assert kept[0].text == "Aon\ufffdla,01/08/2016,1,Red,5,7,6,"
