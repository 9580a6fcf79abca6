"""The account of an upload, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from api.schemas.basics import finite
from api.schemas.feeds import RejectedItem

if TYPE_CHECKING:
    from pipelines.ingest import IngestReport

SHOWN = 50
"""Rejected lines that stand in the answer itself."""


class UnknownName(BaseModel):
    """不明名称 · A name that was met and not understood."""

    kind: str
    region: str
    name: str
    lines: int
    candidates: list[dict[str, Any]]


class UploadAccount(BaseModel):
    """上传结果 · What became of every line: read = accepted + repeated + rejected + non-data."""

    snapshot: int | None = Field(
        description="原始文件编号，撤回时要用；内容早已收过则为空 · snapshot id, needed to take it back; null where "
        "the same bytes were taken in before"
    )
    feed: str
    name: str
    lines_read: int
    accepted: int
    repeated: int = Field(description="与已有内容相同 · the same as what is there already")
    rejected: int
    non_data: dict[str, Any] = Field(description="标题、小计等 · titles, subtotals, closed days …")
    reasons: dict[str, Any] = Field(description="拒绝原因及行数 · rejected lines by reason")
    flags: dict[str, int] = Field(description="采用行的质量标记 · accepted rows by quality flag")
    unknown_names: list[UnknownName] = Field(description="目录不认识的名称及候选 · names to be confirmed")
    skipped_files: list[str] = Field(description="未读的文件 · files that were not read")
    notes: list[str]
    message_zh: str
    message_en: str
    rejected_lines: list[RejectedItem] = Field(description="前若干行被拒绝的内容 · the first rejected lines")
    rejected_at: str | None = Field(description="全部被拒绝行的地址 · where to read all of them")


def upload_account(report: IngestReport) -> UploadAccount:
    """The account going out."""
    lines = [
        RejectedItem(file=line.file, line=line.line, reason=line.reason, detail=line.detail, text=line.text)
        for line in report.rejected_lines[:SHOWN]
    ]
    names = [
        UnknownName(
            kind=name.key[0], region=name.key[2], name=name.key[3], lines=name.lines, candidates=finite(name.candidates)
        )
        for name in report.unknown_names
    ]
    kept = report.snapshot_id is not None and report.rejected > 0
    return UploadAccount(
        snapshot=report.snapshot_id,
        feed=report.feed,
        name=report.name,
        lines_read=report.lines_read,
        accepted=report.accepted,
        repeated=report.repeated,
        rejected=report.rejected,
        non_data=report.non_data,
        reasons=report.reasons,
        flags=report.flags,
        unknown_names=names,
        skipped_files=list(report.skipped_files),
        notes=list(report.notes),
        message_zh=report.message_zh,
        message_en=report.message_en,
        rejected_lines=lines,
        rejected_at=f"/v1/snapshots/{report.snapshot_id}/rejected" if kept else None,
    )
