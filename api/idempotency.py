"""A repeated POST with the same Idempotency-Key gets the first one's answer instead of being done twice.

Kept as files below CHANGXIAO_HOME, one a key: created exclusively when the work begins, filled by one rename
when it is done, removed where it fails, so that it may be tried again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel

from warning.errors import Conflict

Answer = TypeVar("Answer", bound=BaseModel)

KEPT_FOR_S = 7 * 24 * 3600
ABANDONED_AFTER_S = 3600
"""A claim this old with no answer was left by a process that died."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do the work of one key."""

    path: Path
    request: str

    def keep(self, answer: dict[str, Any]) -> None:
        """Keep the answer for later repeats."""
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps({"request": self.request, "answer": answer}, ensure_ascii=False), encoding="utf-8")
        part.replace(self.path)

    def release(self) -> None:
        """The work failed: let it be tried again."""
        self.path.unlink(missing_ok=True)


def claim(home: Path, key: str, request: str) -> Claim | dict[str, Any]:
    """The claim where the key is new, else the kept answer.

    `request` is a digest of what is asked; Conflict where the key was used for something else, or where the
    first request is still at work.
    """
    folder = home / "idempotency"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (hashlib.sha256(key.encode()).hexdigest() + ".json")
    _forget(path)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return _kept(path, request)
    return Claim(path, request)


def once(
    home: Path, key: str | None, request: str, response: Response, work: Callable[[], Answer], kind: type[Answer]
) -> Answer:
    """The answer of `work`, or the kept one where the key was used before for the same request.

    A kept answer is a 200 that says so in a header; without a key the work is done.
    """
    if key is None:
        return work()
    claimed = claim(home, key, request)
    if not isinstance(claimed, Claim):
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
        return kind.model_validate(claimed)
    done = False
    try:
        answer = work()
        claimed.keep(answer.model_dump(mode="json"))
        done = True
    finally:
        if not done:
            claimed.release()
    return answer


def digest(*parts: bytes) -> str:
    """A digest of a request's parts, their bounds included."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def _kept(path: Path, request: str) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    if not text:
        raise Conflict(
            "a request with this Idempotency-Key is still at work", where="Idempotency-Key", todo="ask again in a while"
        )
    kept = json.loads(text)
    if kept["request"] != request:
        raise Conflict(
            "this Idempotency-Key was used for another request", where="Idempotency-Key", todo="take a new key"
        )
    answer: dict[str, Any] = kept["answer"]
    return answer


def _forget(path: Path) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return
    if time.time() - found.st_mtime > (KEPT_FOR_S if found.st_size else ABANDONED_AFTER_S):
        path.unlink(missing_ok=True)
