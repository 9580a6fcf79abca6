"""The backtest says what could have been said then, the same bits whatever came later, and never a NaN."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from market_panels import daily_series, glut_panel, newcomers, small_plan, until

from models import backtest as backtesting
from models.backtest import Stretch, backtest
from models.tidy_panel import weeks_of_panel
from warning.errors import InvalidPanel

KEY = ["product", "region", "market", "issue_date", "horizon_weeks"]
COLUMNS = [*KEY, "probability", "price_q10", "price_q50", "price_q90"]
PRICES = ["price_q10", "price_q50", "price_q90"]
SINCE = dt.date(2017, 6, 1)
HORIZONS = (2, 4)


@pytest.fixture(scope="module", autouse=True)
def _small_fits():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backtesting, "Plan", small_plan)
        yield


def predicted(panel: pd.DataFrame, *, since: dt.date = SINCE, until: dt.date | None = None, horizons=HORIZONS):
    return backtest(weeks_of_panel(panel), Stretch(since, until, horizons))


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    return predicted(glut_panel())


def assert_sound(predictions: pd.DataFrame) -> None:
    """No NaN, probabilities that are ones, quantiles that do not cross, each row once."""
    assert predictions.columns.tolist() == COLUMNS
    assert not predictions.isna().any(axis=None)
    assert predictions["probability"].between(0, 1).all()
    assert np.isfinite(predictions[PRICES].to_numpy()).all()
    assert (predictions["price_q10"] > 0).all()
    assert (predictions["price_q10"] <= predictions["price_q50"]).all()
    assert (predictions["price_q50"] <= predictions["price_q90"]).all()
    assert not predictions.duplicated(KEY).any()
    assert (predictions["issue_date"].dt.day_of_week == 6).all()


def assert_the_same(ours: pd.DataFrame, later: pd.DataFrame) -> None:
    """The same rows in the same order, with the same bits."""
    assert ours[KEY].to_numpy().tolist() == later[KEY].to_numpy().tolist()
    for name in COLUMNS[len(KEY) :]:
        assert ours[name].to_numpy().tobytes() == later[name].to_numpy().tobytes(), name


def up_to(predictions: pd.DataFrame, day: str) -> pd.DataFrame:
    return predictions[predictions["issue_date"] <= day].reset_index(drop=True)


def test_answers_are_sound(whole):
    assert_sound(whole)
    assert whole["horizon_weeks"].unique().tolist() == [2, 4]
    assert whole["issue_date"].min() == pd.Timestamp("2017-06-04")
    assert whole["issue_date"].max() == pd.Timestamp("2018-07-15")
    assert whole["probability"].nunique() > 50


@pytest.mark.parametrize("cut", ["2017-12-24", "2018-02-18"])
def test_later_rows_change_no_prediction_by_a_bit(whole, cut):
    found = predicted(until(glut_panel(), cut))

    assert found["issue_date"].max() == pd.Timestamp(cut)
    assert_the_same(found, up_to(whole, cut))


def test_series_that_begin_later_change_no_earlier_prediction_by_a_bit(whole):
    cut = "2018-03-04"
    more = predicted(pd.concat([newcomers(cut), glut_panel()]))

    assert len(more) > len(whole)
    assert_the_same(up_to(more, cut), up_to(whole, cut))


def test_until_cuts_the_answer_and_changes_nothing_before(whole):
    found = predicted(glut_panel(), until=dt.date(2017, 10, 11))

    assert_the_same(found, up_to(whole, "2017-10-11"))


def test_the_order_of_rows_changes_no_bit(whole):
    shuffled = glut_panel().sample(frac=1, random_state=3)

    assert_the_same(predicted(shuffled, until=dt.date(2017, 9, 3)), up_to(whole, "2017-09-03"))


def test_a_panel_that_ends_on_a_sunday_without_a_row_speaks_for_that_sunday():
    weekdays = glut_panel()[glut_panel()["date"].dt.day_of_week < 6]
    later, known = (predicted(panel, horizons=(2,)) for panel in (weekdays, until(weekdays, "2017-12-24")))

    assert_the_same(up_to(known, "2017-12-24"), up_to(later, "2017-12-24"))


def test_a_stretch_without_a_week_of_the_panel_says_where_the_panel_ends():
    with pytest.raises(InvalidPanel, match="the panel's last ends on 2018-07-15"):
        predicted(glut_panel(), since=dt.date(2018, 7, 16))


def test_refits_are_told_as_they_are_done():
    told = []
    backtest(
        weeks_of_panel(glut_panel()), Stretch(dt.date(2018, 6, 1), None, (2,)), tell=lambda *done: told.append(done)
    )

    count = len(told)
    assert told == [(done, count) for done in range(1, count + 1)]


# --- series that something is wrong with, beside sound ones

SPOILED_SINCE = dt.date(2018, 1, 1)


def plain(seed: int = 20) -> pd.DataFrame:
    return daily_series(seed)


def slipped(frame: pd.DataFrame, *rows: int) -> pd.DataFrame:
    price = frame["price"].to_numpy().copy()
    price[list(rows)] *= 10
    return frame.assign(price=price)


SPOILED = {
    "sound": plain(),
    "short": plain().iloc[-30:],
    "one day": plain().iloc[-1:],
    "constant": plain().assign(price=8.0),
    "all missing": plain().assign(price=np.nan),
    "none above zero": plain().assign(price=-1.0),
    "gap of months": plain()[~plain()["date"].between("2018-01-29", "2018-04-29")],
    "slips": slipped(plain(), 1520, 1560, 1600, -9),
    "slipped weeks": plain().assign(
        price=plain()["price"].where(plain()["date"] < "2018-05-01", plain()["price"] * 10)
    ),
    "currency": plain().assign(price=plain()["price"].where(plain()["date"] < "2017-10-01", plain()["price"] / 7)),
    "duplicate days": pd.concat([plain(), plain()]),
    "no volume": plain().assign(volume=np.nan),
    "odd prices": plain().assign(price=np.where(np.arange(len(plain())) % 9 == 0, np.inf, plain()["price"])),
    "zero prices": plain().assign(price=np.where(np.arange(len(plain())) % 9 == 0, 0.0, plain()["price"])),
    "tiny": plain().assign(price=plain()["price"] * 1e-9),
    "huge": plain().assign(price=plain()["price"] * 1e9),
}


@pytest.fixture(scope="module")
def spoiled() -> pd.DataFrame:
    """Predictions for a panel that holds every series of SPOILED beside sound ones."""
    sound = [daily_series(30 + number).assign(market=f"m{number}") for number in range(3)]
    parts = [*sound, *(frame.assign(market=name) for name, frame in SPOILED.items())]
    panel = pd.concat([part.assign(product="onion", region="east") for part in parts], ignore_index=True)
    return predicted(panel, since=SPOILED_SINCE, horizons=(4,))


def answer(predictions: pd.DataFrame, market: str) -> pd.DataFrame:
    return predictions[predictions["market"] == market].set_index("issue_date")


def test_no_series_spoils_an_answer(spoiled):
    assert_sound(spoiled)


@pytest.mark.parametrize("market", ["all missing", "none above zero"])
def test_a_series_without_a_price_has_no_answer(spoiled, market):
    assert answer(spoiled, market).empty


@pytest.mark.parametrize(("market", "weeks"), [("one day", 1), ("sound", 28), ("constant", 28), ("no volume", 28)])
def test_a_series_is_spoken_for_in_its_priced_weeks(spoiled, market, weeks):
    assert len(answer(spoiled, market)) == weeks


def test_a_short_series_is_spoken_for_from_its_first_price(spoiled):
    first = SPOILED["short"]["date"].min()

    assert answer(spoiled, "short").index.min() == first + pd.Timedelta(days=6 - first.day_of_week)


def test_nothing_is_said_in_a_gap_beyond_the_two_weeks_that_are_bridged(spoiled):
    sundays = answer(spoiled, "gap of months").index

    assert pd.Timestamp("2018-02-11") in sundays
    assert not ((sundays > "2018-02-11") & (sundays < "2018-05-06")).any()
    assert pd.Timestamp("2018-05-06") in sundays


def test_a_constant_price_is_forecast_to_stay_where_it_is(spoiled):
    found = answer(spoiled, "constant")

    assert ((found["price_q10"] <= 8) & (found["price_q90"] >= 8)).all()
    assert found["price_q90"].max() < 2 * 8


def test_slips_of_single_days_hardly_move_the_price_forecast(spoiled):
    ours, sound = answer(spoiled, "slips"), answer(spoiled, "sound")

    assert (np.abs(np.log(ours["price_q50"] / sound["price_q50"])) < 0.5).all()


@pytest.mark.parametrize("market", ["slipped weeks", "currency"])
def test_a_level_break_is_followed_by_the_price_forecast(spoiled, market):
    ours, sound = answer(spoiled, market).iloc[-1], answer(spoiled, "sound").iloc[-1]
    factor = 10 if market == "slipped weeks" else 1 / 7

    assert ours["price_q50"] / sound["price_q50"] == pytest.approx(factor, rel=0.7)


def test_after_a_break_the_chance_of_a_fall_is_not_that_of_a_plain_year(spoiled):
    assert answer(spoiled, "slipped weeks")["probability"].iloc[-1] <= answer(spoiled, "currency")["probability"].max()


def test_duplicate_days_change_no_price(spoiled):
    ours, sound = answer(spoiled, "duplicate days"), answer(spoiled, "sound")

    np.testing.assert_allclose(ours["price_q50"], sound["price_q50"], rtol=0.3)


# --- panels that something is wrong with


def one_product() -> pd.DataFrame:
    return glut_panel()[glut_panel()["product"] == "crop1"].reset_index(drop=True)


PANELS = {
    "one product": one_product(),
    "one series": plain().assign(market="m", product="onion"),
    "no volume column": one_product().drop(columns="volume"),
    "volume all missing": one_product().assign(volume=np.nan),
    "no region column": one_product().drop(columns="region"),
    "region all missing": one_product().assign(region=None),
    "region partly missing": one_product().assign(
        region=one_product()["region"].where(one_product()["market"] == "hill")
    ),
    "constant": plain().assign(price=5.0, market="m", product="onion"),
    "half a year": plain().iloc[-130:].assign(market="m", product="onion"),
    "a single week": plain().iloc[-5:].assign(market="m", product="onion"),
    "a series to each day": plain().iloc[-40:].assign(market=[f"m{n}" for n in range(40)], product="onion"),
}


@pytest.mark.parametrize("name", PANELS)
def test_a_poor_panel_is_answered_soundly(name):
    panel = PANELS[name]
    found = predicted(panel, since=dt.date(2018, 3, 1), horizons=(4,))

    assert_sound(found)
    assert len(found)
    assert set(found["market"]) <= set(panel["market"])


def test_a_panel_before_which_nothing_was_known_is_answered_from_its_first_week():
    panel = one_product()
    found = predicted(panel, since=dt.date(2000, 1, 1), until=dt.date(2012, 6, 30), horizons=(4,))

    assert_sound(found)
    assert found["issue_date"].min() == pd.Timestamp("2012-01-08")


@pytest.mark.parametrize("horizons", [(1,), (12,)])
def test_the_shortest_and_the_longest_horizon_are_answered(horizons):
    assert_sound(predicted(one_product(), since=dt.date(2018, 5, 1), horizons=horizons))
