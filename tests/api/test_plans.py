"""Placement plans through the service: the alert's own, what if, stored and read again, side by side."""

from __future__ import annotations

import asyncio
import threading

import growing
import httpx2
import placing
import pytest

from warning.absorption.plan import make_plan
from warning.reference import load_catalog
from warning.store.plans import read_plan

PATH = f"/v1/alerts/{placing.DISTRICT}/plan"


@pytest.fixture
def office(client, store):
    placing.glut(store)
    return client


def test_an_alert_has_a_plan_with_units_days_clauses_and_leads(office):
    plan = office.get(PATH).json()
    assert (plan["id"], plan["alert"], plan["day"]) == (None, placing.DISTRICT, "2018-12-02")
    assert plan["totals"]["surplus_t"] == 120.0
    assert 0 < plan["totals"]["placed_t"] <= 120.0
    assert plan["totals"]["wasted_t"] <= plan["by_hand"]["wasted_t"]
    assert plan["estimated"] is True
    assert all(line["clause"] and line["lead_zh"] and line["first_day"] > "2018-12-02" for line in plan["channels"])
    assert {task["department"]["id"] for task in plan["tasks"]} == {line["lead"] for line in plan["channels"]}
    placed = sum(one["tonnes_t"] for one in plan["placements"])
    left = sum(one["tonnes"] for one in plan["unplaced"])
    assert placed + left == pytest.approx(120.0, abs=0.01)
    assert all(one["text_zh"] for one in plan["unplaced"])
    assert office.get("/v1/plans").json()["items"] == []  # looking stores nothing


def test_a_townships_plan_is_of_what_it_reports_itself(office, store):
    placing.report(store, 45.0)
    plan = office.get(f"/v1/alerts/{placing.TOWNSHIP}/plan").json()
    assert plan["totals"]["surplus_t"] == pytest.approx(45.0)
    assert {one["township_id"] for one in plan["placements"]} == {"500155104"}
    assert plan["estimated"] is False


def test_a_report_of_seedlings_alone_leaves_the_districts_estimate_standing(office, store):
    placing.report(store, None, seedlings=90_000.0)
    plan = office.get(PATH).json()
    assert plan["totals"]["surplus_t"] == 120.0
    assert plan["estimated"] is True


def test_an_estimated_surplus_is_held_against_what_the_markets_took_in_a_year(office, store):
    growing.volumes(store, 3.0, days=360)
    (note,) = [one["zh"] for one in office.get(PATH).json()["notes"] if "上市量" in one["zh"]]
    assert "莲花白：待消纳量占全年上市量的 11%" in note


def test_a_markets_alert_and_an_unknown_one_have_no_plan(office):
    market = office.get(f"/v1/alerts/{placing.MARKET}/plan")
    assert market.status_code == 409
    assert "channels" in market.json()["todo"]
    assert office.get("/v1/alerts/nothing/plan").status_code == 404
    assert office.get(PATH, params={"as_of": "2018-11-01"}).status_code == 404


def test_a_plan_without_any_unit_places_nothing_and_says_why(client, store):
    plan = client.get(PATH).json()
    assert (plan["totals"]["placed_t"], plan["totals"]["wasted_t"]) == (0.0, 120.0)
    assert plan["unplaced"][0]["text_zh"]


def test_a_plan_is_stored_read_again_the_same_and_made_again_exactly(office, store):
    made = placing.ask(
        office, shocks=["unit:school", "capacity:cold-storage-outlets=0.5"], title="断路", options={"days": 9}
    )
    assert made["id"].startswith("plan-20181202-")
    assert [shock["kind"] for shock in made["shocks"]] == ["unit", "capacity"]
    assert made["options"]["days"] == 9
    placing.report(store, 999.0)  # what becomes known later changes no stored plan
    assert office.get(f"/v1/plans/{made['id']}").json() == made
    with store.session() as session:
        kept = read_plan(session, made["id"])
    assert make_plan(kept.problem, load_catalog()) == kept.plan
    assert (kept.made_by, kept.title, kept.made_at) == ("王", "断路", placing.NOW)


def test_plans_are_listed_newest_first_page_by_page_and_by_alert(office):
    first = placing.ask(office, title="甲")["id"]
    other = placing.ask(office, alert=None, title="全部")["id"]
    assert {item["id"] for item in office.get("/v1/plans").json()["items"]} == {first, other}
    page = office.get("/v1/plans", params={"limit": 1}).json()
    rest = office.get("/v1/plans", params={"limit": 1, "cursor": page["next"]}).json()
    assert {item["id"] for item in page["items"] + rest["items"]} == {first, other}
    (mine,) = office.get("/v1/plans", params={"alert": placing.DISTRICT}).json()["items"]
    assert (mine["id"], mine["title"], mine["made_by"], mine["alert"]) == (first, "甲", "王", placing.DISTRICT)
    assert office.get("/v1/plans", params={"cursor": "x"}).status_code == 422


