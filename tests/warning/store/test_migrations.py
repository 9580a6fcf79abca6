"""The migrations, on both databases: up, down, and just what the tables say."""

from __future__ import annotations

import datetime as dt

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from warning.errors import StoreUnavailable
from warning.store.columns import read_columns
from warning.store.engine import migration_config, open_store
from warning.store.ledger import deliveries


@pytest.fixture
def bare(stores, tmp_path):
    """A database without a table."""
    store = open_store(stores.blank(tmp_path), home=tmp_path)
    yield store
    stores.discard(store)


def tables(store):
    return set(inspect(store.engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(bare):
    assert bare.migration_state() == (None, "0004")
    bare.migrate()
    made = tables(bare)
    assert {
        "observation",
        "retracted_observation",
        "alert_event",
        "artifact",
        "skill_figure",
        "placement_plan",
        "quota_entry",
    } <= made
    assert bare.migration_state() == ("0004", "0004")
    bare.migrate()
    command.downgrade(migration_config(bare.url), "base")
    assert tables(bare) == set()
    assert bare.migration_state()[0] is None
    bare.migrate()
    assert tables(bare) == made


def test_a_store_of_before_the_models_keeps_what_it_holds(store, upload, line, content):
    upload(store, [line(dt.date(2018, 11, 20), 5.0)], dt.datetime(2018, 11, 21, tzinfo=dt.UTC))
    held = content(store)
    command.downgrade(migration_config(store.url), "0001")
    assert "artifact" not in tables(store)
    assert content(store) == held
    store.migrate()
    assert {"artifact", "release", "forecast_line", "spell_risk", "risk_reason"} <= tables(store)
    assert content(store) == held


def test_the_migrations_make_what_the_tables_say(store):
    command.check(migration_config(store.url))


def test_a_migration_that_fails_leaves_nothing_behind(bare):
    with bare.engine.begin() as connection:
        connection.execute(text("create table township_report (id integer)"))
    with pytest.raises(DatabaseError, match="already exists"):
        bare.migrate()
    assert tables(bare) == {"township_report"}


@pytest.mark.parametrize("few", [True, False])
def test_a_store_without_tables_says_so(bare, few):
    with pytest.raises(StoreUnavailable, match="db upgrade"), bare.session() as session:
        deliveries(session)
    with pytest.raises(StoreUnavailable, match="db upgrade"):
        read_columns(bare, {"day": "int"}, "from observation", few=few)
