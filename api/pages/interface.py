"""The interface in words; the machine's form is /openapi.json."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.dashboard.pages import page
from api.pages.trouble import LangQuery

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def interface(request: Request, lang: LangQuery = "zh") -> HTMLResponse:
    """Every operation with its parameters and answers."""
    document: dict[str, Any] = request.app.openapi()
    operations = [
        {"path": path, "method": method, **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    tags = [
        {**tag, "operations": [each for each in operations if tag["name"] in each.get("tags", [])]}
        for tag in document["tags"]
    ]
    return page("interface.html", lang, path="/docs", about=document["info"], tags=tags)
