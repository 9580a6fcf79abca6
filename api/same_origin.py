"""Only the board's own pages may post its forms: another site's page cannot act in a person's name."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from warning.errors import ChangxiaoError

OWN = ("same-origin", "none")


class ForeignForm(ChangxiaoError):
    """A form that was sent from another site's page."""

    code, title_zh, status = "foreign-form", "请求来自其他网站", 403


def own_form(request: Request) -> None:
    """Refuse a form of another origin, by what the browser says of it."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in OWN if site else origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        raise ForeignForm(
            "the form was sent from another site", where="origin", todo="open the alert's page and do it there"
        )
