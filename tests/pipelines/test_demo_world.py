"""The simulated district: what is planned can be read off its numbers, and its books add up."""

import datetime as dt
import io
import time

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from worlds import CABBAGE, CARP, LAST_DAY, NAVEL, POMELO, small_world, whole_world

from pipelines.demo.almanac import festival_day
from pipelines.demo.events import EVENTS, event_table, planned
from pipelines.demo.recipes import DIANJIANG, KAIZHOU, LIANGPING, PRODUCTS, SHUANGFU
from pipelines.demo.trade import envelope
from pipelines.demo.world import build_world
from pipelines.feeds import feed_named
from pipelines.feeds.base import RawFile, ReadOptions
from warning.errors import UnknownName
from warning.reference import load_catalog

DAY = pd.Timedelta(days=1)


def at_height(event):
    """The days on which an event is fully under way and the world has seen."""
    days = pd.date_range(event.first, min(event.last, LAST_DAY))
    numbers = (days.to_numpy().astype("datetime64[D]")).astype(np.int64)
    return days[envelope(numbers, event) >= 1]


def against_past(panel, product, market, days, column):
    """Median of a column on these days by the mean of the same days' medians in the years before."""
    own = panel[(panel["product"] == product) & (panel["market"] == market)].set_index("date")[column]
    past = [own.reindex(days - 364 * year * DAY).median() for year in range(1, 6)]
    known = sorted(value for value in past if np.isfinite(value))
    usual = known[1:4] if len(known) == 5 else known
    return own.reindex(days).median() / np.mean(usual)


def market_of(event):
    return event.plan.markets[0] if event.plan.markets else SHUANGFU if event.plan.kind != "hog_ratio" else LIANGPING


def test_the_same_arguments_give_the_same_bytes():
    again = build_world(LAST_DAY, years=5, products=(CABBAGE, POMELO, NAVEL, CARP), markets=small_world_markets())
    assert again.panel_parquet() == small_world().panel_parquet()
    assert_frame_equal(again.reports, small_world().reports)


def small_world_markets():
    return tuple(small_world().panel["market"].cat.categories)


def test_another_seed_gives_another_world():
    other = build_world(LAST_DAY, years=5, seed=5, products=(CABBAGE,), markets=(LIANGPING,)).panel
    mine = build_world(LAST_DAY, years=5, products=(CABBAGE,), markets=(LIANGPING,)).panel
    assert not np.array_equal(other["price"].to_numpy()[:500], mine["price"].to_numpy()[:500])


def test_a_product_does_not_depend_on_the_others():
    alone = build_world(LAST_DAY, products=(CARP,)).panel
    among = whole_world().panel.query("product == @CARP")
    assert_frame_equal(alone[["date", "price", "volume"]], among[["date", "price", "volume"]].reset_index(drop=True))


def test_an_unknown_name_is_refused_with_what_there_is():
    with pytest.raises(UnknownName, match="榴莲") as refused:
        build_world(LAST_DAY, products=("榴莲",))
    assert CABBAGE in refused.value.candidates


def test_the_whole_world_is_made_in_time():
    began = time.perf_counter()
    world = build_world(LAST_DAY)
    assert time.perf_counter() - began < 5
    assert len(world.panel) > 250_000


@pytest.mark.parametrize("plan", EVENTS, ids=lambda plan: plan.id)
def test_every_event_can_be_read_off_the_numbers(plan):
    world = whole_world()
    event = next(event for event in world.events if event.plan.id == plan.id)
    days = at_height(event)
    price = against_past(world.panel, plan.product, market_of(event), days, "price")
    volume = against_past(world.panel, plan.product, market_of(event), days, "volume")
    assert price == pytest.approx(plan.price, rel=0.10)
    assert volume == pytest.approx(plan.volume, rel=0.20)


def test_the_stall_cuts_volume_and_not_price():
    event = next(event for event in small_world().events if event.plan.kind == "stall")
    days = at_height(event)
    for market in small_world_markets():
        assert against_past(small_world().panel, NAVEL, market, days, "volume") <= 0.30
        assert against_past(small_world().panel, NAVEL, market, days, "price") == pytest.approx(1, abs=0.1)


def test_the_quiet_product_stays_near_its_usual_price():
    days = pd.date_range(LAST_DAY - dt.timedelta(30), LAST_DAY)
    assert against_past(small_world().panel, CARP, SHUANGFU, days, "price") == pytest.approx(1, abs=0.1)


