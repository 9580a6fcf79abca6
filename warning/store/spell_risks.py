"""Spell risks: the probability that a slow-sales spell below a line begins within a horizon.

A run writes and reads them as columns, in bulk; a person reads those of one series.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Select, and_, case, delete, func, select
from sqlalchemy.orm import Session

from warning.store.tables import SeriesRow, SpellRiskRow
from warning.store.types import epoch_day

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from warning.store.engine import Store

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Words = NDArray[np.str_]

SPEAKERS = ("champion", "baseline")
GRADES = ("own", "short", "borrowed")
"""How much of the series' own past stands behind a probability: enough, a little, none."""
WRITTEN = ("series_id", "issue_day", "line", "horizon_days", "probability", "speaks", "grade", "artifact")


@dataclass(frozen=True, slots=True)
class SpellRisks:
    """Columns of equal length, a row for each series, line and horizon."""

    series_id: Ints
    line: Floats
    """Share of the reference price: 0.9, 0.8, 0.7, 0.5."""
    horizon_days: Ints
    probability: Floats
    """0 to 1."""
    speaks: Words
    """One of `SPEAKERS`."""
    grade: Words
    """One of `GRADES`."""


@dataclass(frozen=True, slots=True)
class DatedSpellRisks(SpellRisks):
    """Risks with the day each was issued on."""

    issue_day: Ints
    """Days since 1970-01-01."""


@dataclass(frozen=True, slots=True)
class SpellRisk:
    """The risk of one series at one line and horizon."""

    issue_day: dt.date
    line: float
    horizon_days: int
    probability: float
    speaks: Literal["champion", "baseline"]
    grade: Literal["own", "short", "borrowed"]
    artifact: str | None
    """The sha256 of the model that spoke; None for the baseline."""


def write_spell_risks(session: Session, issue_day: dt.date, risks: SpellRisks, *, artifact: str | None) -> None:
    """Replace the risks issued on a day; `artifact` is the sha256 of the model behind the champion's.

    ValueError where a probability is none, or a word is not among `SPEAKERS` or `GRADES`.
    """
    import numpy as np

    from warning.store.bulk_writer import CHUNK, write_rows

    _check(risks, artifact)
    session.execute(delete(SpellRiskRow).where(SpellRiskRow.issue_day == issue_day))
    count = len(risks.series_id)
    spoken = np.full(count, None, dtype=object)
    spoken[risks.speaks == "champion"] = artifact
    columns = (
        risks.series_id,
        np.full(count, epoch_day(issue_day)),
        risks.line,
        risks.horizon_days,
        risks.probability,
        risks.speaks,
        risks.grade,
        spoken,
    )
    starts = range(0, count, CHUNK)
    pieces = (tuple(column[start : start + CHUNK] for column in columns) for start in starts)
    write_rows(session, SpellRiskRow.__tablename__, WRITTEN, pieces)


def _check(risks: SpellRisks, artifact: str | None) -> None:
    import numpy as np

    wrong = ~((risks.probability >= 0) & (risks.probability <= 1))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        told = f"{risks.probability[place]} for series {risks.series_id[place]}"
        raise ValueError(f"a risk is no probability: {told}, line {risks.line[place]}")
    for column, known in ((risks.speaks, SPEAKERS), (risks.grade, GRADES)):
        strange = sorted({str(word) for word in np.unique(column)} - set(known))
        if strange:
            raise ValueError(f"a risk says {strange[0]!r}, which is none of {', '.join(known)}")
    if artifact is None and bool((risks.speaks == "champion").any()):
        raise ValueError("a champion speaks, and no artifact is named")


def latest_spell_risks(
    store: Store, day: dt.date, *, since: dt.date | None = None, few: bool = False
) -> DatedSpellRisks:
    """Each series' newest risks issued on or before `day` (and on or after `since`), by series, line and horizon.

    `few` says that some thousand rows are expected at most. In bulk, only what is committed is seen.
    """
    import numpy as np

    from warning.store.columns import read_columns

    statement = _latest(day, since).compile(store.engine, compile_kwargs={"literal_binds": True})
    kinds = {
        "series_id": "int",
        "issue_day": "int",
        "line": "float",
        "horizon_days": "int",
        "probability": "float",
        "speaks_code": "int",
        "grade_code": "int",
    }
    found = read_columns(store, kinds, f"from ({statement}) as latest", few=few)
    order = np.lexsort((found["horizon_days"], found["line"], found["series_id"]))
    found = {name: values[order] for name, values in found.items()}
    return DatedSpellRisks(
        series_id=found["series_id"],
        line=found["line"],
        horizon_days=found["horizon_days"],
        probability=found["probability"],
        speaks=np.array(SPEAKERS)[found["speaks_code"]],
        grade=np.array(GRADES)[found["grade_code"]],
        issue_day=found["issue_day"],
    )


def _latest(day: dt.date, since: dt.date | None) -> Select[Any]:
    issued = [SpellRiskRow.issue_day <= day]
    if since is not None:
        issued.append(SpellRiskRow.issue_day >= since)
    newest = (
        select(SpellRiskRow.series_id, func.max(SpellRiskRow.issue_day).label("issue_day"))
        .where(*issued)
        .group_by(SpellRiskRow.series_id)
        .subquery()
    )
    return select(
        SpellRiskRow.series_id,
        SpellRiskRow.issue_day,
        SpellRiskRow.line,
        SpellRiskRow.horizon_days,
        SpellRiskRow.probability,
        case({word: code for code, word in enumerate(SPEAKERS)}, value=SpellRiskRow.speaks).label("speaks_code"),
        case({word: code for code, word in enumerate(GRADES)}, value=SpellRiskRow.grade).label("grade_code"),
    ).join(
        newest,
        and_(newest.c.series_id == SpellRiskRow.series_id, newest.c.issue_day == SpellRiskRow.issue_day),
    )


def spell_risks(session: Session, key: str, issued: dt.date) -> tuple[SpellRisk, ...]:
    """The risks of the series of this key issued on a day, the highest line first, then by horizon."""
    mine = select(SpellRiskRow).join(SeriesRow, SeriesRow.id == SpellRiskRow.series_id)
    mine = mine.where(SeriesRow.key == key, SpellRiskRow.issue_day == issued)
    rows = session.scalars(mine.order_by(SpellRiskRow.line.desc(), SpellRiskRow.horizon_days))
    names = [one.name for one in fields(SpellRisk)]
    return tuple(SpellRisk(**{name: getattr(row, name) for name in names}) for row in rows)


def spoken_on(session: Session, issue_day: dt.date, artifact: str) -> bool:
    """Whether the model of this sha256 has risks of that day; a day on which only the baseline spoke counts too."""
    of_day = select(SpellRiskRow.series_id).where(SpellRiskRow.issue_day == issue_day)
    by_model = of_day.where(SpellRiskRow.artifact == artifact)
    other = of_day.where(SpellRiskRow.artifact.is_not(None), SpellRiskRow.artifact != artifact)
    if session.scalar(by_model.limit(1)) is not None:
        return True
    return session.scalar(of_day.limit(1)) is not None and session.scalar(other.limit(1)) is None
