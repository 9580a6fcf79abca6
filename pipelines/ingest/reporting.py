"""Township reports on their way into the store: names matched, the first version and corrections told apart."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.ingest.account import CONFLICT
from pipelines.ingest.sifting import Sieve
from warning.store.reports import FIGURES, add_report

if TYPE_CHECKING:
    from warning.store.engine import Session

Record = dict[Any, Any]


def store_reports(session: Session, sieve: Sieve, snapshot_id: int, received_at: dt.datetime) -> tuple[int, int]:
    """(accepted, repeated) reports of the upload; those whose names mean nothing join the rejected lines.

    A report that is new is held to have been known in the evening of its day, however late it is filed; one that
    corrects what is held already is known from its receipt.
    """
    told: dict[tuple[Any, ...], Record] = {}
    accepted = repeated = 0
    for record in (record for reports in sieve.reports for record in reports.to_dict("records")):
        identity = _identity(sieve, record)
        if identity is None:
            continue
        figures = {name: _figure(name, record.get(name)) for name in FIGURES}
        key = tuple(identity.values())
        if told.setdefault(key, figures) != figures:
            detail = "the same township, product, lot and day stands twice with other figures; the first holds"
            _reject(sieve, record, CONFLICT, detail)
            continue
        made = add_report(
            session,
            **identity,
            issued_at=min(_evening(identity["day"]), received_at),
            corrected_at=received_at,
            snapshot_id=snapshot_id,
            reported_by=str(record.get("reported_by") or ""),
            simulated=sieve.feed.simulated,
            **figures,
        )
        accepted += made is not None
        repeated += made is None
    return accepted, repeated


def _identity(sieve: Sieve, record: Record) -> dict[str, Any] | None:
    """What the report is on; None where a name means nothing, which is then told."""
    township = sieve.matcher.township(str(record["township"]))
    product = sieve.matcher.product(str(record["product"]))
    wrong = next((found for found in (township, product) if found.reason), None)
    if wrong is not None:
        _reject(sieve, record, wrong.reason, wrong.detail)
        for kind in ("township", "product"):
            sieve.note_unknown((kind, sieve.feed.id, "", str(record[kind])), 1)
        return None
    lot = str(record.get("lot") or "")
    return {"township_id": township.id, "product_id": product.id, "lot": lot, "day": _date(record["day"])}


def _reject(sieve: Sieve, record: Record, reason: str, detail: str) -> None:
    told = (record["township"], record["product"], record.get("lot"), f"{_date(record['day'])}")
    text = ", ".join(str(word) for word in told if word)
    sieve.tally.reject(str(record.get("file", "")), int(record.get("line", 0)), reason, detail, text)


def _evening(day: dt.date) -> dt.datetime:
    """20:00 in Shanghai."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def _date(value: Any) -> dt.date:
    return pd.Timestamp(value).date()


def _figure(name: str, value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if name in {"harvest_from", "harvest_to", "season_end"}:
        return _date(value)
    if name in {"bids_received", "road_blocked"}:
        return bool(value)
    return str(value) if name in {"outlet", "note"} else float(value)
