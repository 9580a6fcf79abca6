"""Reading one price series: what it is, its observations as of an instant, its forecasts.

Small reads for people, without frames; a run reads the panel in bulk through `warning.store.observations`.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.quality import UNREADABLE_PRICE, UNREADABLE_VOLUME, Quality
from warning.store.paging import Key, Order, Page, read_page
from warning.store.tables import PROMOTED, ForecastRow, ObservationRow, RetractedObservationRow, SeriesRow, SnapshotRow
from warning.store.types import day_of, epoch_day, epoch_us, instant_of

VERSION = (
    "day",
    "variety_id",
    "issued_at",
    "snapshot_id",
    "price_per_kg",
    "price_low",
    "price_high",
    "volume_kg",
    "flags",
)


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What a price series is, and the days it spans."""

    key: str
    product_id: str
    market_id: str
    kind: str
    variety: str
    currency: str
    feed: str
    simulated: bool
    first_day: dt.date | None
    last_day: dt.date | None


@dataclass(frozen=True, slots=True)
class PooledDay:
    """A day of a series: the median price of its varieties, their volume summed, what is known of both."""

    day: dt.date
    price_per_kg: float | None
    price_low: float | None
    price_high: float | None
    volume_kg: float | None
    varieties: int
    flags: Quality
    issued_at: dt.datetime
    snapshots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is let into a read: issued by `as_of`, and received by `received_before` where that is given."""

    as_of: dt.datetime
    received_before: dt.datetime | None = None


def list_series(
    session: Session, *, product_id: str | None, market_id: str | None, scope: str, limit: int, cursor: str | None
) -> Page[SeriesFacts]:
    """Series by key."""
    order = Order((Key(SeriesRow.key, str),), scope)
    statement = _facts()
    if product_id is not None:
        statement = statement.where(SeriesRow.product_id == product_id)
    if market_id is not None:
        statement = statement.where(SeriesRow.market_id == market_id)
    return read_page(
        session,
        statement,
        order,
        limit=limit,
        cursor=cursor,
        give=lambda row: _series(*row),
        keys=lambda row: (row[0].key,),
    )


def series_of_product(session: Session, product_id: str) -> tuple[SeriesFacts, ...]:
    """Every series of a product, by key."""
    wanted = _facts().where(SeriesRow.product_id == product_id).order_by(SeriesRow.key)
    return tuple(_series(*row) for row in session.execute(wanted))


def find_series(session: Session, key: str) -> SeriesFacts:
    """The series of this key, or NotFound."""
    row = session.execute(_facts().where(SeriesRow.key == key)).first()
    if row is None:
        raise NotFound(f"there is no series {key}", where="id", todo="list them with GET /v1/series?product=")
    return _series(*row)


def observations(
    session: Session,
    key: str,
    knowledge: Knowledge,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    limit: int,
    cursor: str | None = None,
    scope: str = "",
) -> Page[PooledDay]:
    """The days of a series as known then, oldest first; at most `limit` of them."""
    series_id = session.scalar(select(SeriesRow.id).where(SeriesRow.key == key))
    if series_id is None:
        raise NotFound(f"there is no series {key}", where="id", todo="list them with GET /v1/series?product=")
    order = Order((Key(None, int),), scope)
    first = epoch_day(since) if since else None
    if cursor:
        after = int(order.decode(cursor)[0]) + 1
        first = after if first is None else max(first, after)
    last = epoch_day(until) if until else None
    days: list[PooledDay] = []
    for pooled in _pooled(_versions(session, series_id, knowledge, first, last)):
        if len(days) == limit:
            return Page(tuple(days), order.encode([epoch_day(days[-1].day)]))
        days.append(pooled)
    return Page(tuple(days))


@dataclass(frozen=True, slots=True)
class ForecastStep:
    """A forecast at one horizon, with the baseline beside it; prices per kg in the series' currency."""

    issue_day: dt.date
    model: str
    horizon_days: int
    target_day: dt.date
    q10: float
    q50: float
    q90: float
    baseline: str
    baseline_q10: float
    baseline_q50: float
    baseline_q90: float
    speaks: str
    reason: str


