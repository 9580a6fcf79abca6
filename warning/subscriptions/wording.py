"""What a message says: a subject of one line, plain text, and HTML in which everything from outside is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from warning.messages.cap import headline
from warning.messages.notice import Notice, plain

COLOURS: Final = {4: "#b3151b", 3: "#f08c1d", 2: "#e0bd00", 1: "#1f66b0"}
TITLE: Final = "畅销 · 农产品滞销预警"
SIMULATED: Final = "【模拟】"
LONGEST_SUBJECT: Final = 150


def subject(notices: Sequence[Notice]) -> str:
    """One line without breaks: the first headline, or how many there are."""
    first = headline(notices[0], 0)
    told = first if len(notices) == 1 else f"{first} 等{len(notices)}条"
    mark = SIMULATED if any(one.simulated for one in notices) else ""
    return " ".join(f"{mark}{told}".split())[:LONGEST_SUBJECT]


def text(notices: Sequence[Notice], base: str = "") -> str:
    """All of it as plain text, Chinese first, English below."""
    return "\n\n".join(_one(notice, base) for notice in notices)


def html(notices: Sequence[Notice], base: str = "") -> str:
    """All of it as HTML for mail."""
    parts = []
    for one in notices:
        colour = COLOURS.get(one.level, "#56605c")
        lines = "".join(f"<li>{escape(plain(line))}</li>" for line in _lines(one, 0))
        english = escape(plain("; ".join(_lines(one, 1))))
        link = f'<p><a href="{escape(_link(one, base))}">{escape(one.alert_id)}</a></p>' if base else ""
        parts.append(
            f'<h3 style="border-left:6px solid {colour};padding-left:8px">{escape(_title(one))}</h3>'
            f"<ul>{lines}</ul><p>{escape(headline(one, 1))}<br>{english}</p>{link}"
        )
    return f'<html><head><meta charset="utf-8"></head><body>{"".join(parts)}<p>{escape(TITLE)}</p></body></html>'


def markdown(notices: Sequence[Notice], base: str = "", *, most: int) -> str:
    """For chat robots: a heading a notice; at most so many bytes of UTF-8, cut at a whole notice where it can be."""
    told = ""
    for number, one in enumerate(notices):
        lines = "\n".join(f"> {_quiet(line)}" for line in _lines(one, 0))
        link = f"\n[{_quiet(one.alert_id)}]({_link(one, base)})" if base else ""
        part = f"### {_quiet(_title(one))}\n{lines}{link}\n\n"
        if len((told + part).encode()) > most:
            left = f"……另有 {len(notices) - number} 条\n"
            return (told or part.encode()[: most - 64].decode(errors="ignore") + "\n") + left
        told += part
    return told


def _one(notice: Notice, base: str) -> str:
    lines = "\n".join(f"· {plain(line)}" for line in _lines(notice, 0))
    link = f"\n{_link(notice, base)}" if base else ""
    return f"{_title(notice)}\n{lines}\n{headline(notice, 1)}\n{plain('; '.join(_lines(notice, 1)))}{link}"


def _title(notice: Notice) -> str:
    return f"{SIMULATED if notice.simulated else ''}{headline(notice, 0)}"


def _lines(notice: Notice, place: int) -> list[str]:
    """Reasons, tonnes, first channels."""
    found = [one[place] for one in notice.why if one[place]] or [notice.reason[place]]
    if notice.surplus_t is not None:
        estimated = ("（估算）", " (estimated)")[place] if notice.surplus_estimated else ""
        found.append((f"待消纳 {notice.surplus_t:,.1f} 吨", f"{notice.surplus_t:,.1f} t to place")[place] + estimated)
    return [one for one in (*found, *(channel[place] for channel in notice.channels)) if one]


def _link(notice: Notice, base: str) -> str:
    from urllib.parse import quote

    return f"{base}/alerts/{quote(notice.alert_id, safe='')}"


def _quiet(words: str) -> str:
    """Words in which markdown finds no mark-up of its own."""
    kept = " ".join(plain(words).split())
    for mark in "\\`*_[]<>#@":
        kept = kept.replace(mark, "\\" + mark if mark not in "<>@" else {"<": "＜", ">": "＞", "@": "＠"}[mark])
    return kept
