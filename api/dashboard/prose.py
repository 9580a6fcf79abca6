"""Texts of the interface's description as paragraphs: bilingual ones by language, `code` as code, all escaped."""

from __future__ import annotations

import re
from itertools import pairwise

from markupsafe import Markup, escape

from api.dashboard.words import Lang

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
CODE = re.compile(r"`([^`]+)`")
SPLIT = " · "


def one_language(text: str, lang: Lang) -> str:
    """Of `中文 · English` the half in this language; a text in one language stands as it is."""
    zh, _, en = text.partition(SPLIT)
    if not en or not CHINESE.search(zh):
        return text
    return zh if lang == "zh" else en


def prose(text: str, lang: Lang) -> Markup:
    """Paragraphs and `- ` lists as HTML; in English the Chinese paragraphs are left out where others say the same."""
    blocks = [_joined(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    other = [block for block in blocks if not _chinese(block[0])]
    kept = other if lang == "en" and other else blocks
    return Markup("\n").join(_block(lines, lang) for lines in kept)


def inline(text: str) -> Markup:
    """The text with `code` marked."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))


def _chinese(line: str) -> bool:
    return bool(CHINESE.search(line)) and SPLIT not in line


def _joined(block: str) -> list[str]:
    """The block's items: a line that begins no `- ` item goes on with the one before."""
    items: list[list[str]] = []
    for line in block.splitlines():
        if line.startswith("- ") or not items:
            items.append([line.strip()])
        else:
            items[-1].append(line.strip())
    return [_one_line(parts) for parts in items]


def _one_line(parts: list[str]) -> str:
    text = parts[0]
    for before, after in pairwise(parts):
        solid = CHINESE.match(before[-1:]) and CHINESE.match(after[:1])
        text += after if solid else f" {after}"
    return text


def _block(lines: list[str], lang: Lang) -> Markup:
    texts = [inline(one_language(line.removeprefix("- "), lang)) for line in lines]
    if lines[0].startswith("- "):
        return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(text) for text in texts))
    return Markup("").join(Markup("<p>{}</p>").format(text) for text in texts)
