"""What was planned for the simulated district is what the warnings say of it, from the files to the levels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from worlds import LAST_DAY, whole_world

from pipelines.daily import DailyRun
from pipelines.demo.build import take_in
from pipelines.demo.events import Event, planned
from pipelines.knowledge import gather, reports_known
from warning.assess import Assessment, assess_day
from warning.levels import Level
from warning.names import NameIndex
from warning.reference import load_catalog
from warning.store.engine import Store, open_store
from warning.store.settings import Settings
from warning.thresholds import load_thresholds

CATALOG, LINES = load_catalog(), load_thresholds()
EVENTS = {event.plan.id: event for event in planned(LAST_DAY)}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("whole")
    store = open_store(home=home, settings=Settings(home=home), migrate=True)
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    list(take_in(store, DailyRun(store, CATALOG, LINES), whole_world(), lambda: now))
    yield store
    store.close()


def said(store: Store, event: Event, day: dt.date) -> list[Assessment]:
    """Everything said of the event's product on a day."""
    product = NameIndex(CATALOG).find_product(event.plan.product)
    knowledge = gather(store, CATALOG, LINES, day, day)
    found = assess_day(knowledge.trace, reports_known(store, day), day, CATALOG, LINES)
    return [one for one in found if one.product_id == product]


def district_level(found: list[Assessment]) -> Assessment:
    return next(one for one in found if one.place_kind == "district")


@pytest.mark.parametrize(
    ("event", "days", "level"),
    [
        ("cabbage-red", 30, Level.RED),
        ("pomelo-red", 25, Level.RED),
        ("radish-orange", 25, Level.ORANGE),
        ("chinese-cabbage-yellow", 25, Level.YELLOW),
    ],
)
def test_a_glut_reaches_its_level_in_the_district(district: Store, event: str, days: int, level: Level) -> None:
    plan = EVENTS[event]
    found = district_level(said(district, plan, plan.first + dt.timedelta(days=days)))
    assert found.level >= level
    before = district_level(said(district, plan, plan.first - dt.timedelta(days=10)))
    assert before.level < found.level


def test_the_stall_is_told_as_stalled_at_an_unchanged_price(district: Store) -> None:
    plan = EVENTS["navel-stall"]
    found = district_level(said(district, plan, plan.first + dt.timedelta(days=14)))
    assert found.level >= Level.ORANGE
    assert found.type == "stalled"
    assert found.readings["r"] is not None
    assert found.readings["r"] > 0.85


def test_the_blocked_road_shows_where_it_is_blocked(district: Store) -> None:
    plan = EVENTS["lotus-blocked"]
    found = said(district, plan, LAST_DAY)
    blocked = {one.place_id: one for one in found if one.place_kind == "township"}
    names = {CATALOG.townships[place].name_zh for place, one in blocked.items() if one.level >= Level.ORANGE}
    assert names == set(plan.plan.townships)
    assert {one.type for one in blocked.values() if one.level >= Level.ORANGE} == {"stalled"}
    assert all(one.readings["road_blocked"] for one in blocked.values() if one.level >= Level.ORANGE)


def test_hogs_go_by_the_hog_grain_ratio(district: Store) -> None:
    plan = EVENTS["hog-ratio-red"]
    found = district_level(said(district, plan, plan.first + dt.timedelta(days=70)))
    assert found.level == Level.RED
    assert found.readings["hog_ratio"] is not None
    assert found.readings["hog_ratio"] < 5


def test_cheap_but_selling_is_lowered_by_what_the_townships_report(district: Store) -> None:
    plan = EVENTS["strawberry-cheap-but-selling"]
    found = said(district, plan, plan.first + dt.timedelta(days=20))
    market = max(one.level for one in found if one.place_kind == "market")
    assert district_level(found).level < market
    assert district_level(found).readings["lowered"]
