"""Forms that several answers share."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

PLAIN_TEXT = r"^[^\u0000]*$"
Text = Annotated[str, StringConstraints(pattern=PLAIN_TEXT, max_length=2000, strip_whitespace=True)]
"""Free text of a person; a NUL cannot be stored on every database."""
Name = Annotated[str, StringConstraints(pattern=PLAIN_TEXT, min_length=1, max_length=200, strip_whitespace=True)]
"""A name, an id or a word to look up."""


class Names(BaseModel):
    """名称 · A name in both languages."""

    zh: str
    en: str


class Paging(BaseModel):
    """Which stretch of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=500, description="每页条数 · items a page")
    cursor: str | None = Field(
        None, max_length=2000, description="上一页答复中的 next，原样带回 · `next` of the last answer, as it stands"
    )


NEXT = Field(None, description="下一页的游标；没有则为最后一页 · cursor of the next page; null on the last")


def finite(value: Any) -> Any:
    """The document with null for every number that JSON cannot write."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
