"""Our figures are the judge's, on a small panel with gaps, missing predictions and series of unlike length."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest

from models.lead_times import lead_times
from models.price_skill import price_skill
from models.skill import event_skill

HORIZON = 4
SINCE, UNTIL = pd.Timestamp("2017-03-05"), pd.Timestamp("2019-09-29")


@pytest.fixture(scope="module")
def judge(shared_data):
    spec = importlib.util.spec_from_file_location("score_judge", shared_data.parent / "evaluation" / "score.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def weeks(judge):
    """The judge's own weeks of nine series from 2012 to 2019, two of which begin later, one of which ends early."""
    draw = np.random.default_rng(5)
    days = pd.date_range("2012-01-02", "2019-12-31", freq="D")
    parts = []
    for number in range(9):
        season = 0.25 * np.sin(2 * np.pi * np.asarray(days.day_of_year) / 365.25 + number)
        # a fall wears off within some two months, so that spells begin often
        shocks, swing = draw.normal(0, 0.15, len(days) // 7 + 1), [0.0]
        for shock in shocks:
            swing.append(0.85 * swing[-1] + shock)
        price = 10 * np.exp(season + np.repeat(swing, 7)[: len(days)])
        frame = pd.DataFrame({"date": days, "price": price * np.exp(draw.normal(0, 0.02, len(days)))})
        frame = frame[draw.random(len(days)) < 0.75]
        if number in (3, 4):
            frame = frame[frame["date"] > "2013-05-01"]
        if number == 5:
            frame = frame[frame["date"] < "2019-03-01"]
        hole = days[500 + 40 * number]
        frame = frame[~frame["date"].between(hole, hole + pd.Timedelta(days=30))]
        parts.append(frame.assign(market=f"m{number}", product=f"p{number % 3}"))
    return judge.weekly_outcomes(pd.concat(parts, ignore_index=True), 0.8)


@pytest.fixture(scope="module")
def table(judge, weeks):
    found = judge.onset_within(weeks, HORIZON)
    return found[found["week"].between(SINCE, UNTIL)]


def scores(table):
    """A probability of some skill, missing in places."""
    draw = np.random.default_rng(6)
    probability = 1 / (1 + np.exp(6 * table["anomaly"] + 2 + draw.normal(0, 0.7, len(table))))
    return probability.round(2).where(draw.random(len(table)) > 0.05)


def wide(weeks, column, like=None):
    """Series × weeks of a long frame of the judge's."""
    frame = weeks.pivot_table(index="key", columns="week", values=column, aggfunc="first", dropna=False)
    return frame if like is None else frame.reindex(index=like.index, columns=like.columns)


@pytest.mark.shared
@pytest.mark.parametrize("is_probability", [True, False])
def test_event_skill_is_the_judges(judge, table, is_probability):
    outcome = table["outcome"].to_numpy() == 1
    score = scores(table) if is_probability else -table["anomaly"]
    expected = judge.skill(table, score.fillna(table["outcome"].mean()), is_probability)

    found = event_skill(outcome, score.to_numpy(), is_probability=is_probability)

    assert 60 < np.count_nonzero(outcome) < len(outcome) / 2
    assert found.rows == len(table)
    compared = set(expected) - {"roc_auc_mean_of_products"}
    assert compared == {"roc_auc", "pr_auc", "pr_over_base", "pod", "far", "csi"} | (
        {"brier_skill", "calibration_error"} if is_probability else set()
    )
    for name in compared:
        assert getattr(found, name) == pytest.approx(expected[name], rel=1e-9), name


@pytest.mark.shared
@pytest.mark.parametrize("is_probability", [True, False])
def test_lead_times_are_the_judges(judge, weeks, table, is_probability):
    score = scores(table).fillna(table["outcome"].mean()) if is_probability else -table["anomaly"]
    expected = judge.lead_times(weeks, table, score, HORIZON)
    line = event_skill(table["outcome"].to_numpy() == 1, score.to_numpy(), is_probability=is_probability).line
    onset = wide(weeks.assign(onset=weeks["onset"].astype(float)), "onset")
    issued = wide(table.assign(score=score), "score", like=onset)
    columns = np.flatnonzero((onset.columns >= SINCE) & (onset.columns <= UNTIL))

    found = lead_times(
        onset.to_numpy() == 1,
        issued.to_numpy() >= line,
        issued.notna().to_numpy(),
        horizon=HORIZON,
        first=int(columns[0]),
        last=int(columns[-1]),
    )

    assert expected["onsets"] > 20
    assert 0 < expected["warned"] < 1
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value), name


@pytest.mark.shared
def test_price_skill_is_the_judges(judge, weeks):
    draw = np.random.default_rng(7)
    logs = np.log(weeks["price"]) + draw.normal(0, 0.05, len(weeks))
    ours = weeks[["key", "week"]].assign(
        price_q10=np.exp(logs - 0.15), price_q50=np.exp(logs), price_q90=np.exp(logs + 0.12)
    )
    ours = ours[draw.random(len(ours)) > 0.1]
    expected = judge.price_scores(weeks, ours, HORIZON, SINCE, UNTIL)

    price = wide(weeks, "price")
    quantiles = [wide(ours, name, like=price) for name in judge.QUANTILES]
    change = np.log(price / price.shift(HORIZON, axis=1))
    spread = {level: change.T.expanding(52).quantile(level).T for level in (0.1, 0.9)}
    # the judge's own past changes run to a series' end only
    alive = price.bfill(axis=1).notna()
    judged = (price.columns >= SINCE) & (price.columns <= UNTIL)

    def flat(frame):
        return frame.to_numpy(dtype=float)[:, judged].ravel()

    found = price_skill(
        flat(price.shift(-HORIZON, axis=1)),
        *(flat(frame) for frame in quantiles),
        naive_q10=flat((price * np.exp(spread[0.1])).where(alive)),
        naive_q90=flat((price * np.exp(spread[0.9])).where(alive)),
        last_price=flat(price),
        last_year_change=flat(price * price.shift(52 - HORIZON, axis=1) / price.shift(52, axis=1)),
    )

    assert found.rows == expected.pop("price_rows") > 400
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-9), name
