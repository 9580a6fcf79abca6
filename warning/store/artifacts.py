"""Trained models: bytes kept by sha256 below CHANGXIAO_HOME/models, with what they learned from and their word.

A run uses the newest released artifact as of its day, so that a replay of a day uses what that day had.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass, fields
from typing import IO, TYPE_CHECKING, Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.errors import DamagedArtifact, NotFound
from warning.store.engine import lock_writers
from warning.store.kept_files import keep_file
from warning.store.tables import ArtifactRow

if TYPE_CHECKING:
    from warning.store.engine import Store

FOLDER = "models"
Kind = Literal["spell_risk", "price_bands"]
Status = Literal["released", "held"]


@dataclass(frozen=True, slots=True)
class ArtifactFacts:
    """What is known of a trained model: its data, the code that made it, its skill, and whether it may be used."""

    kind: Kind
    as_of: dt.date
    """The last Sunday whose data it learned from."""
    data_first: dt.date
    data_last: dt.date
    series: int
    rows: int
    code_version: str
    made_at: dt.datetime
    skill: dict[str, Any]
    status: Status
    reason: str
    """Why it was released or held."""


@dataclass(frozen=True, slots=True)
class Artifact(ArtifactFacts):
    """A trained model that is kept: its facts, its digest and where its bytes lie below the store's home."""

    sha256: str
    size: int
    path: str


def keep_artifact(store: Store, content: bytes, facts: ArtifactFacts) -> Artifact:
    """Keep the bytes of a trained model, then register them; the same bytes are kept once."""

    def write(file: IO[bytes]) -> str:
        file.write(content)
        return hashlib.sha256(content).hexdigest()

    path, sha256, size = keep_file(store.home / FOLDER, "", write)
    with store.writing() as session:
        return register_artifact(session, facts, sha256=sha256, size=size, path=str(path.relative_to(store.home)))


def register_artifact(session: Session, facts: ArtifactFacts, *, sha256: str, size: int, path: str) -> Artifact:
    """Enter a kept file. Of bytes that are known as of the same day, the last word on their release holds.

    Known as of another day they stay as they are: what an earlier day could use does not change.
    """
    lock_writers(session.connection())
    row = session.get(ArtifactRow, sha256)
    if row is None:
        row = ArtifactRow(sha256=sha256, size=size, path=path, **asdict(facts))
        session.add(row)
    elif row.as_of == facts.as_of:
        row.status, row.reason, row.skill = facts.status, facts.reason, facts.skill
    session.flush()
    session.refresh(row)  # as it is kept: NaN is null there
    return _artifact(row)


def read_artifact(store: Store, sha256: str) -> bytes:
    """The bytes of a registered artifact; DamagedArtifact where they are gone or not those that were kept."""
    with store.session() as session:
        artifact = find_artifact(session, sha256)
    path = store.home / artifact.path
    todo = f"bring it back from a backup, or make it anew: `changxiao fit --as-of {artifact.as_of}`"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedArtifact(f"the model's file cannot be read: {error}", where=str(path), todo=todo) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DamagedArtifact(
            f"the model's file has the digest {found[:12]}…, not {sha256[:12]}…", where=str(path), todo=todo
        )
    return content


def find_artifact(session: Session, sha256: str) -> Artifact:
    """The artifact of this digest, or NotFound."""
    row = session.get(ArtifactRow, sha256)
    if row is None:
        raise NotFound(f"there is no model {sha256}", where="artifact", todo="make one: `changxiao fit`")
    return _artifact(row)


def released_as_of(session: Session, kind: Kind, day: dt.date) -> Artifact | None:
    """The newest released artifact of a kind that a run of `day` may use; None where there was none yet."""
    mine = select(ArtifactRow).where(
        ArtifactRow.kind == kind, ArtifactRow.status == "released", ArtifactRow.as_of <= day
    )
    row = session.scalars(mine.order_by(*_NEWEST_FIRST).limit(1)).first()
    return None if row is None else _artifact(row)


def list_artifacts(session: Session, kind: Kind | None = None) -> tuple[Artifact, ...]:
    """Artifacts, held ones included, newest first."""
    statement = select(ArtifactRow)
    if kind is not None:
        statement = statement.where(ArtifactRow.kind == kind)
    return tuple(_artifact(row) for row in session.scalars(statement.order_by(*_NEWEST_FIRST)))


def decide_artifact(session: Session, sha256: str, status: Status, reason: str) -> Artifact:
    """Release an artifact, or hold it back, with the reason."""
    find_artifact(session, sha256)
    row = session.get_one(ArtifactRow, sha256, with_for_update=True)
    row.status, row.reason = status, reason
    session.flush()
    return _artifact(row)


_NEWEST_FIRST = (ArtifactRow.as_of.desc(), ArtifactRow.made_at.desc(), ArtifactRow.sha256)


def _artifact(row: ArtifactRow) -> Artifact:
    return Artifact(**{field.name: getattr(row, field.name) for field in fields(Artifact)})
