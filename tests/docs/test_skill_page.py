"""The program that makes the figures of the page on skill, on a small panel of its own."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

PROGRAMS = Path(__file__).resolve().parents[2] / "benchmarks"
SINCE = "2018-01-01"
HORIZONS = (2, 4)
FALL = pd.Timestamp("2019-06-03")
"""From this Monday on, ten weeks long, Beta's onions are far below their season."""


PARTS = ("skill_weeks", "skill_tables", "skill_events", "skill_plots", "skill_page")


@pytest.fixture(scope="module")
def program() -> Iterator[SimpleNamespace]:
    """The names of the program and of its parts, loaded as the program loads them: from their folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PROGRAMS)
        parts = [importlib.import_module(name) for name in PARTS]
        yield SimpleNamespace(**{name: value for part in parts for name, value in vars(part).items()})
        for name in PARTS:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """Six series of two products in two states, 2012 to 2020, and one too short to be judged."""
    draw = np.random.default_rng(3)
    days = pd.date_range("2012-01-02", "2020-06-30", freq="D")
    parts = []
    for number in range(6):
        swing = [0.0]
        for shock in draw.normal(0, 0.13, len(days) // 7 + 1):
            swing.append(0.85 * swing[-1] + shock)
        logs = np.repeat(swing, 7)[: len(days)]
        if number == 1:
            logs = np.where((days >= FALL - pd.Timedelta(weeks=9)) & (days < FALL), 0.1, logs)
            logs = np.where((days >= FALL) & (days < FALL + pd.Timedelta(weeks=10)), -1.2, logs)
        own = {"market": ["Alpha", "Beta", "Gamma(F&V)"][number % 3], "region": "NORTH" if number < 3 else "SOUTH"}
        frame = pd.DataFrame({"date": days, "price": 10 * np.exp(logs), **own})
        frame["product"] = "ONION" if number in (0, 1, 2) else "TOMATO"
        parts.append(frame[draw.random(len(days)) < 0.7])
    parts.append(parts[0].head(300).assign(market="Short"))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def world(program, panel):
    return program.world_of(panel, pd.Timestamp(SINCE))


@pytest.fixture(scope="module")
def predictions(world) -> pd.DataFrame:
    """A forecaster of some skill: it reads the anomaly of now, and knows Beta's great fall three weeks ahead."""
    rows, columns = np.nonzero((world.spells.price.to_numpy().T > 0) & world.columns(SINCE))
    place = [world.weeks.places[row] for row in rows]
    sundays = world.weeks.sundays[columns].astype("datetime64[D]").astype("datetime64[s]")
    price = world.spells.price.to_numpy().T[rows, columns]
    anomaly = np.nan_to_num(world.spells.anomaly.to_numpy().T[rows, columns])
    ahead = (np.datetime64(FALL) - sundays) / np.timedelta64(7, "D")
    knows = (np.array([one.market for one in place]) == "Beta") & (rows < 3) & (ahead > 0) & (ahead <= 3)
    frame = pd.DataFrame({name: [getattr(one, name) for one in place] for name in ("product", "region", "market")})
    frame["issue_date"] = sundays
    frame["probability"] = np.where(knows, 0.99, 1 / (1 + np.exp(8 * anomaly + 3)))
    for name, level in zip(("price_q10", "price_q50", "price_q90"), (0.8, 1.0, 1.25), strict=True):
        frame[name] = price * level
    return pd.concat([frame.assign(horizon_weeks=weeks) for weeks in HORIZONS], ignore_index=True)


def event(**own) -> dict[str, str]:
    usual = {"event_id": "E-1", "product": "onion", "product_local": "", "region": "North", "market": "Beta"}
    return usual | {"start_date": "2019-06-10", "label": "glut", "dataset_match": ""} | own


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return pd.DataFrame(
        [
            event(),
            event(event_id="E-2", market="Elsewhere (Beta)", region="South; North", start_date="2019-08-05"),
            event(event_id="E-3", market="", label="near_miss", start_date="2019-12-01"),
            event(event_id="E-4", product="garlic"),
            event(event_id="E-5", region="West"),
            event(event_id="E-6", start_date="2016-02-01"),
            event(event_id="E-7", start_date="2023-02-01"),
            event(event_id="E-8", start_date="2010-02-01"),
        ]
    )


