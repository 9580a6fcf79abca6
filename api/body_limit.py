"""A body larger than its limit is refused, by its stated length or while it comes in."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import plain, respond

ORDINARY = 2 * 1024 * 1024
"""Bytes: a JSON body of a person's doing; uploads have a limit of their own."""


class BodyLimit:
    """ASGI middleware: `upload_bytes` for the upload path, ORDINARY for everything else."""

    def __init__(self, app: ASGIApp, *, upload_path: str, upload_bytes: int) -> None:
        self.app, self.upload_path, self.upload_bytes = app, upload_path, upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.upload_bytes if scope["path"] == self.upload_path else ORDINARY
        what = f"the body has more than the {limit} bytes that are taken here"
        if _stated_length(scope) > limit:
            state = scope.get("state", {})
            problem = plain(413, what, path=scope["path"], request_id=state.get("request_id"), todo=SPLIT)
            await respond(problem)(scope, receive, send)
            return
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413, what)
            return message

        await self.app(scope, receive_counted, send)


SPLIT = "split the upload, or raise CHANGXIAO_UPLOAD_MAX_BYTES"


def _stated_length(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0
