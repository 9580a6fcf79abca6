"""Unpacking .zip and .gz from strangers: limits, names that lead elsewhere, and what a broken archive says."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from warning.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Limits:
    """What an upload may unpack to. The Agmarknet archive, the largest real one known, is 1,560 files and 63 MB,
    5.6 times its packed size; text of repeated lines packs to a tenth, hardly ever to a hundredth."""

    files: int = 20_000
    file: int = 512 * 1024 * 1024
    total: int = 4 * 1024 * 1024 * 1024
    ratio: int = 100
    """Unpacked over packed; judged only above `ratio_from`, since a small file of zeros harms nobody."""
    ratio_from: int = 16 * 1024 * 1024


LIMITS: Final = Limits()
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1
_PIECE: Final = 1024 * 1024


def refused(where: str, what: str, todo: str) -> UnreadableFile:
    """The error for something that cannot be opened."""
    return UnreadableFile(what, where=where, todo=todo)


def open_archive(content: bytes, name: str) -> zipfile.ZipFile:
    """The archive in `content`; UnreadableFile where it is empty, another thing, or cut off."""
    if not content:
        raise refused(name, "the file is empty (0 bytes)", "export or fetch it again")
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        cut = content.startswith(b"PK\x03\x04")
        what = "the archive is damaged or cut off" if cut else "this is not a .zip archive, whatever its name says"
        raise refused(name, f"{what} ({error})", "fetch or pack it again") from error


def check_archive(archive: zipfile.ZipFile, name: str, packed: int, limits: Limits) -> list[zipfile.ZipInfo]:
    """The archive's files by name, once it is sure that unpacking them is harmless; UnreadableFile otherwise."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > limits.files:
        raise refused(name, f"the archive holds more than {limits.files:,} files", "split it into several archives")
    total = sum(member.file_size for member in members)
    if total > limits.total:
        raise refused(
            name, f"the archive unpacks to {total // 1024**2:,} MB", f"at most {limits.total // 1024**2:,} MB"
        )
    _check_ratio(name, packed, total, limits)
    seen: set[str] = set()
    for member in members:
        _check_member(member, name, limits)
        if member_name(member) in seen:
            raise refused(
                f"{name}, member {member_name(member)}", "the name stands twice in the archive", "pack it again"
            )
        seen.add(member_name(member))
    return sorted(members, key=member_name)


def member_name(member: zipfile.ZipInfo) -> str:
    """A member's name with forward slashes; names packed by a Chinese Windows are GB18030, which zip cannot say."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME and not name.isascii():
        coded = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = coded.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, limits: Limits) -> bytes:
    """One member's bytes; its declared size is not believed. UnreadableFile where it is damaged."""
    try:
        with archive.open(member) as stream:
            content = stream.read(min(member.file_size, limits.file) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise refused(where, f"the member is damaged ({error})", "fetch or pack the archive again") from error
    if len(content) > member.file_size:
        raise refused(where, "the member unpacks to more than it declares", "do not use this archive")
    return content


def ungzip(content: bytes, name: str, limits: Limits) -> bytes:
    """What a .gz holds, unpacked piece by piece up to the limit; UnreadableFile where it is broken or a bomb."""
    if not content:
        raise refused(name, "the file is empty (0 bytes)", "export or fetch it again")
    pieces: list[bytes] = []
    size = 0
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            while piece := stream.read(_PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > limits.file:
                    raise refused(name, f"it unpacks to more than {limits.file // 1024**2} MB", "split the file")
                _check_ratio(name, len(content), size, limits)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise refused(name, f"this is no .gz file, or it is cut off ({error})", "fetch or pack it again") from error
    return b"".join(pieces)


def _check_ratio(name: str, packed: int, unpacked: int, limits: Limits) -> None:
    if unpacked > limits.ratio_from and unpacked > limits.ratio * packed:
        what = f"it unpacks to more than {limits.ratio} times its size: this looks like a zip bomb"
        raise refused(name, what, "unpack it yourself and give the files, if it is what it should be")


def _check_member(member: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    shown = member_name(member)
    where = f"{name}, member {shown}"
    if member.flag_bits & _ENCRYPTED:
        raise refused(where, "the archive is protected by a password", "pack it without a password")
    if shown.startswith("/") or _DRIVE.match(shown) or ".." in shown.split("/"):
        raise refused(
            where, "the member's name leads out of the archive", "do not use this archive; pack the files again"
        )
    if any(ord(letter) < 32 for letter in shown):
        raise refused(where, "the member's name has control characters", "rename the file and pack it again")
    if member.file_size > limits.file:
        raise refused(where, f"the member is larger than {limits.file // 1024**2} MB", "split it into several files")
