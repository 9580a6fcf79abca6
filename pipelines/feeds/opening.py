"""Opening what was given: files, folders, .zip and .gz as `RawFile`s, one after another, and the bytes to be kept.

`open_upload` looks at everything before the first byte is handed on, so that an upload is refused whole; what it
hands on is unpacked one file at a time, and an archive never stands in memory unpacked. Refused, each with what,
where and what to do: a missing path, an empty file, a file of another kind, a broken or encrypted archive, an
archive in an archive, a bomb, a member whose name leads out of the archive, a link that leads out of the folder.
What is left out although it lies there (another suffix, hidden files) is named in `Upload.skipped`.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from pipelines.feeds.base import RawFile
from pipelines.feeds.unpacking import (
    LIMITS,
    Limits,
    check_archive,
    member_name,
    open_archive,
    read_member,
    refused,
    ungzip,
)
from warning.errors import UnreadableFile

Source = Path | RawFile | tuple[str, bytes]
"""A path, or a name with its bytes as a browser sends them."""
_ARCHIVE: Final = ".zip"
_LITTER: Final = re.compile(r"(^|/)(__MACOSX/|\._|~\$|\.)|(^|/)(Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
"""What systems and spreadsheet programs leave beside the files, under the files' own suffixes too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the upload, not read yet."""

    name: str
    load: Callable[[], bytes]


@dataclass(slots=True)
class Upload:
    """What was given, looked through; iterating opens one file after another and may be done again."""

    name: str
    """A file's own name, or `folder.zip` for what is kept of a folder."""
    suffixes: tuple[str, ...]
    skipped: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    whole: Callable[[], bytes] | None = None
    """The bytes as received, where a single file was given; of anything else an archive is kept."""

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[RawFile]:
        for entry in self.entries:
            yield _loaded(entry)

    def write_raw(self, target: IO[bytes]) -> str:
        """Write what is kept to `target` and give its sha256: the file itself, or a deterministic archive.

        The archive holds the files that are read, stored unpacked, sorted by name, all of 1980-01-01, so that the
        same files give the same bytes, and it can be opened by `open_upload` again.
        """
        sink = _Hashing(target)
        if self.whole is not None:
            sink.write(self.whole())
        else:
            _write_archive(sink, self)
        return sink.digest.hexdigest()

    def raw_bytes(self) -> bytes:
        """What is kept, in memory."""
        target = io.BytesIO()
        self.write_raw(target)
        return target.getvalue()

    def digest(self) -> str:
        """The sha256 of what is kept, without keeping it."""
        with open(os.devnull, "wb") as nowhere:
            return self.write_raw(nowhere)


def open_upload(sources: Sequence[Source], *, suffixes: Iterable[str] = (), limits: Limits = LIMITS) -> Upload:
    """Look through files, folders (recursively) and .zip archives for files that end in one of `suffixes`.

    Files come sorted by name; the name is the path inside the folder or archive, and begins with that one's own
    name where several sources were given. Without suffixes every file is taken. Raises UnreadableFile.
    """
    wanted = tuple(suffix.lower() for suffix in suffixes)
    upload = Upload(_upload_name(sources), wanted)
    for source in sources:
        _add(upload, source, limits, prefix=len(sources) > 1)
    if not upload.entries:
        kinds = ", ".join(wanted) or "any kind"
        found = f" (left out: {', '.join(upload.skipped[:5])})" if upload.skipped else ""
        raise refused(upload.name, f"no file of {kinds} is in it{found}", "give the files that this feed reads")
    if len(sources) == 1 and not _is_folder(sources[0]):
        upload.whole = _loader(sources[0], limits)
    upload.entries = _unique(sorted(upload.entries, key=lambda entry: entry.name))
    return upload


def upload_digest(sources: Sequence[Source], *, suffixes: Iterable[str] = ()) -> str:
    """The one sha256 that stands for what was given; a folder's does not depend on times, owners or order."""
    return open_upload(sources, suffixes=suffixes).digest()


def _add(upload: Upload, source: Source, limits: Limits, *, prefix: bool) -> None:
    name = _name(source)
    if isinstance(source, Path):
        _check_path(source)
        if source.is_dir():
            _add_folder(upload, source, limits, f"{name}/" if prefix else "")
            return
    load = _loader(source, limits)
    if name.lower().endswith(_ARCHIVE):
        _add_archive(upload, name, load, limits, f"{name}/" if prefix else "")
    elif _takes(upload, name):
        upload.entries.append(_entry(name, load, limits))
    else:
        kinds = ", ".join(upload.suffixes)
        raise refused(
            name, f"this is no file of {kinds}", "give a file that this feed reads, a folder or a .zip of them"
        )


def _check_path(path: Path) -> None:
    if not path.exists():
        raise refused(str(path), "there is no such file or folder", "check the spelling of the path")
    if not path.is_dir() and not path.is_file():
        raise refused(str(path), "this is neither a file nor a folder", "give a file, a folder or a .zip")


