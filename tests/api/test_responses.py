"""What was in fact placed, through the service: recorded, corrected, set against the plan and against the forecast."""

from __future__ import annotations

import datetime as dt

import placing
import pytest

from warning.store.responses import Response, record_responses

PATH = f"/v1/alerts/{placing.DISTRICT}/responses"
PROBLEM = "application/problem+json"


@pytest.fixture
def office(client, store):
    placing.glut(store)
    return client


def row(unit="school", day="2018-12-03", tonnes=2.0, **more):
    return {"unit": unit, "day": day, "tonnes": tonnes} | more


def record(client, *rows, path=PATH, key=None, **more):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(path, json={"by": "店", "responses": list(rows)} | more, headers=headers)


def shown(client, path=PATH, **asked):
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_was_placed_is_recorded_and_shown_with_its_names(office):
    told = record(office, row(township="屏锦镇", lot="冬", price_per_kg=1.8, note="送到"), row("mall"))
    assert (told.status_code, told.json()) == (201, {"added": 2, "changed": 0, "unchanged": 0})
    answer = shown(office)
    assert (answer["alert"], answer["total_t"], answer["until"]) == (placing.DISTRICT, 4.0, "2018-12-10")
    mall, school = answer["items"]
    assert (school["unit_name"], school["product_name"], school["township"]) == ("一小", "莲花白", "500155104")
    assert (school["township_name"], school["lot"], school["price_per_kg"], school["note"]) == (
        "屏锦镇", "冬", 1.8, "送到",
    )  # fmt: skip
    assert (mall["township"], mall["township_name"], mall["by"]) == (None, "全区", "店")
    assert mall["recorded_at"] == "2018-12-10T09:00:00+08:00"


def test_the_same_again_changes_nothing_and_other_tonnes_correct(office):
    record(office, row())
    again = record(office, row())
    assert (again.status_code, again.json()) == (200, {"added": 0, "changed": 0, "unchanged": 1})
    other = record(office, row(tonnes=3.5))
    assert (other.status_code, other.json()) == (201, {"added": 0, "changed": 1, "unchanged": 0})
    assert [one["tonnes"] for one in shown(office)["items"]] == [3.5]
    record(office, row(tonnes=0))
    assert shown(office)["total_t"] == 0.0


def test_a_townships_alert_is_about_that_township_unless_said_otherwise(office):
    path = f"/v1/alerts/{placing.TOWNSHIP}/responses"
    assert record(office, row(product="莲花白"), path=path).status_code == 201
    (one,) = shown(office, path)["items"]
    assert (one["product"], one["township"]) == ("cabbage", "500155104")


def test_a_name_that_left_the_register_is_still_shown_and_its_past_corrected(office):
    record(office, row("mall"))
    office.delete("/v1/units/mall", params={"by": "王"})
    assert record(office, row("mall", tonnes=1)).json()["changed"] == 1
    assert shown(office)["items"][0]["unit_name"] == "连锁超市"


def test_planned_and_taken_stand_side_by_side_up_to_today(office):
    plan = office.post("/v1/plans", json={"by": "王", "alert": placing.DISTRICT}).json()
    record(office, row("mall", tonnes=2), row("cold", tonnes=50), row("school", day="2018-12-09"), plan=plan["id"])
    answer = shown(office)
    assert answer["plan"] == plan["id"]
    assert {one["plan"] for one in answer["items"]} == {plan["id"]}
    lines = {line["unit"]: line for line in answer["against_plan"]}
    for unit, taken in (("mall", 2.0), ("cold", 50.0), ("school", 2.0), ("reserve", 0.0)):
        planned = sum(
            one["tonnes_t"] for one in plan["placements"] if one["unit_id"] == unit and one["day"] <= answer["until"]
        )
        assert lines[unit]["planned_t"] == pytest.approx(planned, abs=0.02)
        assert lines[unit]["taken_t"] == taken
        assert lines[unit]["open_t"] == pytest.approx(planned - taken, abs=0.02)
    assert any(one["day"] > answer["until"] for one in plan["placements"])  # what is due later counts for nobody yet
    behind = [line["open_t"] for line in answer["against_plan"]]
    assert behind == sorted(behind, reverse=True)
    assert lines["cold"]["open_t"] < 0


