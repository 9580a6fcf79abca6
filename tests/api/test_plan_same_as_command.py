"""`changxiao plan` and the service give the same plan of the same store, to the last digit."""

from __future__ import annotations

import json

import placing
import pytest
from typer.testing import CliRunner

from pipelines.cli import app


@pytest.fixture
def office(client, store):
    placing.glut(store)
    return client


def printed(store, *words):
    done = CliRunner().invoke(app, ["plan", *words, "--json"], env={"CHANGXIAO_HOME": str(store.home)})
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("reported", [False, True], ids=["estimated", "reported"])
def test_the_plan_of_an_alert_is_the_same(office, store, reported):
    if reported:
        placing.report(store, 45.0)
    told = printed(store, placing.DISTRICT)
    assert told["placements"]
    assert told["estimated"] is not reported
    assert office.get(f"/v1/plans/{told['id']}").json() == told  # the command's, as the service reads it
    assert office.get(f"/v1/alerts/{placing.DISTRICT}/plan").json() == told | {"id": None}


def test_the_plan_of_everything_under_a_shock_is_the_same(office, store):
    placing.report(store, 45.0)
    shocks = ["unit:mall", "capacity:cold-storage-outlets=0.5"]
    told = printed(store, "--shock", shocks[0], "--shock", shocks[1], "--days", "9")
    asked = {"by": "王", "shocks": shocks, "options": {"days": 9}}
    served = office.post("/v1/plans", json=asked).json()
    assert told["placements"]
    assert served.pop("id") != told.pop("id")
    assert served == told