def test_hogs_fall_below_five_times_maize_for_weeks_and_only_then():
    panel = whole_world().panel.query("market == @LIANGPING")
    hog, maize = (panel[panel["product"] == name].set_index("date")["price"] for name in ("生猪", "玉米"))
    weekly = (hog / maize).resample("W").median()
    event = next(event for event in whole_world().events if event.plan.id == "hog-ratio-red")
    below = weekly[weekly < 5]
    assert len(below) >= 3
    assert below.index.min() >= pd.Timestamp(event.first)
    assert below.index.max() <= pd.Timestamp(event.last) + 7 * DAY
    assert weekly.iloc[-1] > 6


@pytest.mark.parametrize(
    ("festival", "year", "day"),
    [
        ("春节", 2026, dt.date(2026, 2, 17)),
        ("春节", 2027, dt.date(2027, 2, 6)),
        ("端午", 2026, dt.date(2026, 6, 19)),
        ("中秋", 2026, dt.date(2026, 9, 25)),
        ("国庆", 2026, dt.date(2026, 10, 1)),
    ],
)
def test_festivals_stand_on_their_lunar_day(festival, year, day):
    assert festival_day(festival, year) == day


def test_trade_swells_before_the_lunar_new_year_whenever_it_falls():
    pork = whole_world().panel.query("product == '猪肉' and market == @SHUANGFU").set_index("date")["volume"]
    for year in (2023, 2024, 2025, 2026):
        eve = pd.Timestamp(festival_day("春节", year)) - DAY
        before = pork[eve - 6 * DAY : eve].median()
        usual = pork[eve - 60 * DAY : eve - 30 * DAY].median()
        after = pork[eve + 4 * DAY : eve + 8 * DAY].median()
        assert before > 1.2 * usual
        assert after < 0.9 * usual


def test_prices_and_volumes_are_positive_and_each_market_day_stands_once():
    panel = whole_world().panel
    assert (panel["price"] > 0).all()
    assert (panel["volume"] > 0).all()
    assert not panel.duplicated(["product", "market", "date"]).any()
    assert panel["date"].max() == pd.Timestamp(LAST_DAY)


def test_nothing_is_traded_on_closed_days():
    panel = whole_world().panel
    closed = pd.DataFrame(whole_world().closures, columns=["market", "region", "date"]).astype(
        {"date": "datetime64[s]"}
    )
    assert panel.merge(closed[["market", "date"]], on=["market", "date"]).empty
    new_year = pd.Timestamp(festival_day("春节", 2026))
    assert not panel["date"].isin([new_year, new_year + DAY, new_year + 2 * DAY]).any()
    sundays = panel[panel["date"].dt.day_of_week == 6]
    assert DIANJIANG not in set(sundays["market"])
    assert SHUANGFU in set(sundays["market"])


def test_one_market_is_stale_and_one_product_short():
    panel = whole_world().panel
    assert panel[panel["market"] == KAIZHOU]["date"].max() == pd.Timestamp(LAST_DAY) - 21 * DAY
    short = next(recipe for recipe in PRODUCTS if recipe.since_months)
    months = (pd.Timestamp(LAST_DAY) - panel[panel["product"] == short.name]["date"].min()).days / 30.44
    assert months == pytest.approx(14, abs=0.2)


def test_the_parquet_reads_back_as_written():
    back = pd.read_parquet(io.BytesIO(small_world().panel_parquet()))
    assert list(back.columns) == list(small_world().panel.columns)
    assert len(back) == len(small_world().panel)
    assert set(back["unit_price"]) == {"CNY/kg"}


def test_the_feeds_read_every_line_of_the_files():
    lines = {"panel": len(whole_world().panel), "township": len(whole_world().reports)}
    for feed, name, content in whole_world().files():
        batches = list(feed_named(feed).read([RawFile(name, content)], ReadOptions(today=LAST_DAY)))
        assert not [rejected for batch in batches for rejected in batch.rejected]
        assert (
            sum(len(batch.rows) + len(batch.reports if batch.reports is not None else ()) for batch in batches)
            == (lines[feed])
        )
        assert "simulated" in name


def test_reports_survive_the_workbook():
    _, name, content = whole_world().files()[1]
    (batch,) = feed_named("township").read([RawFile(name, content)], ReadOptions(today=LAST_DAY))
    mine, read = whole_world().reports, batch.reports
    for column in ("stock_t", "farm_gate_price_per_kg", "normal_sold_share", "shelf_life_days"):
        np.testing.assert_allclose(read[column].astype(float), mine[column].astype(float))
    assert list(read["township"]) == list(mine["township"])
    assert (read["day"].dt.date == mine["day"]).all()
    assert int(read["road_blocked"].fillna(value=False).sum()) == int((mine["road_blocked"] == True).sum())  # noqa: E712


