"""Rendering: templates from this package, everything escaped, nothing loaded from another host."""

from __future__ import annotations

import datetime as dt
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from api.dashboard.glossary import hint
from api.dashboard.prose import inline, one_language, prose
from api.dashboard.signals import signal_name, signal_reading
from api.dashboard.words import Lang, Wording
from api.instants import SHANGHAI

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
    found.filters["moment"] = moment
    found.filters |= {"prose": prose, "inline": inline, "one_language": one_language}
    found.filters |= {"signal": signal_name, "reading": signal_reading, "hint": hint, "inline_json": inline_json}
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


def inline_json(value: object) -> Markup:
    """Numbers within a page, for a script to read: nothing in them can end the element they stand in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def number(value: object) -> str:
    """A number as a person reads it: three digits or more where it is large, thousands apart, a dash for none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "–" if value is None or isinstance(value, float) else str(value)
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:z.1f}" if abs(value) >= 10 else f"{value:z.2f}"


def moment(instant: dt.datetime) -> str:
    """An instant to the minute, as the clocks in Shanghai showed it."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
