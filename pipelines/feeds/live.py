"""Fetching a live feed over HTTP: slowly, patiently, and with every answer kept as it came.

One request a second and host at most (`Pace`), a real User-Agent, time and size limits, and retries with back-off
where a later try can help: no connection, a time-out, 429 and 5xx. A Retry-After is kept to. Anything else fails at
once. Nothing is read here and nothing stored; which feeds may be fetched is the caller's configuration.

A form value `{name}` stands for the hidden field of that name in a page fetched before by the same feed (a form
token). Redirects are not followed: a source that moved is a matter for a person.
"""

from __future__ import annotations

import datetime as dt
import html
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pipelines.feeds.base import Feed, LiveRequest, RawFile
from warning.errors import FeedFailed

if TYPE_CHECKING:
    import httpx2

RETRIED_STATUS: Final = frozenset({429, 500, 502, 503, 504})
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_INPUT: Final = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""\b(name|value)\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_TODO: Final = "try again later, or upload the source's files by hand"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how large and how often; seconds and bytes."""

    attempts: int = 4
    wait_first: float = 2.0
    wait_longest: float = 60.0
    longest_answer_s: float = 120.0
    largest_answer: int = 32 * 1024 * 1024


@dataclass(slots=True)
class Pace:
    """At most one request per `interval` seconds to a host; share one among all fetches of a process."""

    interval: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, host: str) -> None:
        """Take the host's next free moment and sleep until it."""
        with self._lock:
            now = self.clock()
            moment = max(now, self._next.get(host, -math.inf))
            self._next[host] = moment + self.interval
        if moment > now:
            self.sleep(moment - now)


@dataclass(frozen=True, slots=True)
class _Way:
    """What every request of a fetch goes through."""

    client: httpx2.Client
    pace: Pace
    limits: Limits


class _Unavailable(Exception):
    """An answer that a later try may better; `after` seconds where the source says when."""

    def __init__(self, what: str, after: float | None = None) -> None:
        super().__init__(what)
        self.what, self.after = what, after


def open_client(
    user_agent: str, *, timeout: float = 30.0, transport: httpx2.BaseTransport | None = None
) -> httpx2.Client:
    """A client that names itself `user_agent`; close it after use. `transport` is for tests.

    Raises FeedFailed where the User-Agent is empty: sources must be able to see who asks.
    """
    import httpx2

    if not user_agent.strip():
        raise FeedFailed("no User-Agent is set", where="settings", todo="set one that names you and how to reach you")
    return httpx2.Client(
        headers={"User-Agent": user_agent}, timeout=timeout, transport=transport, follow_redirects=False
    )


def fetch(
    feed: Feed, business_date: dt.date, *, client: httpx2.Client, pace: Pace, limits: Limits | None = None
) -> list[RawFile]:
    """Every answer of `feed` for `business_date`, raw, in the order of its requests.

    Raises FeedFailed at the first request that fails for good; `answers` gives those that came before it.
    """
    return list(answers(feed, business_date, client=client, pace=pace, limits=limits))


def answers(
    feed: Feed, business_date: dt.date, *, client: httpx2.Client, pace: Pace, limits: Limits | None = None
) -> Iterator[RawFile]:
    """The answers of `feed` for `business_date` one by one, as they arrive; raises as `fetch` does."""
    if feed.live is None:
        raise FeedFailed(f"{feed.id} is not a live feed", where=feed.id, todo="upload its files instead")
    way = _Way(client, pace, limits or Limits())
    pages: list[bytes] = []
    for request in feed.live.requests(business_date):
        content = _patiently(feed, request, _filled(feed, request, pages), way)
        if request.name.endswith(".html"):
            pages.append(content)
        yield RawFile(request.name, content)


def _filled(feed: Feed, request: LiveRequest, pages: list[bytes]) -> dict[str, str]:
    """The form with its placeholders filled from the pages fetched before."""
    form = dict(request.form)
    for key, value in form.items():
        if wanted := _PLACEHOLDER.fullmatch(value):
            form[key] = _hidden(feed, request, wanted[1], pages)
    return form


def _hidden(feed: Feed, request: LiveRequest, name: str, pages: list[bytes]) -> str:
    for page in reversed(pages):
        for tag in _INPUT.findall(page.decode("utf-8", "replace")):
            attributes = {key.lower(): html.unescape(value) for key, value in _ATTRIBUTE.findall(tag)}
            if attributes.get("name") == name and attributes.get("value"):
                return attributes["value"]
    what = f"the page fetched before has no field {name}"
    raise FeedFailed(what, where=f"{feed.id}: {request.url}", todo="the source changed its page; upload files instead")


def _patiently(feed: Feed, request: LiveRequest, form: dict[str, str], way: _Way) -> bytes:
    """One request with retries; the body of its 200 answer."""
    import httpx2
    import stamina

    where, limits = f"{feed.id}: {request.method} {request.url}", way.limits
    tries = stamina.retry_context(
        on=lambda error: _again(error, limits),
        attempts=limits.attempts,
        timeout=None,
        wait_initial=limits.wait_first,
        wait_max=limits.wait_longest,
        wait_jitter=limits.wait_first / 2,
    )
    try:
        for attempt in tries:
            with attempt:
                return _once(request, form, where, way)
    except _Unavailable as error:
        raise FeedFailed(f"{error.what}, {limits.attempts} times", where=where, todo=_TODO) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
        raise FeedFailed(f"no answer: {type(error).__name__} {error}".rstrip(), where=where, todo=_TODO) from error
    raise FeedFailed("no attempt was made", where=where, todo="set attempts to 1 or more")


def _again(error: Exception, limits: Limits) -> bool | float:
    """Whether to try again after `error`, or in how many seconds."""
    import httpx2

    if isinstance(error, _Unavailable):
        return True if error.after is None else min(error.after, limits.wait_longest)
    hopeless = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)
    return isinstance(error, httpx2.TransportError) and not isinstance(error, hopeless)


def _once(request: LiveRequest, form: dict[str, str], where: str, way: _Way) -> bytes:
    import httpx2

    way.pace.wait(httpx2.URL(request.url).host)
    with way.client.stream(
        request.method,
        request.url,
        params=request.params or None,
        data=form or None,
        json=request.json,
        headers=request.headers,
    ) as response:
        if response.status_code in RETRIED_STATUS:
            raise _Unavailable(f"status {response.status_code}", _retry_after(response.headers.get("Retry-After")))
        if response.status_code != 200:
            moved = f" to {response.headers.get('Location')}" if response.has_redirect_location else ""
            raise FeedFailed(f"status {response.status_code}{moved}", where=where, todo=_advice(response.status_code))
        return _body(response, where, way)


def _advice(status: int) -> str:
    if status in (401, 403, 407, 451):
        return "the source refuses programs; ask for its agreement, or upload files"
    return "the source moved or changed its query; upload files instead"


def _retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header; its rarer date form is left to the back-off."""
    return float(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else None


def _body(response: httpx2.Response, where: str, way: _Way) -> bytes:
    """The decoded body, within the limits of size and time."""
    pace, limits = way.pace, way.limits
    started, parts, size = pace.clock(), [], 0
    for part in response.iter_bytes(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > limits.largest_answer:
            what = f"the answer is larger than {limits.largest_answer} bytes"
            raise FeedFailed(what, where=where, todo="check what the source sends now; upload files instead")
        if pace.clock() - started > limits.longest_answer_s:
            raise FeedFailed(f"the answer took longer than {limits.longest_answer_s:g} s", where=where, todo=_TODO)
    if not size:
        raise _Unavailable("an empty answer")
    return b"".join(parts)
