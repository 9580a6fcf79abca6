"""Uploads opened: what may come in, in which order, and everything that is refused."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from pipelines.feeds.base import RawFile
from pipelines.feeds.opening import open_upload, upload_digest
from pipelines.feeds.unpacking import Limits
from warning.errors import UnreadableFile

CSV = (".csv",)


def packed(*members, **options):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def zipped(*members):
    return RawFile("upload.zip", packed(*members))


def refusal(*sources, suffixes=CSV, limits=None):
    with pytest.raises(UnreadableFile) as caught:
        list(open_upload(sources, suffixes=suffixes, **({"limits": limits} if limits else {})))
    assert caught.value.what
    assert caught.value.todo
    return str(caught.value)


def test_a_folder_gives_its_files_sorted_and_names_what_it_leaves_out(tmp_path: Path):
    for name in ("b/2.csv", "a/1.CSV", "notes.docx", ".hidden.csv", "~$x.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    upload = open_upload([tmp_path], suffixes=CSV)
    assert [(file.name, file.content) for file in upload] == [("a/1.CSV", b"a/1.CSV"), ("b/2.csv", b"b/2.csv")]
    assert sorted(upload.skipped) == [".hidden.csv", "notes.docx", "~$x.csv"]


def test_a_zip_gives_the_same_as_the_folder_it_was_made_of():
    upload = open_upload(
        [zipped(("b/2.csv", "2"), ("a/1.csv", "1"), ("__MACOSX/._1.csv", "x"), ("read.me", "x"))], suffixes=CSV
    )
    assert [(file.name, file.content) for file in upload] == [("a/1.csv", b"1"), ("b/2.csv", b"2")]
    assert sorted(upload.skipped) == ["__MACOSX/._1.csv", "read.me"]


def test_one_member_at_a_time_is_unpacked():
    upload = open_upload([zipped(*((f"{i}.csv", b"x" * 100) for i in range(5)))], suffixes=CSV)
    files = iter(upload)
    assert next(files).name == "0.csv"
    assert len(upload) == 5
    assert len(list(upload)) == 5, "it may be read again"


def test_names_and_bytes_as_a_browser_sends_them_and_gz():
    upload = open_upload([("x.csv", b"1"), ("y.csv.gz", gzip.compress(b"2"))], suffixes=CSV)
    assert [(file.name, file.content) for file in upload] == [("x.csv", b"1"), ("y.csv", b"2")]


def test_several_archives_keep_their_names_apart():
    upload = open_upload([("a.zip", packed(("x.csv", "1"))), ("b.zip", packed(("x.csv", "2")))], suffixes=CSV)
    assert [file.name for file in upload] == ["a.zip/x.csv", "b.zip/x.csv"]
    assert [file.name for file in open_upload([("x.csv", b"1"), ("x.csv", b"2")])] == ["x.csv", "2/x.csv"]


def test_names_packed_by_a_chinese_windows_are_read():
    content = bytearray(packed(("AAAA.csv", "1")))
    chinese = "柚子".encode("gb18030")
    assert len(chinese) == 4
    (file,) = open_upload([("u.zip", bytes(content).replace(b"AAAA", chinese))], suffixes=CSV)
    assert file.name == "柚子.csv"


def test_what_is_not_there_or_empty_is_refused(tmp_path: Path):
    assert "no such file" in refusal(tmp_path / "none.csv")
    (tmp_path / "empty.csv").touch()
    assert "empty" in refusal(tmp_path / "empty.csv")
    assert "empty" in refusal(tmp_path), "an empty file in a folder"
    assert "empty" in refusal(zipped(("a.csv", "")))
    assert "empty" in refusal(RawFile("a.zip", b""))
    assert "no file of .csv" in refusal(zipped(("a.txt", "x")))
    assert "no file of .csv" in refusal(RawFile("a.xlsx", b"x"))
    assert "nothing was given" in refusal()


def test_what_is_no_zip_or_cut_off_is_refused():
    whole = packed(("a.csv", os.urandom(2000)))
    assert "not a .zip" in refusal(RawFile("a.zip", b"date,price\n"))
    assert "cut off" in refusal(RawFile("a.zip", whole[:1000]))
    broken = bytearray(whole)
    broken[500:600] = bytes(100)
    assert "damaged" in refusal(RawFile("a.zip", bytes(broken)))


def test_a_protected_archive_is_refused():
    content = bytearray(packed(("a.csv", "secret")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(RawFile("a.zip", bytes(content)))


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "C:\\a.csv", "..\\a.csv"])
def test_names_that_lead_out_are_refused(name):
    assert "leads out" in refusal(zipped((name, "1")))


def test_archives_in_archives_and_in_folders_are_refused(tmp_path: Path):
    assert "an archive lies inside" in refusal(zipped(("a.csv", "1"), ("inner.zip", packed(("b.csv", "1")))))
    (tmp_path / "inner.zip").write_bytes(packed(("b.csv", "1")))
    assert "an archive lies inside" in refusal(tmp_path)


def test_bombs_are_refused_by_ratio_size_and_number():
    zeros = zipped(("a.csv", bytes(20_000_000)))
    assert "zip bomb" in refusal(zeros)
    assert "zip bomb" in refusal(RawFile("a.csv.gz", gzip.compress(bytes(20_000_000))))
    small = Limits(files=2, file=1000, total=1500)
    assert "more than 2 files" in refusal(zipped(("a.csv", "1"), ("b.csv", "1"), ("c.csv", "1")), limits=small)
    assert "larger than" in refusal(zipped(("a.csv", os.urandom(1100))), limits=small)
    assert "unpacks to" in refusal(zipped(("a.csv", os.urandom(900)), ("b.csv", os.urandom(900))), limits=small)
    assert "unpacks to more" in refusal(RawFile("a.csv.gz", gzip.compress(os.urandom(1100))), limits=small)


def test_a_size_that_lies_is_found_out():
    content = bytearray(packed(("a.csv", b"x" * 5000)))
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, 10)
    assert "damaged" in refusal(RawFile("a.zip", bytes(content)))


def test_a_broken_gz_is_refused():
    assert ".gz" in refusal(RawFile("a.csv.gz", b"plain text"))
    assert "cut off" in refusal(RawFile("a.csv.gz", gzip.compress(os.urandom(500))[:200]))


def test_links_that_lead_out_are_refused(tmp_path: Path):
    (tmp_path / "secret.csv").write_text("1")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").write_text("1")
    (folder / "same.csv").symlink_to(folder / "a.csv")
    assert len(open_upload([folder], suffixes=CSV)) == 2, "a link inside the folder leads nowhere else"
    (folder / "up").symlink_to(tmp_path)
    assert "leads out of the folder" in refusal(folder)
    (folder / "up").unlink()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert "leads out of the folder" in refusal(folder)


def test_links_in_archives_are_refused():
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    assert "is a link" in refusal(zipped((link, "/etc/passwd")))


def test_one_digest_stands_for_a_folder_whatever_its_times_and_what_is_kept_opens_again(tmp_path: Path):
    for folder, order in (("one", "ab"), ("two", "ba")):
        (tmp_path / folder).mkdir()
        for letter in order:
            (tmp_path / folder / f"{letter}.csv").write_text(letter)
    os.utime(tmp_path / "two" / "a.csv", (0, 0))
    digest = upload_digest([tmp_path / "one"], suffixes=CSV)
    assert digest == upload_digest([tmp_path / "two"], suffixes=CSV)
    upload = open_upload([tmp_path / "one"], suffixes=CSV)
    again = open_upload([(upload.name, upload.raw_bytes())], suffixes=CSV)
    assert [(file.name, file.content) for file in again] == [("a.csv", b"a"), ("b.csv", b"b")]
    assert again.digest() == digest
    (tmp_path / "two" / "a.csv").write_text("other")
    assert upload_digest([tmp_path / "two"], suffixes=CSV) != digest


def test_a_single_file_is_kept_as_received(tmp_path: Path):
    content = packed(("a.csv", "1"))
    (tmp_path / "a.zip").write_bytes(content)
    assert open_upload([tmp_path / "a.zip"], suffixes=CSV).raw_bytes() == content


@pytest.mark.shared
def test_the_agmarknet_archive_opens_whole(shared_data: Path):
    upload = open_upload([shared_data / "raw/agmarknet/wholesale_raw.zip"], suffixes=CSV)
    assert len(upload) == 1560
    assert sum(len(file.content) for file in upload) == 63_006_351
    assert upload.skipped == []
