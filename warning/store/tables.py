"""Every table, typed. Rows never leave `warning.store`: its functions give frozen types and frames.

Days are integers since 1970-01-01 and instants are microseconds since 1970 UTC (`warning.store.types`), so
that bulk reads give integers on both databases. Every table of facts is as-of: a row has the time it was
issued and the time at which a later version superseded it; nothing is overwritten.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from warning.quality import Quality
from warning.store.types import Day, Document, Instant, Number

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PROMOTED = int(Quality.ISSUE_ASSUMED | Quality.ISSUE_RECEIVED)
"""Both flags: the version was a correction, until the first version that it corrected was taken back."""


class Base(DeclarativeBase):
    """The declarative base; the naming convention is what Alembic's batch mode needs on SQLite."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own attribute
        dt.datetime: Instant,
        dt.date: Day,
        dict[str, Any]: Document,
        list[Any]: Document,
        str: String,
        float: Number,
    }


class SnapshotRow(Base):
    """Raw bytes as received, with the account of what became of their lines."""

    __tablename__ = "snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    path: Mapped[str]
    """Below CHANGXIAO_HOME/raw, by sha256."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[dt.datetime] = mapped_column(index=True)
    received_by: Mapped[str] = mapped_column(default="")
    lines_read: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    repeated: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    non_data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    account: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Rejected rows by reason, flags by name, days covered."""
    simulated: Mapped[bool] = mapped_column(default=False)
    retracted_at: Mapped[dt.datetime | None]
    retracted_reason: Mapped[str] = mapped_column(default="")


class RejectedRow(Base):
    """A line that was read and not accepted, with its reason."""

    __tablename__ = "rejected_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), index=True)
    file: Mapped[str]
    line: Mapped[int]
    reason: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class NameRow(Base):
    """A source's name that the catalog does not know: proposed candidates, and what a person decided."""

    __tablename__ = "source_name"
    __table_args__ = (UniqueConstraint("kind", "feed", "region", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """product, market or township."""
    feed: Mapped[str]
    region: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    lines: Mapped[int] = mapped_column(default=0)
    """Lines rejected for it so far."""
    candidates: Mapped[list[Any]] = mapped_column(default=list)
    """[{"id", "name", "score"}], best first."""
    meaning: Mapped[str | None]
    """The catalog id a person confirmed; "" where the name is declared not ours."""
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[dt.datetime | None]
    first_seen: Mapped[dt.datetime]


class MarketRow(Base):
    """A market registered by a feed that is itself the register of its markets."""

    __tablename__ = "market"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(String(3))
    timezone: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    feed: Mapped[str]
    since: Mapped[dt.datetime]


class ClosureRow(Base):
    """A day on which the source says that the market was closed: it counts for no stall."""

    __tablename__ = "market_closure"

    market_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))


class SeriesRow(Base):
    """A price series: product × market × kind of price (and a variety where it speaks alone)."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """`onion@in-maharashtra-lasalgaon:wholesale`: the id people and the API use."""
    product_id: Mapped[str] = mapped_column(index=True)
    market_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    variety: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(String(3))
    feed: Mapped[str]
    """The feed that first wrote to it; others may add."""
    simulated: Mapped[bool] = mapped_column(default=False)


class VarietyRow(Base):
    """A source's variety or grade name, kept once."""

    __tablename__ = "variety"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class ObservationRow(Base):
    """One version of one day's price and volume of a variety in a series.

    As-of A: `issued_at <= A and (superseded_at is null or superseded_at > A)`.
    """

    __tablename__ = "observation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True)
    variety_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    issued_at: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    superseded_at: Mapped[int | None] = mapped_column(BigInteger)
    price_per_kg: Mapped[float | None]
    """In the series' currency."""
    price_low: Mapped[float | None]
    price_high: Mapped[float | None]
    volume_kg: Mapped[float | None]
    flags: Mapped[int] = mapped_column(Integer, default=0)


class RetractedObservationRow(Base):
    """A version that was taken back: moved here, still read by an as-of between receipt and retraction."""

    __tablename__ = "retracted_observation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True)
    variety_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    issued_at: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    superseded_at: Mapped[int | None] = mapped_column(BigInteger)
    price_per_kg: Mapped[float | None]
    price_low: Mapped[float | None]
    price_high: Mapped[float | None]
    volume_kg: Mapped[float | None]
    flags: Mapped[int] = mapped_column(Integer, default=0)