def test_the_townships_books_add_up():
    books = whole_world().reports.dropna(subset=["stock_t"])
    assert (books["stock_t"] >= 0).all()
    assert (books["sold_t"] + books["stock_t"] <= books["marketable_t"] + 1e-6).all()
    harvested = books["marketable_t"] - books["expected_harvest_t"]
    assert (books["sold_t"] + books["stock_t"] <= harvested + 0.11).all()
    assert books["normal_sold_share"].between(0, 1).all()
    steps = books.sort_values("day").groupby(["product", "township", "lot"])["sold_t"].diff().dropna()
    assert (steps >= 0).all()


def test_calm_townships_can_clear_in_time():
    books = whole_world().reports.dropna(subset=["stock_t"]).query("product == '草鱼'")
    left = (pd.to_datetime(books["season_end"]) - pd.to_datetime(books["day"])).dt.days
    supply = books["stock_t"] / books["daily_outflow_t"] / np.minimum(books["shelf_life_days"], left)
    assert (supply < 0.6).all()


def test_stock_rises_behind_the_blocked_road_only():
    books = whole_world().reports.query("product == '莲藕'")
    event = next(event for event in whole_world().events if event.plan.kind == "blocked")
    stock = books.pivot_table(index="day", columns="township", values="stock_t", aggfunc="sum")
    rise = stock.loc[LAST_DAY] / stock.loc[LAST_DAY - dt.timedelta(21)]
    behind = rise.index.isin(event.plan.townships)
    assert behind.sum() == 3
    assert (rise[behind] > 2).all()
    assert (rise[~behind] < 2).all()
    today = books[books["day"] == LAST_DAY].set_index("township")["road_blocked"].astype(bool)
    assert set(today.index[today]) == set(event.plan.townships)


def test_the_mustard_tuber_was_overplanted_in_its_event_only():
    books = whole_world().reports
    share = books["planted_area_mu"] / books["normal_area_mu"]
    assert share[books["product"] == "青菜头"].max() == pytest.approx(1.19, abs=0.01)
    assert share[books["product"] != "青菜头"].max() == pytest.approx(1, abs=0.01)


def test_cabbage_sells_below_cost_and_the_cheap_strawberries_do_not():
    books = whole_world().reports
    worth = books["farm_gate_price_per_kg"] / books["production_cost_per_kg"]
    assert (worth[(books["product"] == CABBAGE) & (books["day"] == LAST_DAY)] < 0.7).all()
    assert worth[books["product"] == "草莓"].min() > 1.15


def test_every_name_means_one_thing_in_the_catalog():
    catalog = load_catalog()
    products = {product.name_zh: product for product in catalog.products.values()}
    markets = {market.name_zh: market for market in catalog.markets.values()}
    townships = {township.name_zh for township in catalog.townships.values()}
    panel = whole_world().panel
    for (name, region), _ in panel.groupby(["market", "region"], observed=True):
        assert markets[name].region == region
    for product, own in panel.groupby("product", observed=True):
        traded_at = {markets[name].id for name in own["market"].unique()}
        assert traded_at & set(products[product].outlet_markets), product
    assert set(whole_world().reports["township"]) <= townships
    assert set(whole_world().buyers["township"]) <= townships
    assert {township for plan in EVENTS for township in plan.townships} <= townships
    groups = {product.group for product in catalog.products.values()} | set(products)
    assert set(",".join(whole_world().buyers["groups"]).split(",")) - {""} <= groups


def test_everything_that_can_say_so_says_it_is_simulated():
    world = whole_world()
    assert world.buyers["simulated"].all()
    assert world.buyers["name"].str.startswith("模拟").all()
    assert world.reports["simulated"].all()
    assert world.reports["note"].str.startswith("模拟数据").all()


@pytest.mark.parametrize("last_day", [dt.date(2027, month, 11) for month in range(1, 13)] + [dt.date(2028, 2, 29)])
def test_whatever_the_last_day_the_events_lie_within_three_years(last_day):
    table = event_table(planned(last_day))
    assert (table["first"] < table["last"]).all()
    assert (table["first"] >= last_day - dt.timedelta(3 * 366)).all()
    gap = table.sort_values("first").groupby("product").apply(lambda own: (own["first"] - own["last"].shift()).dropna())
    assert all(days > dt.timedelta(0) for days in gap), "two events of one product overlap"
    running = table[table["last"] > last_day]
    assert set(running["level"]) >= {"red", "orange", "yellow", "blue"}
    assert set(table["kind"]) == {"glut", "stall", "blocked", "overplanting", "hog_ratio", "near_miss"}
