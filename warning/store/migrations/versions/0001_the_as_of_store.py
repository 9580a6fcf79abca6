"""The as-of store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warning.store import types as store_types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("place_kind", sa.String(length=16), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("raised_at", store_types.Day(), nullable=False),
        sa.Column("ended_at", store_types.Day(), nullable=True),
        sa.Column("peak_level", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("assignee", sa.String(), nullable=False),
        sa.Column("false_alarm", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index("ix_alert_subject", ["product_id", "place_kind", "place_id"], unique=False)

    op.create_table(
        "market",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("since", store_types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market")),
    )
    op.create_table(
        "observation",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("variety_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.Column("price_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("price_low", sa.Float(precision=53), nullable=True),
        sa.Column("price_high", sa.Float(precision=53), nullable=True),
        sa.Column("volume_kg", sa.Float(precision=53), nullable=True),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "series_id", "day", "variety_id", "issued_at", "snapshot_id", name=op.f("pk_observation")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "retracted_observation",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("variety_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.Column("price_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("price_low", sa.Float(precision=53), nullable=True),
        sa.Column("price_high", sa.Float(precision=53), nullable=True),
        sa.Column("volume_kg", sa.Float(precision=53), nullable=True),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "series_id", "day", "variety_id", "issued_at", "snapshot_id", name=op.f("pk_retracted_observation")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=32), nullable=False),
        sa.Column("business_date", store_types.Day(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("known_at", store_types.Instant(), nullable=False),
        sa.Column("knowledge", sa.String(length=128), nullable=False),
        sa.Column("thresholds_version", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(), nullable=False),
        sa.Column("claimed_at", store_types.Instant(), nullable=False),
        sa.Column("heartbeat_at", store_types.Instant(), nullable=False),
        sa.Column("finished_at", store_types.Instant(), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("summary", store_types.Document, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("job", "business_date", name=op.f("uq_run_job")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("market_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("variety", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("key", name=op.f("uq_series_key")),
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_market_id"), ["market_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_series_product_id"), ["product_id"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", store_types.Instant(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("lines_read", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("non_data", store_types.Document, nullable=False),
        sa.Column("account", store_types.Document, nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("retracted_at", store_types.Instant(), nullable=True),
        sa.Column("retracted_reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_feed"), ["feed"], unique=False)
        batch_op.create_index(batch_op.f("ix_snapshot_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_snapshot_sha256"), ["sha256"], unique=False)

    op.create_table(
        "source_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("candidates", store_types.Document, nullable=False),
        sa.Column("meaning", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", store_types.Instant(), nullable=True),
        sa.Column("first_seen", store_types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_name")),
        sa.UniqueConstraint("kind", "feed", "region", "name", name=op.f("uq_source_name_kind")),
    )
    op.create_table(
        "thresholds",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("content", store_types.Document, nullable=False),
        sa.Column("first_used", store_types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_thresholds")),
    )
    op.create_table(
        "variety",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variety")),
        sa.UniqueConstraint("name", name=op.f("uq_variety_name")),
    )
    op.create_table(
        "alert_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("business_date", store_types.Day(), nullable=False),
        sa.Column("at", store_types.Instant(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("detail", store_types.Document, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_event_alert_id_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
        sa.UniqueConstraint("alert_id", "sequence", name=op.f("uq_alert_event_alert_id")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("business_date", store_types.Day(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("place_kind", sa.String(length=16), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("observed_level", sa.Integer(), nullable=False),
        sa.Column("forecast_level", sa.Integer(), nullable=True),
        sa.Column("forecast_reason", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(precision=53), nullable=True),
        sa.Column("tier", sa.String(length=2), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("data_state", sa.String(length=16), nullable=False),
        sa.Column("last_day", store_types.Day(), nullable=True),
        sa.Column("readings", store_types.Document, nullable=False),
        sa.Column("drivers", store_types.Document, nullable=False),
        sa.Column("surplus_t", sa.Float(precision=53), nullable=True),
        sa.Column("surplus_estimated", sa.Boolean(), nullable=False),
        sa.Column("channels", store_types.Document, nullable=False),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_assessment_run_id_run")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_assessment_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "business_date", "product_id", "place_kind", "place_id", name=op.f("uq_assessment_business_date")
        ),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_alert", ["alert_id", "business_date"], unique=False)
        batch_op.create_index("ix_assessment_date_level", ["business_date", "level"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_run_id"), ["run_id"], unique=False)
        batch_op.create_index("ix_assessment_subject", ["product_id", "place_id", "business_date"], unique=False)

    op.create_table(
        "feed_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("business_date", store_types.Day(), nullable=False),
        sa.Column("started_at", store_types.Instant(), nullable=False),
        sa.Column("finished_at", store_types.Instant(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_feed_run_snapshot_id_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_run")),
    )
    with op.batch_alter_table("feed_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_run_feed"), ["feed"], unique=False)

    op.create_table(
        "forecast",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("issue_day", store_types.Day(), nullable=False),
        sa.Column("model", sa.String(length=32), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("target_day", store_types.Day(), nullable=False),
        sa.Column("q10", sa.Float(precision=53), nullable=False),
        sa.Column("q50", sa.Float(precision=53), nullable=False),
        sa.Column("q90", sa.Float(precision=53), nullable=False),
        sa.Column("baseline_q10", sa.Float(precision=53), nullable=False),
        sa.Column("baseline_q50", sa.Float(precision=53), nullable=False),
        sa.Column("baseline_q90", sa.Float(precision=53), nullable=False),
        sa.Column("baseline", sa.String(length=32), nullable=False),
        sa.Column("speaks", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_forecast_series_id_series")),
        sa.PrimaryKeyConstraint("series_id", "issue_day", "model", "horizon_days", name=op.f("pk_forecast")),
    )
    op.create_table(
        "market_closure",
        sa.Column("market_id", sa.String(), nullable=False),
        sa.Column("day", store_types.Day(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_market_closure_snapshot_id_snapshot")),
        sa.PrimaryKeyConstraint("market_id", "day", name=op.f("pk_market_closure")),
    )
    op.create_table(
        "rejected_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_rejected_line_snapshot_id_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_line")),
    )
    with op.batch_alter_table("rejected_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rejected_line_reason"), ["reason"], unique=False)
        batch_op.create_index(batch_op.f("ix_rejected_line_snapshot_id"), ["snapshot_id"], unique=False)

    op.create_table(
        "township_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("day", store_types.Day(), nullable=False),
        sa.Column("issued_at", store_types.Instant(), nullable=False),
        sa.Column("superseded_at", store_types.Instant(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("planted_area_mu", sa.Float(precision=53), nullable=True),
        sa.Column("normal_area_mu", sa.Float(precision=53), nullable=True),
        sa.Column("seedlings", sa.Float(precision=53), nullable=True),
        sa.Column("expected_harvest_t", sa.Float(precision=53), nullable=True),
        sa.Column("harvest_from", store_types.Day(), nullable=True),
        sa.Column("harvest_to", store_types.Day(), nullable=True),
        sa.Column("stock_t", sa.Float(precision=53), nullable=True),
        sa.Column("sold_t", sa.Float(precision=53), nullable=True),
        sa.Column("marketable_t", sa.Float(precision=53), nullable=True),
        sa.Column("normal_sold_share", sa.Float(precision=53), nullable=True),
        sa.Column("daily_outflow_t", sa.Float(precision=53), nullable=True),
        sa.Column("planned_storage_t", sa.Float(precision=53), nullable=True),
        sa.Column("farm_gate_price_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("bids_received", sa.Boolean(), nullable=True),
        sa.Column("production_cost_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("collect_fee_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("pack_fee_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("load_fee_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("freight_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("market_fee_per_kg", sa.Float(precision=53), nullable=True),
        sa.Column("shelf_life_days", sa.Float(precision=53), nullable=True),
        sa.Column("season_end", store_types.Day(), nullable=True),
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("road_blocked", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_township_report_snapshot_id_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_township_report")),
        sa.UniqueConstraint(
            "township_id",
            "product_id",
            "lot",
            "day",
            "issued_at",
            "snapshot_id",
            name=op.f("uq_township_report_township_id"),
        ),
    )
    with op.batch_alter_table("township_report", schema=None) as batch_op:
        batch_op.create_index("ix_township_report_day", ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_township_report_snapshot_id"), ["snapshot_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("township_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_township_report_snapshot_id"))
        batch_op.drop_index("ix_township_report_day")

    op.drop_table("township_report")
    with op.batch_alter_table("rejected_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rejected_line_snapshot_id"))
        batch_op.drop_index(batch_op.f("ix_rejected_line_reason"))

    op.drop_table("rejected_line")
    op.drop_table("market_closure")
    op.drop_table("forecast")
    with op.batch_alter_table("feed_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_run_feed"))

    op.drop_table("feed_run")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_subject")
        batch_op.drop_index(batch_op.f("ix_assessment_run_id"))
        batch_op.drop_index("ix_assessment_date_level")
        batch_op.drop_index("ix_assessment_alert")

    op.drop_table("assessment")
    op.drop_table("alert_event")
    op.drop_table("variety")
    op.drop_table("thresholds")
    op.drop_table("source_name")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_sha256"))
        batch_op.drop_index(batch_op.f("ix_snapshot_received_at"))
        batch_op.drop_index(batch_op.f("ix_snapshot_feed"))

    op.drop_table("snapshot")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_product_id"))
        batch_op.drop_index(batch_op.f("ix_series_market_id"))

    op.drop_table("series")
    op.drop_table("run")
    op.drop_table("retracted_observation")
    op.drop_table("observation")
    op.drop_table("market")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_subject")

    op.drop_table("alert")