def cells(text: str, head: str, first: str) -> list[str]:
    """The cells of the first row beneath a heading that begins with a word."""
    below = text[text.index(head) :]
    line = next(line for line in below.splitlines() if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_page_has_its_tables_and_plots(program, panel, predictions, events, tmp_path) -> None:
    program.write(panel, predictions, SINCE, tmp_path, events=events, panel_name="small")

    text = (tmp_path / "tables.md").read_text(encoding="utf-8")
    assert all(f"### {weeks} weeks" in text for weeks in HORIZONS)
    assert "6 series" in text
    assert max(map(len, text.splitlines())) <= 200
    assert "nan" not in text
    for who in program.COLOURS:
        assert len(cells(text, "### 4 weeks", who)) == len(program.SKILL_HEADS)
    assert len(cells(text, "by product", "TOMATO")) == len(program.PRODUCT_HEADS)
    assert len(cells(text, "## Prices", "all")) == len(program.PRICE_HEADS)
    assert len(cells(text, "## Documented events", "E-1")) == len(program.EVENT_HEADS)
    for name in program.PLOTS:
        assert f"({name})" in text
        drawn = (tmp_path / name).read_bytes()
        assert drawn.startswith(b"\x89PNG")
        assert 5_000 < len(drawn) < 120_000


def test_without_prices_and_events_the_rest_stands(program, panel, predictions, tmp_path) -> None:
    bare = predictions.drop(columns=list(program.QUANTILES))

    program.write(panel.drop(columns="region"), bare[bare["region"] == "NORTH"].drop(columns="region"), SINCE, tmp_path)

    text = (tmp_path / "tables.md").read_text(encoding="utf-8")
    assert "## Prices" not in text
    assert "## Documented events" not in text


def test_baselines_and_bounds(program, world, predictions) -> None:
    at = program.horizon_of(world, 4, program.grids_of(world, predictions)[4], pd.Timestamp(SINCE))

    ours, rule, chance, perfect = (program.judged(at, who) for who in (program.OURS, program.RULE, "chance", "perfect"))
    assert at.issued[:, -1].sum() == 0
    assert np.count_nonzero(at.issued.any(axis=1)) == 6
    assert ours.skill.silent == 0
    assert chance.skill.roc_auc == pytest.approx(0.5, abs=0.1)
    assert perfect.skill.roc_auc == 1.0
    # it is the rule but for one fall
    assert ours.skill.roc_auc >= rule.skill.roc_auc
    assert perfect.leads.warned_2w > ours.leads.warned_2w > chance.leads.warned_2w


def test_prices_of_a_forecaster_that_says_the_last_price(program, world, predictions) -> None:
    at = program.horizon_of(world, 4, program.grids_of(world, predictions)[4], pd.Timestamp(SINCE))

    found = program.price_skills(world, at, pd.Timestamp(SINCE))

    assert set(found) == {"all", "ONION", "TOMATO"}
    assert found["all"].rows == found["ONION"].rows + found["TOMATO"].rows
    assert found["all"].wape == pytest.approx(found["all"].wape_last_price)


def test_what_the_forecasts_said_about_events(program, world, predictions, events) -> None:
    grids = program.grids_of(world, predictions)
    spoken = ~np.isnan(grids[2]["probability"])

    found = {one.event_id: one for one in program.answers(world, events, program.alarms_of(world, grids), spoken)}

    # another product, another state and an event before 2011 are none of the panel's
    assert set(found) == {"E-1", "E-2", "E-3", "E-6", "E-7"}
    first = found["E-1"]
    assert (first.verdict, first.place, first.series) == ("warned", "Beta", 1)
    assert first.alarm <= dt.date(2019, 6, 2) < first.start
    assert first.lead_weeks == (first.start - first.alarm).days / 7
    assert first.low_since == dt.date(2019, 6, 9)
    assert 0 < first.usual < 1
    # eight weeks on the price is low already, and what counts is the alarm before that fall
    second = found["E-2"]
    assert (second.verdict, second.place, second.low_since) == ("already low", "Beta", dt.date(2019, 6, 9))
    assert second.alarm < second.low_since
    assert (found["E-3"].place, found["E-3"].series) == ("North", 3)
    assert found["E-6"].verdict == "no forecast"
    assert found["E-7"].verdict == "no price"
    gluts, *_ = program.event_counts(found.values())
    assert gluts.startswith("Of 2 gluts with forecasts, 1 warned")
    assert "1 already low" in gluts


@pytest.mark.parametrize(
    ("written", "market", "same"),
    [
        ("Madanapalle", "Madanapalli", True),
        ("Girnare (Nashik)", "Nasik", True),
        ("Jalandhar; Hoshiarpur", "Jalandhar City(Jalandhar)", True),
        ("Indore", "Indore(F&V)", True),
        ("台北", "109 台北一", True),
        ("Kolar", "Malur", False),
        ("", "Agra", False),
    ],
)
def test_markets_are_known_by_other_spellings(program, written, market, same) -> None:
    assert program._alike(program._names(written), program._names(market)) is same


def test_predictions_without_a_column_are_refused_by_name(program, world, predictions) -> None:
    with pytest.raises(SystemExit, match="probability"):
        program.grids_of(world, predictions.drop(columns="probability"))
