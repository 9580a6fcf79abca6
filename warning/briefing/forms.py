"""The forms that a bulletin comes in, by their endings."""

from __future__ import annotations

from typing import Literal

from warning.briefing.bulletin import Bulletin

Form = Literal["docx", "pdf", "xlsx"]


def bulletin_file(bulletin: Bulletin, organ: str, form: Form) -> bytes:
    """The bulletin's bytes in one form; `organ` is the office that sends it."""
    if form == "docx":
        from warning.briefing.bulletin_docx import bulletin_docx

        return bulletin_docx(bulletin, organ)
    if form == "pdf":
        from warning.briefing.bulletin_pdf import bulletin_pdf

        return bulletin_pdf(bulletin, organ)
    from warning.briefing.bulletin_xlsx import bulletin_xlsx

    return bulletin_xlsx(bulletin, organ)
