"""What a plan cannot place, and why: by township, product and lot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.problem import Batch, Problem
from warning.absorption.refusals import WORDS, Refusal
from warning.indicators.grid import Floats

SMALL_T = 0.0005
ORDER = (
    Refusal.EXPIRED, Refusal.ROAD, Refusal.PRICE, Refusal.LATE, Refusal.QUOTA, Refusal.CLOSED, Refusal.FAR,
    Refusal.FAULTY, Refusal.CHANNEL, Refusal.PRODUCT,
)  # fmt: skip
"""Where no unit is left, the reason nearest to being mended is told: of the units that accept the product first."""

BOUNDS = (
    ("channel_share", ("单一渠道占比上限", "the bound on one channel's share")),
    ("fairness_k", ("乡镇公平上限", "the bound on fairness among townships")),
)
"""Options that hold goods back although a unit has room."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Tonnes of a batch that go nowhere; `reason` is a `Refusal`'s key, `full` where all that may take it is full."""

    product_id: str
    township_id: str
    lot: str
    release: dt.date
    expiry: dt.date
    tonnes: float
    reason: str
    text_zh: str
    text_en: str


def unplaced(problem: Problem, network: Network, tonnes: Floats) -> tuple[Unplaced, ...]:
    """All that is left of the batches, largest first."""
    sent = (
        np.bincount(network.arcs.batch, tonnes, len(problem.batches)) if len(tonnes) else np.zeros(len(problem.batches))
    )
    found = [
        _left(problem, network, number, batch, batch.tonnes - sent[number])
        for number, batch in enumerate(problem.batches)
        if batch.tonnes - sent[number] > SMALL_T
    ]
    return tuple(sorted(found, key=lambda one: -one.tonnes))


def _left(problem: Problem, network: Network, number: int, batch: Batch, tonnes: float) -> Unplaced:
    row = network.refused[number]
    why = Refusal.NONE
    if not len(row):
        why = Refusal.PRODUCT
    elif not (row == 0).any():
        present = set(row.tolist())
        why = next(reason for reason in ORDER if reason in present)
    zh, en = WORDS[why]
    if why == Refusal.NONE:
        zh, en = _full(problem, network, number, zh, en)
    key = "full" if why == Refusal.NONE else why.name.lower()
    return Unplaced(
        batch.product_id, batch.township_id, batch.lot, batch.release, batch.expiry, float(tonnes), key, zh, en
    )  # fmt: skip


def _full(problem: Problem, network: Network, number: int, zh: str, en: str) -> tuple[str, str]:
    """Full, or held back by a bound that was asked for; and for which reasons other units stood aside."""
    asked = [words for bound, words in BOUNDS if getattr(problem.options, bound) is not None]
    if asked:
        zh = f"{zh}，或受{'、'.join(one for one, _ in asked)}所限"
        en = f"{en}, or held back by {' and '.join(one for _, one in asked)}"
    may = np.flatnonzero(network.refused[number] == 0)
    if problem.options.whole_lots and any(problem.units[place].minimum_lot_t > 0 for place in may):
        zh, en = f"{zh}，或不足最小批量", f"{en}, or less than a minimum lot is left"
    counts = np.bincount(network.refused[number], minlength=len(Refusal))
    zh, en = f"{zh}（{counts[Refusal.NONE]} 家）", f"{en} ({counts[Refusal.NONE]})"
    counts[[Refusal.NONE, Refusal.PRODUCT, Refusal.CHANNEL]] = 0
    for why in np.argsort(-counts, kind="stable")[:2]:
        if counts[why]:
            words = WORDS[Refusal(int(why))]
            zh, en = f"{zh}；另有 {counts[why]} 家：{words[0]}", f"{en}; {counts[why]} more: {words[1]}"
    return zh, en
