"""The lines below which a slow-sales spell is forecast: one for each level, as shares of the reference price."""

from __future__ import annotations

from typing import Literal

Word = Literal["blue", "yellow", "orange", "red"]
SPELL_LINES: dict[Word, float] = {"blue": 0.9, "yellow": 0.8, "orange": 0.7, "red": 0.5}
"""The line of a level's word."""
PRICES = 0.0
"""Stands where a line would, in figures about prices."""


def level_of_line(line: float) -> Word | None:
    """The word of the level whose line this is; None for `PRICES` and for what is no level's line."""
    return next((word for word, share in SPELL_LINES.items() if share == line), None)
