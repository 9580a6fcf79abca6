"""Which past weeks are most like a present situation: the pool of a product's past weeks, and distances to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warning.catalog import Product
from warning.indicators.grid import Floats, Ints
from warning.situations import FEATURES, PastWeeks, Situation

Float32s = NDArray[np.float32]

SERIES_APART, PRODUCT_APART = 26, 8
"""Weeks between two cases: in one series, and of one product anywhere, so that one glut is told once."""
WEIGHTS: Final = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5])
"""The time of year is one feature in two parts."""
LEAST_SPREAD: Final = np.array([0.05, 0.03, 0.04, 0.03, 0.10, 0.20, 0.20])
"""A feature that hardly varies in the past must not decide alone."""
_MAD_TO_SIGMA: Final = 1.4826


@dataclass(frozen=True, slots=True)
class Pool:
    """The past weeks that a product is compared with, in the order of time."""

    week: Ints
    row: Ints
    product: Ints
    """The number of each one's product."""
    spread: Floats
    scaled: Float32s
    """FEATURES × past weeks in spreads, times the root of the weight."""
    unknown: tuple[Ints, ...]
    """By feature, the past weeks that did not know it."""
    subjects: dict[tuple[str, str], Ints]
    """The places of the past weeks of each product and market."""

    def nearest(self, present: Situation, count: int, past: PastWeeks) -> list[tuple[int, int, float]]:
        """(row, week, distance) of the most alike, most alike first; the earliest where two are equally so."""
        known = np.flatnonzero(~np.isnan(present.figures))
        if not len(self.week) or 0 not in known:
            return []
        distance = self._squares(present.figures, known)
        now = len(past.sundays) - 1
        self._strike_series(distance, (present.product.id, present.market_id), now)
        picked = []
        for _ in range(count):
            place = int(np.argmin(distance))
            if not np.isfinite(distance[place]):
                break
            spreads = float(np.sqrt(distance[place] / WEIGHTS[known].sum()))
            picked.append((int(self.row[place]), int(self.week[place]), spreads))
            self._strike_series(distance, _subject(past, int(self.row[place])), int(self.week[place]))
            self._strike_product(distance, place)
        return picked

    def _squares(self, figures: Floats, known: Ints) -> Float32s:
        """The weighted sum of squared differences to every past week, feature by feature."""
        total, difference = np.zeros(len(self.week), dtype=np.float32), np.empty(len(self.week), dtype=np.float32)
        for feature in known:
            root = np.sqrt(WEIGHTS[feature])
            here = np.float32(figures[feature] / self.spread[feature] * root)
            np.subtract(self.scaled[feature], here, out=difference)
            np.multiply(difference, difference, out=difference)
            difference[self.unknown[feature]] = WEIGHTS[feature]
            total += difference
        return total

    def _strike_series(self, distance: Float32s, subject: tuple[str, str], week: int) -> None:
        """Strike out what lies within half a year of a week of the same product and market."""
        places = self.subjects.get(subject)
        if places is not None:
            distance[places[np.abs(self.week[places] - week) < SERIES_APART]] = np.inf

    def _strike_product(self, distance: Float32s, place: int) -> None:
        """Strike out what is of the same product and the same weeks as a case already picked."""
        week = self.week[place]
        first, last = np.searchsorted(self.week, [week - PRODUCT_APART, week + PRODUCT_APART + 1])
        near = slice(int(first), int(last))
        distance[near][self.product[near] == self.product[place]] = np.inf


def pool_of(past: PastWeeks, product: Product, fewest: int) -> Pool:
    """The past weeks of the product, or of its group where they are too few."""
    own = [row for row, one in enumerate(past.series) if one.product.id == product.id]
    if past.told[own].sum() < fewest:
        own = [row for row, one in enumerate(past.series) if one.product.group == product.group]
    rows = np.array(own, dtype=np.int64)
    week, among = np.nonzero(past.told[rows].T)
    row = rows[among]
    figures = past.figures[:, row, week]
    spread = _spreads(figures)
    numbers: dict[str, int] = {}
    number = np.array([numbers.setdefault(one.product.id, len(numbers)) for one in past.series], dtype=np.int64)
    roots = np.sqrt(WEIGHTS)[:, np.newaxis]
    subjects: dict[tuple[str, str], list[Ints]] = {}
    for one in own:
        subjects.setdefault(_subject(past, one), []).append(np.flatnonzero(row == one))
    return Pool(
        week=week.astype(np.int64),
        row=row,
        product=number[row],
        spread=spread,
        scaled=np.ascontiguousarray(figures / spread[:, np.newaxis] * roots, dtype=np.float32),
        unknown=tuple(np.flatnonzero(np.isnan(one)) for one in figures),
        subjects={subject: np.concatenate(places) for subject, places in subjects.items()},
    )


def _subject(past: PastWeeks, row: int) -> tuple[str, str]:
    return past.series[row].product.id, past.series[row].market.id


def _spreads(figures: Floats) -> Floats:
    """1.4826 × MAD of each feature over the past weeks, not below the least."""
    spreads = LEAST_SPREAD.copy()
    for feature in range(len(FEATURES)):
        known = figures[feature][~np.isnan(figures[feature])]
        if len(known):
            around = np.abs(known - np.median(known))
            spreads[feature] = max(spreads[feature], _MAD_TO_SIGMA * float(np.median(around)))
    return spreads
