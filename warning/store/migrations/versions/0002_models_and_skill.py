"""Trained models, who may speak, spell risks with their reasons, and what the forecasts were worth."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warning.store import types as store_types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "artifact",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("as_of", store_types.Day(), nullable=False),
        sa.Column("data_first", store_types.Day(), nullable=False),
        sa.Column("data_last", store_types.Day(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("code_version", sa.String(), nullable=False),
        sa.Column("made_at", store_types.Instant(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("skill", store_types.Document, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_artifact")),
    )
    with op.batch_alter_table("artifact", schema=None) as batch_op:
        batch_op.create_index("ix_artifact_kind_as_of", ["kind", "as_of"], unique=False)

    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("artifact", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("speaks", sa.String(length=16), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("figures", store_types.Document, nullable=False),
        sa.ForeignKeyConstraint(["artifact"], ["artifact.sha256"], name=op.f("fk_release_artifact_artifact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("artifact", "product_id", "horizon_days", name=op.f("uq_release_artifact")),
    )
    op.create_table(
        "forecast_line",
        sa.Column("artifact", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Float(precision=53), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("probability_line", sa.Float(precision=53), nullable=False),
        sa.Column("figures", store_types.Document, nullable=False),
        sa.ForeignKeyConstraint(["artifact"], ["artifact.sha256"], name=op.f("fk_forecast_line_artifact_artifact")),
        sa.PrimaryKeyConstraint("artifact", "line", "horizon_days", name=op.f("pk_forecast_line")),
    )
    op.create_table(
        "spell_risk",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("issue_day", store_types.Day(), nullable=False),
        sa.Column("line", sa.Float(precision=53), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float(precision=53), nullable=False),
        sa.Column("speaks", sa.String(length=16), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("artifact", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["artifact"], ["artifact.sha256"], name=op.f("fk_spell_risk_artifact_artifact")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_spell_risk_series_id_series")),
        sa.PrimaryKeyConstraint("series_id", "issue_day", "line", "horizon_days", name=op.f("pk_spell_risk")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("spell_risk", schema=None) as batch_op:
        batch_op.create_index("ix_spell_risk_issue_day", ["issue_day"], unique=False)

    op.create_table(
        "risk_reason",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("issue_day", store_types.Day(), nullable=False),
        sa.Column("reasons", store_types.Document, nullable=False),
        sa.Column("cases", store_types.Document, nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_risk_reason_series_id_series")),
        sa.PrimaryKeyConstraint("series_id", "issue_day", name=op.f("pk_risk_reason")),
    )
    with op.batch_alter_table("risk_reason", schema=None) as batch_op:
        batch_op.create_index("ix_risk_reason_issue_day", ["issue_day"], unique=False)

    op.create_table(
        "skill_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", store_types.Day(), nullable=False),
        sa.Column("since", store_types.Day(), nullable=False),
        sa.Column("until", store_types.Day(), nullable=False),
        sa.Column("made_at", store_types.Instant(), nullable=False),
        sa.Column("code_version", sa.String(), nullable=False),
        sa.Column("artifact", sa.String(length=64), nullable=True),
        sa.Column("summary", store_types.Document, nullable=False),
        sa.ForeignKeyConstraint(["artifact"], ["artifact.sha256"], name=op.f("fk_skill_report_artifact_artifact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_report")),
        sa.UniqueConstraint("as_of", name=op.f("uq_skill_report_as_of")),
    )
    op.create_table(
        "skill_figure",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("line", sa.Float(precision=53), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("forecaster", sa.String(length=32), nullable=False),
        sa.Column("figures", store_types.Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["skill_report.id"], name=op.f("fk_skill_figure_report_id_skill_report")
        ),
        sa.PrimaryKeyConstraint(
            "report_id", "product_id", "line", "horizon_days", "forecaster", name=op.f("pk_skill_figure")
        ),
    )


def downgrade() -> None:
    op.drop_table("skill_figure")
    op.drop_table("skill_report")
    with op.batch_alter_table("risk_reason", schema=None) as batch_op:
        batch_op.drop_index("ix_risk_reason_issue_day")

    op.drop_table("risk_reason")
    with op.batch_alter_table("spell_risk", schema=None) as batch_op:
        batch_op.drop_index("ix_spell_risk_issue_day")

    op.drop_table("spell_risk")
    op.drop_table("forecast_line")
    op.drop_table("release")
    with op.batch_alter_table("artifact", schema=None) as batch_op:
        batch_op.drop_index("ix_artifact_kind_as_of")

    op.drop_table("artifact")