def forecasts(session: Session, key: str, issued: dt.date | None) -> tuple[ForecastStep, ...]:
    """The forecasts issued on `issued`, by model and horizon; the newest ones where None."""
    find_series(session, key)
    mine = select(ForecastRow).join(SeriesRow, SeriesRow.id == ForecastRow.series_id).where(SeriesRow.key == key)
    if issued is None:
        newest = mine.with_only_columns(func.max(ForecastRow.issue_day))
        issued = session.scalar(newest)
    rows = session.scalars(
        mine.where(ForecastRow.issue_day == issued).order_by(ForecastRow.model, ForecastRow.horizon_days)
    )
    names = ForecastStep.__dataclass_fields__
    return tuple(ForecastStep(**{name: getattr(row, name) for name in names}) for row in rows)


def _facts() -> Select[*tuple[Any, ...]]:
    def edge(pick: Any) -> Any:
        days = select(pick(ObservationRow.day)).where(ObservationRow.series_id == SeriesRow.id)
        return days.correlate(SeriesRow).scalar_subquery()

    return select(SeriesRow, edge(func.min), edge(func.max))


def _series(row: SeriesRow, first: int | None, last: int | None) -> SeriesFacts:
    return SeriesFacts(
        key=row.key,
        product_id=row.product_id,
        market_id=row.market_id,
        kind=row.kind,
        variety=row.variety,
        currency=row.currency,
        feed=row.feed,
        simulated=row.simulated,
        first_day=None if first is None else day_of(first),
        last_day=None if last is None else day_of(last),
    )


def _versions(
    session: Session, series_id: int, knowledge: Knowledge, first: int | None, last: int | None
) -> Iterator[Any]:
    """Versions let in by `knowledge`, by day; several of a variety where receipt is asked for."""
    rows: list[Any] = []
    for table in (ObservationRow, RetractedObservationRow):
        columns = [*(getattr(table, name) for name in VERSION), SnapshotRow.received_at]
        statement = select(*columns).join(SnapshotRow, SnapshotRow.id == table.snapshot_id, isouter=True)
        statement = statement.where(table.series_id == series_id, _known(table, knowledge))
        if first is not None:
            statement = statement.where(table.day >= first)
        if last is not None:
            statement = statement.where(table.day <= last)
        rows.extend(session.execute(statement).all())
    return iter(sorted(rows, key=lambda row: (row.day, row.variety_id, *_standing(row, knowledge))))


def _standing(row: Any, knowledge: Knowledge) -> tuple[bool, int, int]:
    """The last of these holds; what became a first version by a retraction was not read before its receipt."""
    promoted = row.flags & PROMOTED == PROMOTED
    read = not promoted or row.received_at is None or row.received_at <= knowledge.as_of
    return read, row.issued_at, row.snapshot_id


def _known(table: type[ObservationRow] | type[RetractedObservationRow], knowledge: Knowledge) -> ColumnElement[bool]:
    """A retracted version was known from its receipt until it was taken back."""
    as_of, received = epoch_us(knowledge.as_of), knowledge.received_before
    conditions: list[ColumnElement[bool]] = [table.issued_at <= as_of]
    if received is not None:
        conditions.append(SnapshotRow.received_at <= received)
    elif table is ObservationRow:
        conditions.append(or_(table.superseded_at.is_(None), table.superseded_at > as_of))
    if table is RetractedObservationRow:
        known_at = received or knowledge.as_of
        conditions += [SnapshotRow.received_at <= known_at, SnapshotRow.retracted_at > known_at]
    return and_(*conditions)


def _pooled(rows: Iterable[Any]) -> Iterator[PooledDay]:
    for day, versions in groupby(rows, key=lambda row: int(row.day)):
        newest = {row.variety_id: row for row in versions}
        yield _pool(day, list(newest.values()))


def _pool(day: int, rows: list[Any]) -> PooledDay:
    prices = [row for row in rows if row.price_per_kg is not None and not row.flags & UNREADABLE_PRICE]
    volumes = [row.volume_kg for row in rows if row.volume_kg is not None and not row.flags & UNREADABLE_VOLUME]
    lows = [row.price_low for row in prices if row.price_low is not None]
    highs = [row.price_high for row in prices if row.price_high is not None]
    flags = Quality(0)
    for row in rows:
        flags |= Quality(row.flags)
    return PooledDay(
        day=day_of(day),
        price_per_kg=statistics.median(row.price_per_kg for row in prices) if prices else None,
        price_low=min(lows, default=None),
        price_high=max(highs, default=None),
        volume_kg=sum(volumes) if volumes else None,
        varieties=len(rows),
        flags=flags,
        issued_at=instant_of(max(row.issued_at for row in rows)),
        snapshots=tuple(sorted({row.snapshot_id for row in rows})),
    )
