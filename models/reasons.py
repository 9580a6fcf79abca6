"""Why a probability is what it is: what each kind of signal adds to it, against a usual week.

The columns of one kind are put to their usual values and the model is asked again; the difference of the log-odds is
that kind's weight. Beside it stands the number that tells of the kind best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.base import Floats
from models.features.table import Values
from models.spell_risk import SpellRisk
from models.study import Study

LINE: Final = 0.8
SAMPLE_WEEKS: Final = 104
MOST_ROWS: Final = 20_000

KINDS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "season_ahead": (("ahead", "nearness", "last_year_ahead"), "ahead_least8"),
    "anomaly": (("anomaly", "low_share", "since_low"), "anomaly"),
    "momentum": (("momentum", "last_day"), "momentum4"),
    "region": (
        ("region_momentum", "region_last", "region_a", "region_low", "near_", "nearby_", "leader_"),
        "near_momentum2",
    ),
    "apart": (("product_apart", "region_apart", "near_apart", "still", "region_since", "region_d", "product_d"), ""),
    "product": (("product_anomaly", "product_m", "product_low", "product_ahead", "all_", "market_"), "product_low"),
    "volume": (("volume", "product_volume", "region_volume"), "volume_season"),
    "swing": (("swing", "change_spread"), "change_spread4"),
    "reported": (("reported_",), "reported_supply"),
    "past_years": (("past_change", "year_on_year", "two_years"), "past_change8_1"),
}
"""By kind: the beginnings of its columns' names (the longest that fits wins), and the column whose value is told."""
TOLD_APART: Final = "region_apart26"


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """By kind, for each row: the weight in log-odds, and the value of the column told (not read against a line)."""

    weights: Mapping[str, Floats]
    values: Mapping[str, Floats]


def typical(study: Study, column: int) -> Floats:
    """The usual value of each column of `Lined.at`: its median over the two years before the week of `column`."""
    cells = study.cells(max(column - SAMPLE_WEEKS + 1, 0), column)
    values = study.lined.at(LINE, cells[:: max(1, len(cells) // MOST_ROWS)])
    out = np.zeros(values.shape[1])
    some = ~np.isnan(values).all(axis=0)
    if len(values):
        out[some] = np.nanmedian(values[:, some], axis=0)
    return out


def reasons(risk: SpellRisk, values: Values, horizon: int) -> Reasons:
    """The reasons of rows of `Lined.at` values at `LINE`."""
    said = risk.log_odds(values, horizon)
    of_kind = kinds_of(risk.names)
    weights, told = {}, {}
    for kind, (_, name) in KINDS.items():
        usual = values.copy()
        columns = [place for place, found in enumerate(of_kind) if found == kind]
        usual[:, columns] = risk.typical[columns]
        weights[kind] = said - risk.log_odds(usual, horizon)
        told[kind] = values[:, risk.names.index(name or TOLD_APART)].astype(np.float64)
    return Reasons(weights, told)


def kinds_of(names: tuple[str, ...]) -> list[str]:
    """The kind of each column; "" for what is told of nothing (calendar, presence, the line)."""
    starts = sorted(
        ((start, kind) for kind, (begins, _) in KINDS.items() for start in begins), key=lambda one: -len(one[0])
    )
    return [next((kind for start, kind in starts if name.startswith(start)), "") for name in names]