def test_two_plans_stand_side_by_side_the_second_against_the_first(office):
    calm, shut = (
        placing.ask(office, title="平常")["id"],
        placing.ask(office, shocks=["channel:cold-storage-outlets"])["id"],
    )
    lines = office.get(f"/v1/plans/{calm}/against/{shut}").json()["plans"]
    assert [line["title"] for line in lines] == ["平常", shut]
    assert lines[1]["against_first"]["placed_t"] < 0
    assert "cold-storage-outlets" in lines[0]["channels_t"]
    assert "cold-storage-outlets" not in lines[1]["channels_t"]
    assert office.get(f"/v1/plans/{calm}/against/plan-none").status_code == 404


def test_all_products_under_an_alert_or_only_those_named(office, store):
    placing.report(store, 20.0)
    assert placing.ask(office, alert=None)["totals"]["surplus_t"] == pytest.approx(20.0)
    named = placing.ask(office, alert=None, products=["莲花白"], townships=["屏锦镇"])
    assert named["totals"]["surplus_t"] == pytest.approx(20.0)
    nothing = placing.ask(office, alert=None, products=["tomato"])
    assert nothing["placements"] == []
    assert nothing["notes"]


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        ({"shocks": ["flood:everywhere"]}, 422, "invalid-plan"),
        ({"shocks": ["capacity:canteens"]}, 422, "invalid-plan"),
        ({"shocks": ["road:nowhere"]}, 422, "invalid-plan"),
        ({"shocks": ["unit:nobody"]}, 422, "invalid-plan"),
        ({"alert": "nothing"}, 404, "not-found"),
        ({"alert": placing.MARKET}, 409, "conflict"),
        ({"as_of": "2018-11-01"}, 404, "not-found"),
        ({"alert": None, "products": ["no such thing"]}, 422, "unknown-name"),
        ({"alert": None, "townships": ["nowhere"]}, 422, "unknown-name"),
        ({"options": {"days": 0}}, 422, "invalid-request"),
        ({"options": {"fairness_k": 1.5}}, 422, "invalid-request"),
        ({"options": {"speed": 1}}, 422, "invalid-request"),
        ({"by": " "}, 422, "invalid-request"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_reason_and_not_stored(office, asked, status, kind):
    answer = office.post("/v1/plans", json={"by": "王", "alert": placing.DISTRICT} | asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["type"] == f"urn:changxiao:problem:{kind}"
    assert answer.json()["detail"]
    assert office.get("/v1/plans").json()["items"] == []


def test_a_repeat_with_the_same_key_is_not_solved_and_stored_again(office):
    body = {"by": "王", "alert": placing.DISTRICT}
    first = office.post("/v1/plans", json=body, headers={"Idempotency-Key": "k1"})
    again = office.post("/v1/plans", json=body, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    assert len(office.get("/v1/plans").json()["items"]) == 1
    other = office.post("/v1/plans", json=body | {"title": "x"}, headers={"Idempotency-Key": "k1"})
    assert other.status_code == 409


def test_a_plan_sent_as_something_else_than_json_is_a_415(office):
    sent = office.post("/v1/plans", content=b'{"by": "x"}', headers={"content-type": "text/csv"})
    assert (sent.status_code, sent.headers["content-type"]) == (415, "application/problem+json")
    assert "text/csv" in sent.json()["detail"]
    assert "application/json" in sent.json()["todo"]
    broken = office.post("/v1/plans", content=b'{"by": ', headers={"content-type": "application/json"})
    assert broken.status_code == 422
    assert office.post("/v1/plans").status_code == 422
    assert office.get("/v1/plans").json()["items"] == []


def test_every_faulty_field_of_a_question_is_named(office):
    answer = office.post("/v1/plans", json={"options": {"days": 0, "most_km": -1}, "shocks": ["x"], "what": 1})
    assert answer.status_code == 422
    where = {fault["where"] for fault in answer.json()["errors"]}
    assert where == {"body.options.days", "body.options.most_km", "body.shocks.0", "body.what", "body.by"}


def test_everything_else_answers_while_plans_are_solved(office, monkeypatch):
    """More plans asked for than the server has threads, all of them held: other questions come through."""
    from warning.absorption import plan

    let_go, solve, waited = threading.Event(), plan.make_plan, []

    def held(*given):
        waited.append(let_go.wait(30))
        let_go.set()  # where nobody came through, the rest need not be waited for
        return solve(*given)

    monkeypatch.setattr(plan, "make_plan", held)

    async def ask_all():
        transport = httpx2.ASGITransport(app=office.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as other:
            asked = [asyncio.create_task(other.get(PATH)) for _ in range(60)]
            for _ in range(20):
                await asyncio.sleep(0)
            alive = await asyncio.wait_for(other.get("/v1/alerts"), 20)
            waiting = sum(not task.done() for task in asked)
            let_go.set()
            answers = await asyncio.gather(*asked)
        return alive, waiting, answers

    alive, waiting, answers = asyncio.run(ask_all())
    assert alive.status_code == 200
    assert waiting == 60
    assert all(waited)
    assert {answer.status_code for answer in answers} == {200}
