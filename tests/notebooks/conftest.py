"""A judged small district with its register, as the notebooks read it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from worlds import LAST_DAY, small_world

from pipelines.daily import DailyRun
from pipelines.demo.build import take_in
from pipelines.demo.register import put_register
from warning.reference import load_catalog
from warning.store.engine import open_store
from warning.store.settings import Settings
from warning.thresholds import load_thresholds

NOW = dt.datetime.combine(LAST_DAY + dt.timedelta(days=1), dt.time(0), dt.UTC)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("notebooks")
    store = open_store(home=found, settings=Settings(home=found), migrate=True)
    daily = DailyRun(store, load_catalog(), load_thresholds(), clock=lambda: NOW, forecasts=False)
    list(take_in(store, daily, small_world(), lambda: NOW))
    put_register(store, daily.catalog, LAST_DAY, since=LAST_DAY)
    list(daily.run(LAST_DAY))
    store.close()
    return found
