"""The notebooks' client against the real service: frames, pages followed, problems in the service's own words."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx2
import placing
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "notebooks"))
import client as interface

SERIES = "onion@in-test-alpha:wholesale"


@pytest.fixture
def asked(client, monkeypatch):
    """The client over the service of the tests."""
    monkeypatch.setattr(interface, "PAGE", 1)
    return interface.Client("http://testserver", http=client)


def test_lists_are_followed_to_their_end(asked):
    alerts = asked.alerts()
    assert len(alerts) > 1
    assert alerts["level"].iloc[0] == "red"
    assert list(asked.alerts(level="orange")["level"].unique()) == ["orange"]
    assert {"unknown", "none"} <= set(asked.risk()["level"])


def test_series_observations_and_forecasts_are_frames(asked, store):
    placing.forecast(store)
    key = asked.series(product="洋葱")["id"].iloc[0]
    days = asked.observations(key)
    assert days["day"].is_monotonic_increasing
    assert str(days["day"].dtype).startswith("datetime64")
    earlier = asked.observations(key, as_of=days["day"].iloc[0].date())
    assert len(earlier) < len(days)
    told = asked.forecasts(placing.WATCHED)
    assert list(told["horizon_days"]) == [7, 14]


def test_a_plan_and_its_placements(asked, store):
    placing.glut(store)
    plan = asked.plan(placing.DISTRICT)
    frame = interface.placements(plan)
    assert frame["tonnes_t"].sum() == pytest.approx(plan["totals"]["placed_t"], abs=0.01)


def test_a_problem_is_told_in_the_services_words(asked):
    with pytest.raises(interface.ServiceError, match=r"404 .*list them with GET /v1/alerts"):
        asked.plan("nothing")
    with pytest.raises(interface.ServiceError) as told:
        asked.skill()
    assert told.value.status == 404


class Answers:
    """A service that gives these statuses in turn."""

    def __init__(self, *statuses):
        self.left = list(statuses)

    def get(self, path, params):
        status = self.left.pop(0)
        if status is None:
            raise httpx2.ConnectError("refused")
        return httpx2.Response(status, json={"items": [], "next": None})

    def close(self):
        pass


def test_a_busy_service_is_asked_again_and_a_silent_one_is_said_to_be():
    assert interface.Client("http://x", http=Answers(503, None, 200)).alerts().empty
    with pytest.raises(interface.Unreachable, match="is the service running"):
        interface.Client("http://x", http=Answers(*[None] * 9)).alerts()
