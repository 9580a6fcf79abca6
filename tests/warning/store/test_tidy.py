"""The panel as people read it: names, units, what was known then, and a clear word where there is nothing."""

from __future__ import annotations

import datetime as dt

import growing
import pytest

from warning.errors import NotFound
from warning.store.tidy import panel

LATER = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)


def test_rows_carry_names_and_units(store):
    growing.volumes(store, 50.0)
    found = panel(store, as_of=LATER)
    assert len(found) == 28
    row = found.iloc[0]
    assert (row["product"], row["market"], row["kind"], row["currency"]) == (
        "cabbage", growing.MARKET, "wholesale", "CNY",
    )  # fmt: skip
    assert (row["price_per_kg"], row["volume_kg"]) == (1.0, 50_000.0)
    assert found["day"].max().date() == growing.DAY


def test_what_was_not_known_then_is_not_there_and_spans_narrow(store):
    growing.volumes(store, 50.0)
    early = panel(store, as_of=dt.datetime.combine(growing.DAY, dt.time(0), dt.UTC))
    assert early["day"].max().date() < growing.DAY
    week = panel(store, as_of=LATER, products=["cabbage"], since=growing.DAY - dt.timedelta(days=6))
    assert len(week) == 7


def test_an_empty_store_says_what_to_do(store):
    with pytest.raises(NotFound, match="holds no series of onion") as told:
        panel(store, as_of=LATER, products=["onion"])
    assert "changxiao demo" in told.value.todo
