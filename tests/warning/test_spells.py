from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest

from warning.spells import spell_weeks, weekly_prices


def years_of_tens(years=6):
    index = pd.date_range("2012-01-02", periods=7 * 52 * years, freq="D")
    return pd.DataFrame({"a": np.full(len(index), 10.0)}, index=index)


def test_a_spell_begins_where_two_traded_weeks_lie_below_the_line_after_four_calm_ones():
    price = years_of_tens()
    price.iloc[7 * 200 : 7 * 203] = 7.9
    weeks = spell_weeks(price)
    assert np.flatnonzero(weeks.onset["a"]).tolist() == [200]
    assert weeks.clear["a"].iloc[199]
    assert not weeks.clear["a"].iloc[201]
    within = weeks.onset_within(2)["a"]
    assert np.flatnonzero(within).tolist() == [198, 199]


def test_one_low_week_is_no_spell():
    price = years_of_tens()
    price.iloc[7 * 200 : 7 * 201] = 7.0
    assert not spell_weeks(price).onset["a"].any()


def test_the_threshold_is_a_parameter():
    price = years_of_tens()
    price.iloc[7 * 200 : 7 * 203] = 7.9
    assert not spell_weeks(price, threshold=0.7).onset["a"].any()


def test_weeks_run_from_monday_to_sunday_and_zero_prices_do_not_count():
    price = years_of_tens(1)
    price.iloc[0:3] = 0.0
    price.iloc[3:7] = [[4.0], [5.0], [6.0], [7.0]]
    weekly = weekly_prices(price)
    assert weekly.index[0] == pd.Timestamp("2012-01-08")
    assert weekly.iloc[0, 0] == 5.5


@pytest.mark.shared
def test_the_label_is_the_judges(shared_data):
    path = shared_data.parent / "evaluation" / "score.py"
    spec = importlib.util.spec_from_file_location("score_judge", path)
    judge = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = judge
    spec.loader.exec_module(judge)
    panel = pd.read_parquet(
        shared_data / "tidy" / "india_agmarknet.parquet",
        columns=["date", "market", "region", "product", "price"],
        filters=[("product", "==", "ONION"), ("region", "==", "KARNATAKA")],
    )
    panel = panel.assign(**{name: panel[name].astype(str) for name in ("market", "region", "product")})
    expected = judge.weekly_outcomes(panel, 0.8)
    panel = panel.assign(key=judge.series_key(panel))
    panel = panel[panel["key"].isin(expected["key"].unique())]
    wide = panel.pivot_table(index="date", columns="key", values="price", aggfunc="median").asfreq("D")
    weeks = spell_weeks(wide)
    assert expected["onset"].sum() > 10
    for key, rows in expected.set_index("week").groupby("key"):
        for name in ("low", "onset", "clear"):
            ours = getattr(weeks, name)[key].reindex(rows.index)
            assert np.array_equal(ours.to_numpy(), rows[name].to_numpy()), (key, name)
        ours = weeks.anomaly[key].reindex(rows.index).to_numpy()
        assert np.allclose(ours, rows["anomaly"].to_numpy(), equal_nan=True)
    merged = judge.onset_within(expected, 4)
    for key, rows in merged.groupby("key"):
        ours = weeks.tellable(4)[key]
        assert ours[ours].index.tolist() == rows["week"].tolist()
        outcome = weeks.onset_within(4)[key].reindex(rows["week"]).to_numpy()
        assert np.array_equal(outcome, rows["outcome"].to_numpy() == 1)
