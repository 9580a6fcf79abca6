"""The register of series and of varieties: what they are called, and their ids in the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.catalog import PriceKind
from warning.store.tables import SeriesRow, VarietyRow

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What makes a series: product × market × kind of price (× a variety that speaks alone)."""

    product_id: str
    market_id: str
    kind: PriceKind
    currency: str
    variety: str = ""

    @property
    def text(self) -> str:
        """The id that people and the API use."""
        alone = f":{self.variety}" if self.variety else ""
        return f"{self.product_id}@{self.market_id}:{self.kind.value}{alone}"


def series_ids(session: Session) -> dict[str, int]:
    """Ids of all series by key."""
    return dict(session.execute(select(SeriesRow.key, SeriesRow.id)).all())


def variety_names(session: Session) -> dict[int, str]:
    """Names of all varieties by id."""
    return dict(session.execute(select(VarietyRow.id, VarietyRow.name)).all())


def register_series(session: Session, series: list[SeriesKey], *, feed: str, simulated: bool) -> tuple[Ints, set[int]]:
    """(ids in the order given, ids that are new); series are made in the order of their keys."""
    known = series_ids(session)
    missing = sorted({key.text: key for key in series if key.text not in known}.items())
    made = [
        SeriesRow(
            key=text_,
            product_id=key.product_id,
            market_id=key.market_id,
            kind=key.kind.value,
            variety=key.variety,
            currency=key.currency,
            feed=feed,
            simulated=simulated,
        )
        for text_, key in missing
    ]
    session.add_all(made)
    session.flush()
    known |= {row.key: row.id for row in made}
    return np.array([known[key.text] for key in series], dtype=np.int64), {row.id for row in made}


def register_varieties(session: Session, varieties: list[str]) -> Ints:
    """Ids of the variety names in the order given, made where new."""
    known = dict(session.execute(select(VarietyRow.name, VarietyRow.id)).all())
    made = [VarietyRow(name=name) for name in sorted(set(varieties) - set(known))]
    session.add_all(made)
    session.flush()
    known |= {row.name: row.id for row in made}
    return np.array([known[name] for name in varieties], dtype=np.int64)
