"""The release table of an artifact: who speaks of a product at a horizon, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from warning.store.tables import ReleaseRow

Speaker = Literal["champion", "point", "baseline"]
EVERY_PRODUCT = ""
"""Stands for every product without a row of its own."""


@dataclass(frozen=True, slots=True)
class Release:
    """Who speaks: the champion with its band or probability, its point forecast only, or the baseline."""

    product_id: str
    horizon_days: int
    speaks: Speaker
    reason_zh: str
    reason_en: str
    figures: dict[str, Any] = field(default_factory=dict)


def write_releases(session: Session, artifact: str, releases: Iterable[Release]) -> None:
    """Replace the release table of the artifact of this sha256."""
    session.execute(delete(ReleaseRow).where(ReleaseRow.artifact == artifact))
    rows = [{"artifact": artifact, **asdict(one)} for one in releases]
    if rows:
        session.execute(insert(ReleaseRow), rows)


def releases_of(session: Session, artifact: str) -> tuple[Release, ...]:
    """The release table of an artifact, by product and horizon; the row for every product comes first."""
    names = [one.name for one in fields(Release)]
    mine = select(ReleaseRow).where(ReleaseRow.artifact == artifact)
    rows = session.scalars(mine.order_by(ReleaseRow.product_id, ReleaseRow.horizon_days))
    return tuple(Release(**{name: getattr(row, name) for name in names}) for row in rows)


def release_for(releases: Iterable[Release], product_id: str, horizon_days: int) -> Release | None:
    """The product's own row at this horizon, else that for every product; None where neither is there."""
    found = {one.product_id: one for one in releases if one.horizon_days == horizon_days}
    return found.get(product_id) or found.get(EVERY_PRODUCT)
