"""Answers that are files to be saved."""

from __future__ import annotations

from typing import Final

from fastapi import Response

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def download(content: bytes, media_type: str, name: str) -> Response:
    """The file under a name of its own."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
