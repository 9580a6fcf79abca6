"""Conditional GETs: an answer under /v1 carries a weak ETag of its bytes; an unchanged one is a bare 304."""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CACHE_CONTROL = "private, must-revalidate"


class ConditionalGet:
    """ASGI middleware for whole JSON answers; streams pass through untouched."""

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(self.prefix):
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, asked=Headers(scope=scope).get("if-none-match", ""))
        await self.app(scope, receive, answer.take)


class _Answer:
    """Holds a JSON answer back until it is whole, then sends it with its ETag, or a 304."""

    def __init__(self, send: Send, *, asked: str) -> None:
        self.send, self.asked = send, asked
        self.start: Message | None = None
        self.body = bytearray()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_json(message):
            self.start = message
        elif message["type"] == "http.response.body" and self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self.start)
        else:
            await self.send(message)

    async def _finish(self, start: Message) -> None:
        etag = f'W/"{hashlib.sha256(self.body).hexdigest()[:32]}"'
        headers = MutableHeaders(scope=start)
        headers["ETag"] = etag
        headers["Cache-Control"] = CACHE_CONTROL
        if _matches(self.asked, etag):
            start["status"] = 304
            del headers["content-length"]
            del headers["content-type"]
            self.body.clear()
        await self.send(start)
        await self.send({"type": "http.response.body", "body": bytes(self.body)})


def _is_json(message: Message) -> bool:
    return message["status"] == 200 and Headers(raw=message["headers"]).get("content-type", "") == "application/json"


def _matches(asked: str, etag: str) -> bool:
    opaque = etag.removeprefix("W/")
    return asked.strip() == "*" or opaque in (part.strip().removeprefix("W/") for part in asked.split(","))