class ReportRow(Base):
    """One version of a township's report on one lot of a product: stock, harvest, sales, cost (T2, T3)."""

    __tablename__ = "township_report"
    __table_args__ = (
        UniqueConstraint("township_id", "product_id", "lot", "day", "issued_at", "snapshot_id"),
        Index("ix_township_report_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    township_id: Mapped[str]
    product_id: Mapped[str]
    lot: Mapped[str] = mapped_column(default="")
    day: Mapped[dt.date]
    issued_at: Mapped[dt.datetime]
    superseded_at: Mapped[dt.datetime | None]
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"), index=True)
    reported_by: Mapped[str] = mapped_column(default="")
    planted_area_mu: Mapped[float | None]
    normal_area_mu: Mapped[float | None]
    seedlings: Mapped[float | None]
    expected_harvest_t: Mapped[float | None]
    harvest_from: Mapped[dt.date | None]
    harvest_to: Mapped[dt.date | None]
    stock_t: Mapped[float | None]
    sold_t: Mapped[float | None]
    """Sold since the season's start."""
    marketable_t: Mapped[float | None]
    """Marketable output of the season, sold and unsold."""
    normal_sold_share: Mapped[float | None]
    """Share usually sold by this day, 0 to 1."""
    daily_outflow_t: Mapped[float | None]
    planned_storage_t: Mapped[float | None]
    farm_gate_price_per_kg: Mapped[float | None]
    bids_received: Mapped[bool | None]
    production_cost_per_kg: Mapped[float | None]
    collect_fee_per_kg: Mapped[float | None]
    pack_fee_per_kg: Mapped[float | None]
    load_fee_per_kg: Mapped[float | None]
    freight_per_kg: Mapped[float | None]
    market_fee_per_kg: Mapped[float | None]
    shelf_life_days: Mapped[float | None]
    season_end: Mapped[dt.date | None]
    outlet: Mapped[str] = mapped_column(default="")
    road_blocked: Mapped[bool | None]
    note: Mapped[str] = mapped_column(Text, default="")
    simulated: Mapped[bool] = mapped_column(default=False)


class ThresholdsRow(Base):
    """A version of the level lines with their ground, by the sha256 of its content."""

    __tablename__ = "thresholds"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]]
    first_used: Mapped[dt.datetime]


