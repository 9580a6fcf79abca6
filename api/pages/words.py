"""The words of the board: what each signal, level and tier means, with its formula and source."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.dashboard.glossary import glossary
from api.dashboard.pages import page
from api.pages.trouble import LangQuery

router = APIRouter(include_in_schema=False)


@router.get("/words")
def words(lang: LangQuery = "zh") -> HTMLResponse:
    """Every word by what it is about."""
    return page("words.html", lang, path="/words", groups=glossary(lang))
