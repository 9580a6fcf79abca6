"""The account of an upload: where every line went, in numbers and in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from warning.errors import ChangxiaoError
from warning.store.names import UnknownSourceName
from warning.store.snapshots import RejectedLine

CONFLICT: Final = "conflicting_repeat"
LONGEST_TEXT: Final = 2000
"""Characters kept of a rejected line."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an upload became; `lines_read = accepted + repeated + rejected + declared non-data`, always."""

    feed: str
    name: str
    snapshot_id: int | None
    """None where the same bytes had been taken in already and nothing was new."""
    lines_read: int
    accepted: int
    repeated: int
    rejected: int
    non_data: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    """Rejected lines by reason."""
    flags: dict[str, int] = field(default_factory=dict)
    """Accepted rows by quality flag."""
    unknown_names: tuple[UnknownSourceName, ...] = ()
    rejected_lines: tuple[RejectedLine, ...] = ()
    skipped_files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def message_zh(self) -> str:
        reasons = "、".join(f"{reason} {count}" for reason, count in self.reasons.items())
        return (
            f"{self.name}：读 {self.lines_read:,} 行，收 {self.accepted:,}，重复 {self.repeated:,}，"
            f"拒 {self.rejected:,}{f'（{reasons}）' if reasons else ''}，非数据 {sum(self.non_data.values()):,}"
        )

    @property
    def message_en(self) -> str:
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.reasons.items())
        return (
            f"{self.name}: {self.lines_read:,} lines read, {self.accepted:,} accepted, {self.repeated:,} repeated, "
            f"{self.rejected:,} rejected{f' ({reasons})' if reasons else ''}, "
            f"{sum(self.non_data.values()):,} declared non-data"
        )


class UploadRefused(ChangxiaoError):
    """A strict ingest met a line it could not accept: nothing was stored."""

    code, title_zh, status = "upload-refused", "上传被整体拒绝", 422

    def __init__(self, report: IngestReport) -> None:
        first = report.rejected_lines[0]
        super().__init__(
            f"{report.rejected} of {report.lines_read} lines were rejected, and the ingest is strict",
            where=f"{first.file}, line {first.line}: {first.reason} ({first.detail})",
            todo="mend these lines, or ingest without --strict to keep the others",
        )
        self.report = report


@dataclass(slots=True)
class Tally:
    """The running account while batches are read."""

    lines_read: int = 0
    non_data: Counter[str] = field(default_factory=Counter)
    rejected: list[RejectedLine] = field(default_factory=list)
    unknown: dict[tuple[str, str, str, str], UnknownSourceName] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def reject(self, file: str, line: int, reason: str, detail: str, text: str) -> None:
        """Keep a line that was not accepted."""
        words = (storable(word) for word in (detail, text[:LONGEST_TEXT]))
        self.rejected.append(RejectedLine(storable(file), line, reason, *words))

    def note(self, text: str) -> None:
        """Tell something of the upload as a whole, once."""
        if text not in self.notes:
            self.notes.append(text)

    def reasons(self) -> dict[str, int]:
        """Rejected lines by reason, most frequent first."""
        return dict(Counter(line.reason for line in self.rejected).most_common())


def storable(text: str) -> str:
    """The text without what a database would refuse (NUL, halves of surrogate pairs)."""
    if text.isprintable():
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