def test_the_newest_plan_is_compared_unless_another_is_named(office):
    record(office, row())
    assert (shown(office)["plan"], shown(office)["against_plan"]) == (None, [])
    calm = office.post("/v1/plans", json={"by": "王", "alert": placing.DISTRICT}).json()["id"]
    every = office.post("/v1/plans", json={"by": "王", "shocks": ["unit:mall"]}).json()["id"]
    assert shown(office)["plan"] == calm
    assert shown(office, plan=every)["plan"] == every
    assert "mall" not in {line["unit"] for line in shown(office, plan=every)["against_plan"]}
    assert office.get(PATH, params={"plan": "plan-none"}).status_code == 404


def test_a_price_above_the_band_forecast_before_is_told_with_its_band(office, store):
    placing.forecast(store)
    placing.prices(store, d1204=1.5, d1205=1.7, d1207=1.6)
    record(office, row(tonnes=40))
    effect = shown(office)["effect"]
    assert (effect["sign"], effect["observed"]) == (1, 1.6)
    assert effect["expected"] == {"day": "2018-12-09", "low": 1.0, "median": 1.2, "high": 1.4}
    assert (effect["series"], effect["issued"]) == (placing.WATCHED, "2018-11-25")
    assert "不排除其他原因" in effect["text_zh"]
    assert "other causes are not ruled out" in effect["text_en"]


@pytest.mark.parametrize(("price", "sign"), [(0.9, -1), (1.0, 0), (1.3, 0), (1.41, 1)])
def test_inside_the_band_no_effect_can_be_told(office, store, price, sign):
    placing.forecast(store)
    placing.prices(store, d1205=price)
    record(office, row(tonnes=40))
    effect = shown(office)["effect"]
    assert effect["sign"] == sign
    assert ("效果不能判断" in effect["text_zh"]) == (sign == 0)


def test_the_baselines_band_counts_where_no_model_speaks(office, store):
    placing.forecast(store, speaks="baseline")
    placing.prices(store, d1205=1.6)
    record(office, row(tonnes=40))
    effect = shown(office)["effect"]
    assert (effect["sign"], effect["expected"]["median"]) == (-1, 2.2)


def test_a_forecast_that_may_know_of_the_response_is_not_looked_at(office, store):
    placing.forecast(store)
    placing.forecast(store, issued=placing.DAY)
    placing.prices(store, d1204=1.6)
    record(office, row(day="2018-12-02", tonnes=40))  # the very day of the newer one
    assert shown(office)["effect"]["issued"] == "2018-11-25"


def test_a_week_that_began_before_the_first_delivery_tells_nothing(office, store):
    placing.forecast(store)
    placing.prices(store, d1203=9.0, d1204=9.0, d1208=1.2)
    record(office, row(day="2018-12-07", tonnes=40))
    effect = shown(office)["effect"]
    assert (effect["sign"], effect["observed"], effect["expected"]) == (None, None, None)
    assert "还不能判断" in effect["text_zh"]


def test_where_nothing_was_forecast_or_in_another_currency_the_effect_cannot_be_told(office, store):
    record(office, row(tonnes=40))
    placing.forecast(store, currency="USD")
    effect = shown(office)["effect"]
    assert (effect["sign"], effect["series"], effect["issued"]) == (None, None, None)
    assert "没有该品种的价格预测" in effect["text_zh"]
    assert "no price was forecast before" in effect["text_en"]


def test_without_a_price_since_or_with_too_little_placed_the_effect_cannot_be_told(office, store):
    placing.forecast(store)
    none = shown(office)["effect"]
    assert (none["sign"], none["series"]) == (None, None)
    record(office, row(tonnes=40))
    waiting = shown(office)["effect"]
    assert (waiting["sign"], waiting["issued"]) == (None, "2018-11-25")
    assert "尚无" in waiting["text_zh"]
    placing.prices(store, d1205=9.0)
    record(office, row(tonnes=0.5))
    little = shown(office)["effect"]
    assert little["sign"] is None
    assert "太少" in little["text_zh"]


