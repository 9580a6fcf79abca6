"""Reading in bulk: in a process of its own on SQLite, which may fail half-way and must not look like an end."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from warning.errors import StoreUnavailable
from warning.store.columns import read_columns

DAY = dt.date(2018, 11, 20)
LATER = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
COUNTED = """
    from (with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 70000)
          select n, case when n = 69999 then 1 / (n - 69999 + {zero}) else n end as day from numbers) as counted
"""


@pytest.mark.parametrize("few", [True, False])
def test_null_is_minus_one_or_nan(store, upload, line, few):
    upload(store, [line(DAY, 5.0), line(DAY, 6.0, issued=LATER)], LATER)
    kinds = {"superseded_at": "int", "price_per_kg": "float", "volume_kg": "float"}
    found = read_columns(store, kinds, "from observation order by issued_at", few=few)
    assert found["superseded_at"].tolist() == [int(LATER.timestamp() * 1e6), -1]
    assert found["price_per_kg"].tolist() == [5.0, 6.0]
    assert np.isnan(found["volume_kg"]).all()
    assert [values.dtype.kind for values in found.values()] == ["i", "f", "f"]


@pytest.mark.parametrize("few", [True, False])
def test_nothing_found_is_empty_columns_of_their_kind(store, few):
    found = read_columns(store, {"day": "int", "volume_kg": "float"}, "from observation", few=few)
    assert [(len(values), values.dtype.kind) for values in found.values()] == [(0, "i"), (0, "f")]


def test_an_error_after_some_batches_is_an_error(store):
    source = COUNTED.format(zero=1)
    assert len(read_columns(store, {"n": "int", "day": "int"}, source)["n"]) == 70_000
    broken = "abs(-9223372036854775807 - 1)" if store.is_sqlite else "1 / (n - 69999)"
    with pytest.raises(StoreUnavailable, match=r"overflow|zero"):
        read_columns(store, {"n": "int", "day": "int"}, source.replace("1 / (n - 69999 + 1)", broken))


def test_a_home_may_have_any_name(stores, upload, line, tmp_path):
    store = stores.make(tmp_path / "100% 柚 #1? home")
    upload(store, [line(DAY, 5.0)], LATER)
    assert read_columns(store, {"price_per_kg": "float"}, "from observation")["price_per_kg"].tolist() == [5.0]
    stores.discard(store)