def _add_folder(upload: Upload, folder: Path, limits: Limits, prefix: str) -> None:
    home = folder.resolve()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted([*names, *(one for one in folders if (Path(parent) / one).is_symlink())]):
            path = Path(parent) / name
            shown = prefix + path.relative_to(folder).as_posix()
            if path.is_symlink() and not path.resolve().is_relative_to(home):
                raise refused(shown, "the link leads out of the folder", "put the file itself into the folder")
            if not path.is_file() or not _takes(upload, shown):
                _leave_out(upload, shown, f"the folder {folder.name}")
                continue
            upload.entries.append(_entry(shown, _loader(path, limits), limits))


def _add_archive(upload: Upload, name: str, load: Callable[[], bytes], limits: Limits, prefix: str) -> None:
    """List an archive's members; its packed bytes are read once, and held, by the first member that is opened."""
    content = load()
    archive = open_archive(content, name)
    members = check_archive(archive, name, len(content), limits)
    for member in members:
        shown = prefix + member_name(member)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise refused(f"{name}, member {shown}", "the member is a link", "put the file itself into the archive")
        if not _takes(upload, shown):
            _leave_out(upload, shown, f"the archive {name}")
            continue
        where = f"{name}, member {shown}"
        _check_filled(where, member.file_size)
        upload.entries.append(_entry(shown, _member_loader(archive, member, where, limits), limits))


def _member_loader(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, limits: Limits
) -> Callable[[], bytes]:
    return lambda: read_member(archive, member, where, limits)


def _leave_out(upload: Upload, name: str, inside: str) -> None:
    if name.lower().endswith(_ARCHIVE) and not _LITTER.search(name):
        raise refused(name, f"an archive lies inside {inside}", "unpack it, or give it by itself")
    upload.skipped.append(name)


def _takes(upload: Upload, name: str) -> bool:
    if _LITTER.search(name):
        return False
    low = name.lower()
    if low.endswith(_ARCHIVE):
        return False
    return not upload.suffixes or low.removesuffix(".gz").endswith(upload.suffixes) or low.endswith(upload.suffixes)


def _entry(name: str, load: Callable[[], bytes], limits: Limits) -> Entry:
    if name.lower().endswith(".gz"):
        return Entry(name[: -len(".gz")], lambda: ungzip(load(), name, limits))
    return Entry(name, load)


def _loaded(entry: Entry) -> RawFile:
    content = entry.load()
    _check_filled(entry.name, len(content))
    return RawFile(entry.name, content)


def _loader(source: Source, limits: Limits) -> Callable[[], bytes]:
    """How to get a source's bytes, once it is sure that there are some and not too many."""
    if not isinstance(source, Path):
        content = source.content if isinstance(source, RawFile) else source[1]
        _check_filled(_name(source), len(content))
        return lambda: content
    _check_filled(source.name, source.stat().st_size)
    if source.stat().st_size > limits.file:
        what = f"the file is larger than {limits.file // 1024**2} MB"
        raise refused(source.name, what, "split it into several files")
    return lambda: _read_path(source)


def _check_filled(where: str, size: int) -> None:
    if not size:
        raise refused(where, "the file is empty (0 bytes)", "export or fetch it again")


def _read_path(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refused(str(path), f"the file cannot be read ({error.strerror})", "check its rights") from error


def _name(source: Source) -> str:
    if isinstance(source, Path):
        return source.resolve().name
    return source.name if isinstance(source, RawFile) else source[0]


def _is_folder(source: Source) -> bool:
    return isinstance(source, Path) and source.is_dir()


def _upload_name(sources: Sequence[Source]) -> str:
    if not sources:
        raise UnreadableFile("nothing was given to read", todo="name a file, a folder or a .zip")
    if len(sources) == 1 and not _is_folder(sources[0]):
        return _name(sources[0])
    return f"{_name(sources[0])}.zip" if len(sources) == 1 else f"{len(sources)} files.zip"


def _unique(entries: list[Entry]) -> list[Entry]:
    """The same name from two folders gets a number in front, so that every line has one address."""
    seen: dict[str, int] = {}
    out = []
    for entry in entries:
        seen[entry.name] = seen.get(entry.name, 0) + 1
        out.append(entry if seen[entry.name] == 1 else Entry(f"{seen[entry.name]}/{entry.name}", entry.load))
    return out


class _Hashing(io.RawIOBase):
    """A sink that hashes what passes through; it cannot be rewound, so zipfile writes straight ahead."""

    def __init__(self, target: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        view = memoryview(content)  # type: ignore[arg-type]  # any buffer, as io says
        self.digest.update(view)
        self._target.write(view)
        return view.nbytes


def _write_archive(sink: _Hashing, files: Iterable[RawFile]) -> None:
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            member = zipfile.ZipInfo(file.name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, file.content)