class RunRow(Base):
    """The ledger of jobs: claimed by inserting (job, business date)."""

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("job", "business_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(32))
    business_date: Mapped[dt.date]
    status: Mapped[str] = mapped_column(String(16))
    """running, done, failed."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts up when a rerun found other knowledge and replaced the day's assessments."""
    known_at: Mapped[dt.datetime]
    """The as-of instant of the run's reads."""
    knowledge: Mapped[str] = mapped_column(String(128), default="")
    """Digest of all that a run could read, then of what it found: a rerun with either changes nothing."""
    thresholds_version: Mapped[str] = mapped_column(String(64), default="")
    code_version: Mapped[str] = mapped_column(default="")
    claimed_at: Mapped[dt.datetime]
    heartbeat_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    claimed_by: Mapped[str] = mapped_column(default="")
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{"line_zh", "line_en", counts …}"""
    error: Mapped[str] = mapped_column(Text, default="")


class FeedRunRow(Base):
    """One attempt to fetch a live feed."""

    __tablename__ = "feed_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed: Mapped[str] = mapped_column(index=True)
    business_date: Mapped[dt.date]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    status: Mapped[str] = mapped_column(String(16))
    """running, done, failed."""
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"))
    detail: Mapped[str] = mapped_column(Text, default="")


class AssessmentRow(Base):
    """What a run said of one subject (product, place) on one business date."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("business_date", "product_id", "place_kind", "place_id"),
        Index("ix_assessment_date_level", "business_date", "level"),
        Index("ix_assessment_subject", "product_id", "place_id", "business_date"),
        Index("ix_assessment_alert", "alert_id", "business_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    business_date: Mapped[dt.date]
    product_id: Mapped[str]
    place_kind: Mapped[str] = mapped_column(String(16))
    place_id: Mapped[str]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    level: Mapped[int] = mapped_column(Integer)
    """-1 unknown, 0 none, 1 blue, 2 yellow, 3 orange, 4 red."""
    observed_level: Mapped[int] = mapped_column(Integer)
    forecast_level: Mapped[int | None] = mapped_column(Integer)
    forecast_reason: Mapped[str] = mapped_column(default="")
    probability: Mapped[float | None]
    tier: Mapped[str] = mapped_column(String(2))
    type: Mapped[str] = mapped_column(String(16), default="")
    """glut, stalled, ordinary or "" where r > 0.90."""
    data_state: Mapped[str] = mapped_column(String(16))
    """ok, stale, short, off_market."""
    last_day: Mapped[dt.date | None]
    """The last day with a price."""
    readings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    drivers: Mapped[list[Any]] = mapped_column(default=list)
    """[{"signal", "value", "line", "text_zh", "text_en"}], strongest first."""
    surplus_t: Mapped[float | None]
    surplus_estimated: Mapped[bool] = mapped_column(default=False)
    channels: Mapped[list[Any]] = mapped_column(default=list)
    """[{"channel", "clause", "lead", "with", "start_days", "why_zh", "why_en"}], in order of use."""
    alert_id: Mapped[str | None]
    simulated: Mapped[bool] = mapped_column(default=False)


class AlertRow(Base):
    """A span of warning on one subject; its present state is the sum of its events."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_subject", "product_id", "place_kind", "place_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    """`onion.in-maharashtra-lasalgaon.20181104`: subject and first day."""
    product_id: Mapped[str]
    place_kind: Mapped[str] = mapped_column(String(16))
    place_id: Mapped[str]
    raised_at: Mapped[dt.date]
    ended_at: Mapped[dt.date | None]
    peak_level: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    """open, acknowledged, assigned, resolved, closed."""
    assignee: Mapped[str] = mapped_column(default="")
    false_alarm: Mapped[bool] = mapped_column(default=False)
    simulated: Mapped[bool] = mapped_column(default=False)


class AlertEventRow(Base):
    """Append-only history of an alert: what the runs found and what people did."""

    __tablename__ = "alert_event"
    __table_args__ = (UniqueConstraint("alert_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    """Grows over all alerts: the cursor of the event stream."""
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    """raised, escalated, eased, ended, reopened, acknowledged, assigned, resolved, commented, corrected."""
    business_date: Mapped[dt.date]
    at: Mapped[dt.datetime]
    level: Mapped[int] = mapped_column(Integer)
    by: Mapped[str] = mapped_column(default="")
    reason_zh: Mapped[str] = mapped_column(Text, default="")
    reason_en: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ForecastRow(Base):
    """A forecast's quantiles at one horizon, with the baseline beside it."""

    __tablename__ = "forecast"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    issue_day: Mapped[dt.date] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(String(32), primary_key=True)
    horizon_days: Mapped[int] = mapped_column(Integer, primary_key=True)
    target_day: Mapped[dt.date]
    """The Sunday that ends the week forecast."""
    q10: Mapped[float]
    q50: Mapped[float]
    q90: Mapped[float]
    baseline_q10: Mapped[float]
    baseline_q50: Mapped[float]
    baseline_q90: Mapped[float]
    baseline: Mapped[str] = mapped_column(String(32))
    speaks: Mapped[str] = mapped_column(String(16))
    """Which of the two is shown: model or baseline."""
    reason: Mapped[str] = mapped_column(default="")


class ArtifactRow(Base):
    """A trained model kept as a file, with what it learned from and whether it may be used."""

    __tablename__ = "artifact"
    __table_args__ = (Index("ix_artifact_kind_as_of", "kind", "as_of"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """spell_risk, price_bands."""
    as_of: Mapped[dt.date]
    """The last Sunday whose data it learned from."""
    data_first: Mapped[dt.date]
    data_last: Mapped[dt.date]
    series: Mapped[int]
    rows: Mapped[int] = mapped_column(BigInteger)
    code_version: Mapped[str]
    made_at: Mapped[dt.datetime]
    size: Mapped[int] = mapped_column(BigInteger)
    path: Mapped[str]
    """Below CHANGXIAO_HOME/models, by sha256."""
    skill: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(16))
    """released, held."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was released or held."""


class ReleaseRow(Base):
    """Who speaks of a product at a horizon, decided when the artifact was made."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("artifact", "product_id", "horizon_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    artifact: Mapped[str] = mapped_column(ForeignKey("artifact.sha256"))
    product_id: Mapped[str] = mapped_column(default="")
    """Empty for every product without a row of its own."""
    horizon_days: Mapped[int]
    speaks: Mapped[str] = mapped_column(String(16))
    """champion, point, baseline."""
    reason_zh: Mapped[str] = mapped_column(Text, default="")
    reason_en: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ForecastLineRow(Base):
    """The probability from which an artifact's forecast counts as a warning of a level."""

    __tablename__ = "forecast_line"

    artifact: Mapped[str] = mapped_column(ForeignKey("artifact.sha256"), primary_key=True)
    line: Mapped[float] = mapped_column(primary_key=True)
    """Share of the reference price: 0.9, 0.8, 0.7, 0.5."""
    horizon_days: Mapped[int] = mapped_column(primary_key=True)
    probability_line: Mapped[float]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """pod, far, pofd, alarms_a_week, cost_ratio."""


class SpellRiskRow(Base):
    """The probability that a slow-sales spell below a line begins within a horizon."""

    __tablename__ = "spell_risk"
    __table_args__ = (Index("ix_spell_risk_issue_day", "issue_day"), {"sqlite_with_rowid": False})

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    issue_day: Mapped[dt.date] = mapped_column(primary_key=True)
    line: Mapped[float] = mapped_column(primary_key=True)
    horizon_days: Mapped[int] = mapped_column(primary_key=True)
    probability: Mapped[float]
    speaks: Mapped[str] = mapped_column(String(16))
    """champion, baseline."""
    grade: Mapped[str] = mapped_column(String(16))
    """own, short, borrowed: how much of the series' own past stands behind it."""
    artifact: Mapped[str | None] = mapped_column(ForeignKey("artifact.sha256"))


class RiskReasonRow(Base):
    """Why a series' risks are what they are, and what happened in the cases most like it."""

    __tablename__ = "risk_reason"
    __table_args__ = (Index("ix_risk_reason_issue_day", "issue_day"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    issue_day: Mapped[dt.date] = mapped_column(primary_key=True)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    """[{"signal", "value", "weight", "text_zh", "text_en"}], strongest first."""
    cases: Mapped[list[Any]] = mapped_column(default=list)
    """Historical cases, nearest first."""


class SkillReportRow(Base):
    """What the forecasts of a period were worth, told on one day."""

    __tablename__ = "skill_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[dt.date] = mapped_column(unique=True)
    since: Mapped[dt.date]
    until: Mapped[dt.date]
    made_at: Mapped[dt.datetime]
    code_version: Mapped[str]
    artifact: Mapped[str | None] = mapped_column(ForeignKey("artifact.sha256"))
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SkillFigureRow(Base):
    """The figures of one forecaster, for a product, a line and a horizon."""

    __tablename__ = "skill_figure"

    report_id: Mapped[int] = mapped_column(ForeignKey("skill_report.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    """Empty for all products together."""
    line: Mapped[float] = mapped_column(primary_key=True)
    """Share of the reference price; 0 for prices."""
    horizon_days: Mapped[int] = mapped_column(primary_key=True)
    forecaster: Mapped[str] = mapped_column(String(32), primary_key=True)
    """model, rule, alps, ifpa, miews, climatology, naive."""
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AbsorbingUnitRow(Base):
    """One version of a unit of the register (消纳单位); the fields are those of `AbsorbingUnit`."""

    __tablename__ = "absorbing_unit"
    __table_args__ = (
        Index(
            "ix_absorbing_unit_present",
            "unit_id",
            unique=True,
            sqlite_where=text("superseded_at is null"),
            postgresql_where=text("superseded_at is null"),
        ),
        Index("ix_absorbing_unit_known", "unit_id", "known_from"),
    )

    version: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str]
    known_from: Mapped[dt.datetime]
    superseded_at: Mapped[dt.datetime | None]
    by: Mapped[str] = mapped_column(default="")
    retired: Mapped[bool] = mapped_column(default=False)
    """From this version on it is no longer in the register."""
    name: Mapped[str]
    channel: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    township_id: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    tonnes_per_day: Mapped[float | None]
    diners: Mapped[int] = mapped_column(BigInteger, default=0)
    grams_per_diner: Mapped[float | None]
    closed_in_holidays: Mapped[bool] = mapped_column(default=False)
    closed_weekends: Mapped[bool] = mapped_column(default=False)
    lead_days: Mapped[int | None]
    minimum_lot_t: Mapped[float] = mapped_column(default=0.0)
    price_per_kg: Mapped[float | None]
    accepts: Mapped[list[Any]] = mapped_column(default=list)
    prefers: Mapped[list[Any]] = mapped_column(default=list)
    storage_t: Mapped[float | None]
    storage_days: Mapped[int | None] = mapped_column(BigInteger)
    loss_rate: Mapped[float | None]
    contact: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    simulated: Mapped[bool] = mapped_column(default=False)


class TownshipPlaceRow(Base):
    """One version of a township's coordinates and whether it is a 重点帮扶 township."""

    __tablename__ = "township_place"
    __table_args__ = (
        Index(
            "ix_township_place_present",
            "township_id",
            unique=True,
            sqlite_where=text("superseded_at is null"),
            postgresql_where=text("superseded_at is null"),
        ),
    )

    version: Mapped[int] = mapped_column(primary_key=True)
    township_id: Mapped[str]
    known_from: Mapped[dt.datetime]
    superseded_at: Mapped[dt.datetime | None]
    by: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    key: Mapped[bool] = mapped_column(default=False)


class QuotaRow(Base):
    """The account of a unit's purchases reserved for a year: what may be drawn, and what was drawn so far.

    Its history stands in `quota_entry`; the row is locked while something is drawn.
    """

    __tablename__ = "absorption_quota"

    unit_id: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    tonnes: Mapped[float | None]
    """None where the quota is not counted in tonnes."""
    cny: Mapped[float | None]
    drawn_t: Mapped[float] = mapped_column(default=0.0)
    drawn_cny: Mapped[float] = mapped_column(default=0.0)


class QuotaEntryRow(Base):
    """Append-only ledger of the quotas: amounts as set, and differences as drawn or corrected."""

    __tablename__ = "quota_entry"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "year"], ["absorption_quota.unit_id", "absorption_quota.year"]),
        Index("ix_quota_entry_account", "unit_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str]
    year: Mapped[int]
    what: Mapped[str] = mapped_column(String(16))
    """set, draw, correct."""
    tonnes: Mapped[float | None]
    cny: Mapped[float | None]
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(default="")
    response_id: Mapped[int | None] = mapped_column(ForeignKey("absorption_response.id"), index=True)
    """The version of the response that drew it; None for an amount set."""


class PlanRow(Base):
    """A placement plan with all that it was made from, so that it can be made again."""

    __tablename__ = "placement_plan"

    id: Mapped[str] = mapped_column(primary_key=True)
    """`plan-20241115-0a1b2c3d`: business date and a random part."""
    alert_id: Mapped[str | None] = mapped_column(index=True)
    """Not a foreign key: a rerun of a day may take an alert back, and the plan remains what was decided on."""
    day: Mapped[dt.date]
    products: Mapped[list[Any]] = mapped_column(default=list)
    title: Mapped[str] = mapped_column(default="")
    made_at: Mapped[dt.datetime] = mapped_column(index=True)
    made_by: Mapped[str] = mapped_column(default="")
    code_version: Mapped[str]
    problem: Mapped[str] = mapped_column(Text)
    """JSON as text, not JSONB: a number must come back as it was, to its last digit."""
    plan: Mapped[str] = mapped_column(Text)


class ResponseRow(Base):
    """One version of what a unit in fact took on a day, of one product, township and lot."""

    __tablename__ = "absorption_response"
    __table_args__ = (
        Index(
            "ix_absorption_response_present",
            "unit_id",
            "product_id",
            "township_id",
            "lot",
            "day",
            unique=True,
            sqlite_where=text("superseded_at is null"),
            postgresql_where=text("superseded_at is null"),
        ),
        Index("ix_absorption_response_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str]
    product_id: Mapped[str]
    township_id: Mapped[str] = mapped_column(default="")
    """Blank for the district as a whole."""
    lot: Mapped[str] = mapped_column(default="")
    day: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    superseded_at: Mapped[dt.datetime | None]
    by: Mapped[str] = mapped_column(default="")
    tonnes: Mapped[float]
    price_per_kg: Mapped[float | None]
    alert_id: Mapped[str | None]
    plan_id: Mapped[str | None]
    note: Mapped[str] = mapped_column(Text, default="")
