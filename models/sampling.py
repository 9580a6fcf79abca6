"""Drawing cells at random so that the same cell is drawn whatever else there is: by its series' key and its week."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from models.market_weeks import MarketWeeks
from models.weekly import Ints

Words = NDArray[np.uint64]


def cell_words(weeks: MarketWeeks, rows: Ints, columns: Ints) -> Words:
    """A word of 64 bits for each cell that depends on its series' key and its Sunday alone."""
    keys = np.array([zlib.crc32(repr(place.key).encode()) for place in weeks.places], dtype=np.uint64)
    return np.asarray(mixed(keys[rows] << np.uint64(32) ^ weeks.sundays[columns].astype(np.uint64)))


def mixed(words: Words) -> Words:
    """Words scattered over all 64 bits (the finaliser of splitmix64; Steele, Lea and Flood 2014)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(words ^ (words >> np.uint64(31)))


def drawn(words: Words, share: float, *, draw: int) -> NDArray[np.bool_]:
    """Whether each cell is drawn; another `draw` draws others."""
    scattered = mixed(words ^ mixed(np.full(1, draw, dtype=np.uint64)))
    return np.asarray((scattered >> np.uint64(11)).astype(np.float64) / 2.0**53 < share)