def test_every_faulty_field_of_every_row_is_named_and_nothing_is_recorded(office):
    rows = (row(), row("nobody", township="nowhere"), row(day="2018-12-11"), row(product="洋葱"), row(product="stones"))
    answer = record(office, *rows)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert [fault["where"].removeprefix("body.responses.") for fault in answer.json()["errors"]] == [
        "1.township", "1.unit", "2.day", "3.product", "4.product",
    ]  # fmt: skip
    form = record(office, row(tonnes=-1), row(day="12/3", price_per_kg="dear"), {"unit": "school"}, row(colour="red"))
    assert {fault["where"].removeprefix("body.responses.") for fault in form.json()["errors"]} == {
        "0.tonnes", "1.day", "1.price_per_kg", "2.day", "2.tonnes", "3.colour",
    }  # fmt: skip
    assert record(office).status_code == 422  # no row at all
    twice = record(office, row(), row(tonnes=9))
    assert (twice.status_code, twice.json()["type"]) == (422, "urn:changxiao:problem:invalid-entry")
    elsewhere = record(office, row(township="500155102"), path=f"/v1/alerts/{placing.TOWNSHIP}/responses")
    assert elsewhere.json()["errors"][0]["where"] == "body.responses.0.township"
    assert shown(office)["items"] == []


def test_one_row_over_a_quota_refuses_all_rows(office):
    office.put("/v1/units/reserve/quotas/2018", json={"tonnes": 3, "by": "财政"})
    over = record(office, row(), row("reserve", tonnes=3.1))
    assert (over.status_code, over.headers["content-type"]) == (409, PROBLEM)
    assert "reserve" in over.json()["detail"]
    assert shown(office)["items"] == []


def test_money_that_cannot_be_counted_is_refused_and_says_so(office):
    office.put("/v1/units/mall/quotas/2018", json={"cny": 9000, "by": "财政"})
    answer = record(office, row("mall"))
    assert answer.status_code == 422
    assert "price" in answer.json()["detail"]
    assert record(office, row("mall", price_per_kg=1.5)).status_code == 201


def test_an_alert_or_a_plan_that_is_not_there_is_a_404(office):
    assert record(office, row(), path="/v1/alerts/nothing/responses").status_code == 404
    assert office.get("/v1/alerts/nothing/responses").status_code == 404
    answer = record(office, row(), plan="plan-none")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
    assert shown(office)["items"] == []


def test_a_repeat_with_the_same_key_is_recorded_once_and_another_use_of_it_refused(office):
    first = record(office, row(), key="k")
    again = record(office, row(), key="k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json() == {"added": 1, "changed": 0, "unchanged": 0}
    other = record(office, row(tonnes=9), key="k")
    assert (other.status_code, other.headers["content-type"]) == (409, PROBLEM)
    assert record(office, row(), key="k", path=f"/v1/alerts/{placing.TOWNSHIP}/responses").status_code == 409
    assert shown(office)["total_t"] == 2.0


def test_a_key_whose_request_was_refused_can_be_used_again(office):
    assert record(office, row("nobody"), key="k").status_code == 422
    assert record(office, row(), key="k").status_code == 201


def test_a_response_sent_as_something_else_than_json_is_a_415(office):
    sent = office.post(PATH, content=b"unit,day", headers={"content-type": "text/csv"})
    assert (sent.status_code, sent.headers["content-type"]) == (415, PROBLEM)
    assert shown(office)["items"] == []


def test_what_a_sheet_says_without_an_alert_counts_while_the_alert_lasts(office, store):
    rows = [
        Response("mall", "cabbage", township, "", day, 1.0)
        for township in ("500155102", "500155104")
        for day in (dt.date(2018, 11, 30), dt.date(2018, 12, 3))
    ]
    with store.writing() as session:
        record_responses(session, [*rows, Response("mall", "onion", "", "", rows[1].day, 9.0)], at=placing.NOW, by="表")
    assert [(one["day"], one["township"]) for one in shown(office)["items"]] == [
        ("2018-12-03", "500155102"),
        ("2018-12-03", "500155104"),
    ]
    (one,) = shown(office, f"/v1/alerts/{placing.TOWNSHIP}/responses")["items"]
    assert one["township"] == "500155104"
    assert shown(office, f"/v1/alerts/{placing.MARKET}/responses")["items"] == []


def test_what_is_placed_for_a_township_counts_for_the_district_and_the_other_way_round(office):
    of_township = f"/v1/alerts/{placing.TOWNSHIP}/responses"
    of_market = f"/v1/alerts/{placing.MARKET}/responses"
    record(office, row(), path=of_township)
    record(office, row("mall", township="屏锦镇"), row("cold"))
    record(office, row("cold", day="2018-12-04", product="莲花白"), path=of_market)
    assert [(one["unit"], one["township"]) for one in shown(office)["items"]] == [
        ("cold", None),
        ("mall", "500155104"),
        ("school", "500155104"),
    ]
    assert [one["unit"] for one in shown(office, of_township)["items"]] == ["mall", "school"]
