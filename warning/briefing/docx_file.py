"""A document as the bytes of a .docx file: equal documents give equal bytes, whenever they are written."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from docx.document import Document

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip archive can tell."""
_FOREIGN: Final = ("/thumbnail", "/extended-properties")
"""Parts of the base template that speak of another program's document."""


def docx_bytes(document: Document) -> bytes:
    """The file of a document, without the base template's picture and program, with every entry dated the same."""
    links = document.part.package.rels
    for key in [key for key, link in links.items() if link.reltype.endswith(_FOREIGN)]:
        del links[key]
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
