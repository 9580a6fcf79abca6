"""The register of absorbing units with places and quotas, placement plans, and responses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warning.store import types as store_types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absorbing_unit",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("known_from", store_types.Instant(), nullable=False),
        sa.Column("superseded_at", store_types.Instant(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("township_id", sa.String(), nullable=False),
        sa.Column("latitude", store_types.Number(), nullable=True),
        sa.Column("longitude", store_types.Number(), nullable=True),
        sa.Column("tonnes_per_day", store_types.Number(), nullable=True),
        sa.Column("diners", sa.BigInteger(), nullable=False),
        sa.Column("grams_per_diner", store_types.Number(), nullable=True),
        sa.Column("closed_in_holidays", sa.Boolean(), nullable=False),
        sa.Column("closed_weekends", sa.Boolean(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("minimum_lot_t", store_types.Number(), nullable=False),
        sa.Column("price_per_kg", store_types.Number(), nullable=True),
        sa.Column("accepts", store_types.Document(), nullable=False),
        sa.Column("prefers", store_types.Document(), nullable=False),
        sa.Column("storage_t", store_types.Number(), nullable=True),
        sa.Column("storage_days", sa.BigInteger(), nullable=True),
        sa.Column("loss_rate", store_types.Number(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_absorbing_unit")),
    )
    with op.batch_alter_table("absorbing_unit", schema=None) as batch_op:
        batch_op.create_index("ix_absorbing_unit_known", ["unit_id", "known_from"], unique=False)
        batch_op.create_index(
            "ix_absorbing_unit_present",
            ["unit_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        )

    op.create_table(
        "absorption_quota",
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("tonnes", store_types.Number(), nullable=True),
        sa.Column("cny", store_types.Number(), nullable=True),
        sa.Column("drawn_t", store_types.Number(), nullable=False),
        sa.Column("drawn_cny", store_types.Number(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "year", name=op.f("pk_absorption_quota")),
    )
    op.create_table(
        "absorption_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("township_id", sa.String(), nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("day", store_types.Day(), nullable=False),
        sa.Column("recorded_at", store_types.Instant(), nullable=False),
        sa.Column("superseded_at", store_types.Instant(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("tonnes", store_types.Number(), nullable=False),
        sa.Column("price_per_kg", store_types.Number(), nullable=True),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absorption_response")),
    )
    with op.batch_alter_table("absorption_response", schema=None) as batch_op:
        batch_op.create_index("ix_absorption_response_day", ["day"], unique=False)
        batch_op.create_index(
            "ix_absorption_response_present",
            ["unit_id", "product_id", "township_id", "lot", "day"],
            unique=True,
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        )

    op.create_table(
        "placement_plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.Column("day", store_types.Day(), nullable=False),
        sa.Column("products", store_types.Document(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("made_at", store_types.Instant(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("code_version", sa.String(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_plan")),
    )
    with op.batch_alter_table("placement_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_plan_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_plan_made_at"), ["made_at"], unique=False)

    op.create_table(
        "township_place",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.String(), nullable=False),
        sa.Column("known_from", store_types.Instant(), nullable=False),
        sa.Column("superseded_at", store_types.Instant(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("latitude", store_types.Number(), nullable=True),
        sa.Column("longitude", store_types.Number(), nullable=True),
        sa.Column("key", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_township_place")),
    )
    with op.batch_alter_table("township_place", schema=None) as batch_op:
        batch_op.create_index(
            "ix_township_place_present",
            ["township_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        )

    op.create_table(
        "quota_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("tonnes", store_types.Number(), nullable=True),
        sa.Column("cny", store_types.Number(), nullable=True),
        sa.Column("at", store_types.Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"], ["absorption_response.id"], name=op.f("fk_quota_entry_response_id_absorption_response")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "year"],
            ["absorption_quota.unit_id", "absorption_quota.year"],
            name=op.f("fk_quota_entry_unit_id_absorption_quota"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_entry")),
    )
    with op.batch_alter_table("quota_entry", schema=None) as batch_op:
        batch_op.create_index("ix_quota_entry_account", ["unit_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_quota_entry_response_id"), ["response_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("quota_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_entry_response_id"))
        batch_op.drop_index("ix_quota_entry_account")

    op.drop_table("quota_entry")
    with op.batch_alter_table("township_place", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_township_place_present",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        )

    op.drop_table("township_place")
    with op.batch_alter_table("placement_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_plan_made_at"))
        batch_op.drop_index(batch_op.f("ix_placement_plan_alert_id"))

    op.drop_table("placement_plan")
    with op.batch_alter_table("absorption_response", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_absorption_response_present",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        )
        batch_op.drop_index("ix_absorption_response_day")

    op.drop_table("absorption_response")
    op.drop_table("absorption_quota")
    with op.batch_alter_table("absorbing_unit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_absorbing_unit_present",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        )
        batch_op.drop_index("ix_absorbing_unit_known")

    op.drop_table("absorbing_unit")
