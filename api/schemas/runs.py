"""Runs going out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.instants import Day, Instant
from api.schemas.basics import NEXT, finite
from api.schemas.levels import level_word
from warning.store.ledger import Run


class RunItem(BaseModel):
    """运行 · One job for one business date."""

    id: int
    job: str = Field(examples=["daily"])
    business_date: Day = Field(description="业务日期 · the day judged")
    status: str = Field(description="running 进行中, done 完成, failed 失败")
    revision: int = Field(description="因新知识而重算的次数 · counts up when a rerun found other knowledge")
    known_at: Instant = Field(description="所知截止时刻 · the instant as of which it read")
    thresholds_version: str
    code_version: str
    claimed_at: Instant
    finished_at: Instant | None
    line_zh: str = Field(description="一句话小结 · one line of summary")
    line_en: str
    summary: dict[str, Any]
    error: str


class RunList(BaseModel):
    """运行台账 · The ledger of runs, newest business date first."""

    items: list[RunItem]
    next: str | None = NEXT


class RunDetail(RunItem):
    """一日运行 · A daily run with what it found."""

    levels: dict[str, int] = Field(description="各等级的研判数 · judgements at each level")


def run_fields(run: Run) -> dict[str, Any]:
    """The fields of `RunItem`."""
    plain = {name: getattr(run, name) for name in Run.__dataclass_fields__}
    summary = finite(run.summary)
    lines = {name: str(summary.get(name, "")) for name in ("line_zh", "line_en")}
    return plain | lines | {"summary": summary, "error": _first_line(run.error)}


def run_detail(run: Run, counts: dict[int, int]) -> RunDetail:
    """A daily run going out."""
    levels = {level_word(level): count for level, count in sorted(counts.items(), reverse=True)}
    return RunDetail(**run_fields(run), levels=levels)


def _first_line(error: str) -> str:
    # a stored traceback is for the log; the last line of it names the error
    return error.strip().splitlines()[-1] if error.strip() else ""
