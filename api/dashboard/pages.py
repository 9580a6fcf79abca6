"""Rendering: templates from this package, everything escaped, nothing loaded from another host."""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.dashboard.words import Lang, Wording
from api.instants import at_shanghai

HERE = Path(__file__).parent
STATIC = HERE / "static"
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@cache
def environment() -> Environment:
    """The templates; compiled once a process."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["number"] = number
    found.filters["moment"] = at_shanghai
    return found


def page(
    template: str,
    lang: Lang,
    *,
    status: int = 200,
    path: str = "/",
    as_of: dt.date | None = None,
    **content: Any,
) -> HTMLResponse:
    """A page in one language; `path` and `as_of` are where the language switch leads back to."""
    wording = Wording(lang)
    text = environment().get_template(template).render(t=wording, lang=lang, path=path, as_of=as_of, **content)
    return HTMLResponse(text, status_code=status, headers=SECURITY)


def number(value: object, digits: int = 3) -> str:
    """A number as a person reads it: few digits, a dash for none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "–" if value is None or isinstance(value, float) else str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.{digits}g}"
