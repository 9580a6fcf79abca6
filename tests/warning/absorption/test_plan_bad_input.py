"""What a plan says to input that makes no sense: a plan with what remains and why, or a clear refusal."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pytest
from plan_rules import CATALOG
from plan_worlds import DAY, PLACES, TOWNSHIPS, batch, problem, unit

from warning.absorption.plan import Plan, make_plan
from warning.absorption.problem import Quota
from warning.absorption.shocks import Shock, ShockKind, parse_shock
from warning.absorption.units import UnitKind
from warning.errors import InvalidPlan

NAN = math.nan


def planned(*parts, **options) -> Plan:
    return make_plan(problem(*parts, **options), CATALOG)


def only_reason(plan: Plan) -> str:
    """The reason of a plan that places nothing of its one batch."""
    assert plan.placements == ()
    assert plan.totals.placed_t == plan.by_hand.placed_t == 0
    (left,) = plan.unplaced
    assert left.tonnes == pytest.approx(plan.totals.surplus_t)
    assert left.text_zh
    assert left.text_en
    return left.reason


def told(plan: Plan, *words: str) -> bool:
    """Whether one note has all the words, in its Chinese or English."""
    return any(all(word in zh + en for word in words) for zh, en in plan.notes)


def test_without_units_all_remains_and_the_reason_is_told():
    assert only_reason(planned(batch())) == "product"


def test_with_no_channel_open_all_remains_and_the_reason_is_told():
    closed = Shock(ShockKind.CHANNEL, "cold-storage-outlets")
    assert only_reason(planned(batch(), unit(), closed)) == "closed"


def test_a_channel_that_does_not_suit_the_product_is_told_as_the_reason():
    assert only_reason(planned(batch(), unit(channel="export", kind=UnitKind.EXPORT))) == "channel"


def test_emergency_absorption_stays_shut_below_yellow_even_for_a_unit_that_names_the_product():
    stock = unit(channel="joint-emergency", kind=UnitKind.STOCK, accepts=("cabbage",))
    assert only_reason(planned(batch(level=1), stock)) == "channel"
    assert planned(batch(level=2), stock).placements


def test_a_unit_of_an_unknown_channel_gets_nothing():
    assert only_reason(planned(batch(), unit(channel="moon"))) == "channel"


def test_a_fleet_carries_and_takes_nothing():
    fleet = unit(channel="cold-chain", kind=UnitKind.FLEET, accepts=("cabbage",))
    assert only_reason(planned(batch(), fleet)) == "product"


@pytest.mark.parametrize("goods", [(), (batch(0.0),)])
def test_no_surplus_is_an_empty_plan_that_says_so(goods):
    plan = planned(*goods, unit())
    assert (plan.placements, plan.unplaced) == ((), ())
    assert plan.totals.surplus_t == plan.totals.wasted_t == plan.totals.worst_share == 0
    assert told(plan, "没有需要安置的产品")


def test_an_empty_problem_is_an_empty_plan():
    plan = planned()
    assert (plan.placements, plan.unplaced, plan.enlargements) == ((), (), ())


@pytest.mark.parametrize(
    ("release", "expiry"),
    [(-9, -1), (-9, 0), (5, 4)],
    ids=["expired yesterday", "expires on the day of decision", "expires before it is harvested"],
)
def test_an_expired_lot_is_left_and_said_to_be_expired(release, expiry):
    gone = batch(release=DAY + dt.timedelta(days=release), expiry=DAY + dt.timedelta(days=expiry))
    assert only_reason(planned(gone, unit(accepts=("cabbage",)))) == "expired"


def test_an_expired_lot_does_not_keep_a_good_one_from_going():
    gone = batch(lot="L2", release=DAY - dt.timedelta(days=9), expiry=DAY)
    plan = planned(batch(), gone, unit())
    assert plan.totals.placed_t == pytest.approx(10.0)
    assert [(one.lot, one.reason) for one in plan.unplaced] == [("L2", "expired")]


@pytest.mark.parametrize("tonnes", [-1.0, NAN, math.inf])
def test_a_capacity_that_is_no_amount_leaves_the_unit_out_by_name(tonnes):
    plan = planned(batch(), unit("市场", tonnes_per_day=tonnes))
    assert only_reason(plan) == "faulty"
    assert told(plan, "市场", "left out")


def test_a_missing_capacity_leaves_the_unit_out_by_name():
    plan = planned(batch(), unit("市场", tonnes_per_day=None, diners=0))
    assert only_reason(plan) == "faulty"
    assert told(plan, "市场", "日消纳吨数")


def test_a_capacity_of_zero_is_closed_and_no_fault():
    plan = planned(batch(), unit(tonnes_per_day=0.0))
    assert only_reason(plan) == "closed"
    assert not told(plan, "left out")


@pytest.mark.parametrize(
    "wrong",
    [
        {"diners": -5, "tonnes_per_day": None}, {"storage_t": -1.0}, {"storage_t": NAN}, {"minimum_lot_t": -1.0},
        {"minimum_lot_t": NAN}, {"lead_days": -2}, {"price_per_kg": NAN}, {"price_per_kg": -1.0}, {"loss_rate": 1.0},
        {"loss_rate": NAN}, {"loss_rate": -0.1}, {"latitude": 30.0}, {"latitude": NAN, "longitude": 107.0},
        {"latitude": 30.0, "longitude": 500.0}, {"minimum_lot_t": 6.0}, {"grams_per_diner": NAN},
    ],
    ids=str,
)  # fmt: skip
def test_each_fault_of_a_unit_leaves_it_out_and_its_neighbour_in(wrong):
    plan = planned(batch(), unit("bad", **wrong), unit("good"))
    assert {one.unit_id for one in plan.placements} == {"good"}
    assert told(plan, "bad", "left out")


@pytest.mark.parametrize("lead", [100_000, 10_000_000])
def test_a_lead_time_of_centuries_is_no_exception(lead):
    plan = planned(batch(), unit("bad", lead_days=lead), unit("good"))
    assert {one.unit_id for one in plan.placements} == {"good"}


def test_a_floor_that_no_buyer_meets_leaves_the_goods_in_the_field():
    assert only_reason(planned(batch(floor_per_kg=3.0), unit(price_per_kg=2.0))) == "price"


def test_floors_that_contradict_each_other_are_kept_one_by_one():
    dear, cheap = batch(lot="dear", floor_per_kg=9.0), batch(lot="cheap", floor_per_kg=0.5)
    plan = planned(dear, cheap, unit())
    assert {one.lot for one in plan.placements} == {"cheap"}
    assert [(one.lot, one.reason) for one in plan.unplaced] == [("dear", "price")]


def test_a_floor_without_a_known_price_does_not_condemn_the_goods():
    assert planned(batch(price_per_kg=0.0, floor_per_kg=0.3), unit()).totals.placed_t == pytest.approx(10.0)


@pytest.mark.parametrize("floor", [NAN, math.inf, -1.0])
def test_a_floor_that_is_no_price_is_told(floor):
    plan = planned(batch(floor_per_kg=floor), unit())
    assert told(plan, "cabbage", "L1")


@pytest.mark.parametrize("quota", [Quota("u1", 0.0), Quota("u1", None, 0.0), Quota("u1", -3.0), Quota("u1", 5.0, -1.0)])
def test_a_quota_used_up_or_overdrawn_gets_nothing(quota):
    assert only_reason(planned(batch(), unit(), quota)) == "quota"


@pytest.mark.parametrize("quota", [Quota("u1", NAN), Quota("u1", None, NAN), Quota("u1", 5.0, NAN)])
def test_a_quota_that_is_no_amount_is_never_taken_for_plenty(quota):
    plan = planned(batch(), unit(), quota)
    assert plan.totals.placed_t == plan.by_hand.placed_t == 0


def test_two_rows_of_one_quota_are_never_added():
    plan = planned(batch(), unit(), Quota("u1", 3.0), Quota("u1", 2.0))
    assert plan.totals.placed_t <= 3.0 + 1e-6


def test_two_units_of_one_id_do_not_draw_a_quota_twice():
    plan = planned(batch(), unit("u1"), unit("u1"), Quota("u1", 3.0))
    assert plan.totals.placed_t <= 3.0 + 1e-6


def test_a_quota_of_an_unknown_unit_changes_nothing():
    assert planned(batch(), unit(), Quota("nobody", 1.0)).totals.placed_t == pytest.approx(10.0)


def test_places_unknown_are_taken_as_far_and_told():
    plan = planned(batch(township_id=TOWNSHIPS[3]), unit(township_id=""))
    assert plan.totals.placed_t == pytest.approx(10.0)
    assert {one.km for one in plan.placements} == {35.0}
    assert told(plan, "1 个乡镇、1 家单位没有坐标")


def test_a_place_that_is_no_number_is_taken_as_unknown():
    places = PLACES | {TOWNSHIPS[0]: dataclasses.replace(PLACES[TOWNSHIPS[0]], latitude=NAN)}
    case = dataclasses.replace(problem(batch(), unit()), places=places)
    assert {one.km for one in make_plan(case, CATALOG).placements} == {35.0}


def test_goods_from_a_township_that_does_not_exist_are_refused():
    with pytest.raises(InvalidPlan, match="no township '999'") as caught:
        planned(batch(township_id="999"), unit())
    assert caught.value.where == "batches"
    assert caught.value.todo


def test_goods_that_are_no_product_are_refused():
    with pytest.raises(InvalidPlan, match="no product 'unicorn'"):
        planned(batch(product_id="unicorn"), unit())


def test_a_unit_in_a_township_that_does_not_exist_stays_with_its_place_unknown():
    plan = planned(batch(), unit("市场", township_id="999"))
    assert {one.km for one in plan.placements} == {35.0}
    assert told(plan, "市场", "999")


def test_a_lead_time_past_the_shelf_life_is_told_as_the_reason():
    brief = batch(expiry=DAY + dt.timedelta(days=3))
    assert only_reason(planned(brief, unit(lead_days=4, accepts=("cabbage",)))) == "late"
    assert planned(brief, unit(lead_days=3, accepts=("cabbage",))).placements


def test_a_lead_time_past_the_span_is_told_as_the_reason():
    assert only_reason(planned(batch(), unit(lead_days=6), days=5)) == "late"


def test_a_channels_own_start_holds_where_the_unit_states_no_lead():
    leaf = batch(product_id="pak-choi", expiry=DAY + dt.timedelta(days=2))
    buyer = unit(channel="buyer-matching", kind=UnitKind.SUPERMARKET, lead_days=None, accepts=("pak-choi",))
    assert only_reason(planned(leaf, buyer)) == "late"


@pytest.mark.parametrize("tonnes", [NAN, math.inf, -2.0])
def test_tonnes_that_are_no_amount_are_left_out_and_told(tonnes):
    plan = planned(batch(tonnes, lot="bad"), batch(lot="good"), unit())
    assert {one.lot for one in plan.placements} == {"good"}
    assert plan.totals.surplus_t == 10.0
    assert told(plan, "bad", "left out")


@pytest.mark.parametrize("price", [NAN, math.inf, -2.0])
def test_a_price_that_is_none_leaves_the_goods_out_and_is_told(price):
    plan = planned(batch(lot="bad", price_per_kg=price), batch(lot="good"), unit())
    assert {one.lot for one in plan.placements} == {"good"}
    assert told(plan, "bad", "left out")


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0}, {"days": 181}, {"key_weight": 0.5}, {"worst_share_weight": -1.0}, {"fairness_k": 1.5},
        {"fairness_k": NAN}, {"channel_share": -0.1}, {"channel_share": 1.1}, {"freight_per_t_km": NAN},
        {"nearness": math.inf}, {"most_km": -1.0}, {"preference": -0.1}, {"waiting_per_t_day": NAN},
    ],
    ids=str,
)  # fmt: skip
def test_an_option_out_of_range_is_refused_by_name(wrong):
    (name,) = wrong
    with pytest.raises(InvalidPlan, match=name) as caught:
        planned(batch(), unit(), **wrong)
    assert caught.value.where == f"options.{name}"
    assert caught.value.todo


def test_a_channel_share_that_leaves_nothing_gives_an_empty_plan():
    plan = planned(batch(), unit(), channel_share=0.3)
    assert plan.totals.placed_t == pytest.approx(0.0, abs=1e-6)
    assert plan.totals.wasted_t == pytest.approx(10.0)
    assert "单一渠道占比上限" in plan.unplaced[0].text_zh
    assert "channel's share" in plan.unplaced[0].text_en


def test_strict_proportion_with_one_township_cut_off_places_nothing_and_is_no_exception():
    far = batch(lot="L2", township_id=TOWNSHIPS[1])
    plan = planned(batch(), far, unit(), Shock(ShockKind.ROAD, TOWNSHIPS[1]), fairness_k=0.0)
    assert plan.totals.placed_t == pytest.approx(0.0, abs=1e-5)
    assert any("公平" in one.text_zh for one in plan.unplaced if one.township_id == TOWNSHIPS[0])


def test_distance_that_excludes_everyone_is_told_as_the_reason():
    assert only_reason(planned(batch(township_id=TOWNSHIPS[1]), unit(), most_km=1.0)) == "far"


def test_a_blocked_road_is_told_as_the_reason():
    cut = Shock(ShockKind.ROAD, TOWNSHIPS[1])
    assert only_reason(planned(batch(township_id=TOWNSHIPS[1]), unit(), cut)) == "road"


def test_a_lot_of_which_a_day_holds_no_minimum_is_left():
    few = batch(1.0)
    plan = planned(few, unit(minimum_lot_t=2.0))
    assert plan.totals.placed_t == pytest.approx(0.0, abs=1e-6)
    assert "最小批量" in plan.unplaced[0].text_zh
    assert planned(few, unit(minimum_lot_t=2.0), whole_lots=False).totals.placed_t == pytest.approx(1.0)


def test_half_a_capacity_does_not_turn_a_sound_unit_into_a_faulty_one():
    plan = planned(batch(), unit(minimum_lot_t=3.0), Shock(ShockKind.CAPACITY, "u1", factor=0.5))
    assert only_reason(plan) != "faulty"


@pytest.mark.parametrize(
    ("text", "shock"),
    [
        ("road:500155104", Shock(ShockKind.ROAD, "500155104")),
        ("road:500155104-500155001", Shock(ShockKind.ROAD, "500155104-500155001")),
        ("township:500155104", Shock(ShockKind.TOWNSHIP, "500155104")),
        ("unit:u1", Shock(ShockKind.UNIT, "u1")),
        ("channel:canteens", Shock(ShockKind.CHANNEL, "canteens")),
        ("capacity:canteens=0.5", Shock(ShockKind.CAPACITY, "canteens", factor=0.5)),
        ("capacity:*=2", Shock(ShockKind.CAPACITY, "*", factor=2.0)),
        ("storage:*=2", Shock(ShockKind.STORAGE, "*", days=2)),
    ],
)
def test_each_short_spelling_is_its_shock(text, shock):
    assert parse_shock(text) == shock


@pytest.mark.parametrize(
    "text",
    [
        "", "road", "road:", "flood:500155104", "capacity:canteens", "capacity:canteens=", "capacity:canteens=half",
        "capacity:canteens=-1", "capacity:canteens=nan", "capacity:canteens=inf", "storage:*", "storage:*=0",
        "storage:*=1.5", "storage:*=-2", "storage:*=nan", "storage:*=inf", "storage:*=400", "ROAD:500155104",
        "road:500155104=closed", ":", "=1",
    ],
)  # fmt: skip
def test_a_spelling_that_is_no_shock_is_refused_with_an_example(text):
    with pytest.raises(InvalidPlan, match="is no shock") as caught:
        parse_shock(text)
    assert "capacity:CHANNEL=0.5" in caught.value.todo


@pytest.mark.parametrize(
    "text",
    [
        "road:999", "road:500155104-999", "road:500155104-500155001-500155102", "township:999", "unit:nobody",
        "channel:moon", "capacity:moon=0.5", "storage:unicorn=2",
    ],
)  # fmt: skip
def test_a_shock_on_something_that_does_not_exist_is_refused(text):
    with pytest.raises(InvalidPlan):
        planned(batch(), unit(), parse_shock(text))


@pytest.mark.parametrize("factor", [NAN, math.inf, -0.5])
def test_a_shock_whose_factor_is_no_number_is_refused(factor):
    with pytest.raises(InvalidPlan, match="factor"):
        planned(batch(), unit(), Shock(ShockKind.CAPACITY, "u1", factor=factor))
