"""Posting JSON to a receiver that may be slow, broken or hostile: a deadline, no redirects, a bounded answer."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pipelines.delivery.addresses import Refused, Resolve, checked_address, resolved
from warning.store.outbox import Outcome

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 10.0, 15.0
MOST_ANSWER = 16_384
GONE = 410


class Unsent(Exception):
    """Nothing was delivered; it says why, and is tried again."""


def post_json(
    target: str, body: bytes, headers: Mapping[str, str], *, private: bool, resolve: Resolve = resolved
) -> tuple[Outcome, Any]:
    """(what came of it, the answer's JSON where it has any)."""
    begun = time.monotonic()
    try:
        status, content = _posted(target, body, headers, begun, private=private, resolve=resolve)
    except Unsent as error:
        return Outcome("retry", None, str(error), time.monotonic() - begun), None
    seconds = time.monotonic() - begun
    if status == GONE:
        return Outcome("gone", status, "gone", seconds), None
    if not 200 <= status < 300:
        return Outcome("retry", status, f"the receiver answered {status}", seconds), None
    return Outcome("sent", status, "", seconds), _json(content)


def _posted(
    target: str, body: bytes, headers: Mapping[str, str], begun: float, *, private: bool, resolve: Resolve
) -> tuple[int, bytes]:
    """(status, beginning of the answer); Unsent says why there is none."""
    import httpx2

    parts = urlsplit(target)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = _address(host, port, private=private, resolve=resolve)
    literal = f"[{address}]" if ":" in address else address
    url = f"{parts.scheme}://{literal}:{port}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    sent = {"content-type": "application/json", "user-agent": "changxiao", "host": parts.netloc, **headers}
    timeout = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    try:
        # the certificate is checked against the name, although the checked address is called
        with httpx2.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client:
            asked = client.build_request("POST", url, content=body, headers=sent, extensions={"sni_hostname": host})
            answer = client.send(asked, stream=True)
            content = _read(answer, begun + WHOLE_SECONDS)
            answer.close()
            return answer.status_code, content
    except TimeoutError as error:
        raise Unsent(f"no whole answer within {WHOLE_SECONDS:g} seconds") from error
    except httpx2.HTTPError as error:
        raise Unsent(f"{type(error).__name__}: {error}") from error


def _address(host: str, port: int, *, private: bool, resolve: Resolve) -> str:
    try:
        return checked_address(host, port, private=private, resolve=resolve)
    except Refused as error:
        raise Unsent(str(error)) from error
    except OSError as error:
        raise Unsent(f"{host} cannot be resolved: {error}") from error


def _read(answer: Any, until: float) -> bytes:
    """The beginning of the answer; TimeoutError where it dribbles past the deadline."""
    content = b""
    for piece in answer.iter_raw():
        content += piece
        if len(content) >= MOST_ANSWER:
            break
        if time.monotonic() > until:
            raise TimeoutError
    return content[:MOST_ANSWER]


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
