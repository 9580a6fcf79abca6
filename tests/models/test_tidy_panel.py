"""The gate of tidy panels names the column that is missing or of the wrong type, and pools what belongs together."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from models.tidy_panel import weeks_of_panel
from warning.errors import InvalidPanel


def panel(days: int = 14, **columns) -> pd.DataFrame:
    """One market's onions from a Monday on, with columns put in place of its own."""
    held = {
        "market": "Hill",
        "product": "onion",
        "date": pd.date_range("2020-01-06", periods=days),
        "price": np.arange(1.0, days + 1),
    }
    return pd.DataFrame(held | columns)


def refusal(frame: pd.DataFrame) -> InvalidPanel:
    with pytest.raises(InvalidPanel) as refused:
        weeks_of_panel(frame)
    return refused.value


@pytest.mark.parametrize("name", ["market", "product", "date", "price"])
def test_a_missing_column_is_named_beside_those_there_are(name):
    error = refusal(panel().drop(columns=name).assign(Price=1))

    assert error.what == f"the panel has no column {name}"
    assert "Price" in error.where


def test_every_missing_column_is_named():
    assert refusal(panel()[["market", "price"]]).what == "the panel has no column product, date"


def test_a_panel_without_rows_says_so():
    assert "no rows" in refusal(panel().iloc[:0]).what


@pytest.mark.parametrize("name", ["price", "volume", "lat", "lon"])
def test_text_where_numbers_belong_is_named_with_its_first_row(name):
    error = refusal(panel(**{name: ["1.5"] * 9 + ["n/a"] * 5}))

    assert name in error.what
    assert "'n/a'" in error.what
    assert error.where == f"{name}, row 9"


def test_numbers_written_as_text_are_read():
    frame = panel(price=[str(day) for day in range(1, 15)])

    np.testing.assert_array_equal(weeks_of_panel(frame).price, weeks_of_panel(panel()).price)


@pytest.mark.parametrize("prices", [pd.date_range("2020-01-06", periods=14), [True] * 14])
def test_dates_and_flags_are_no_prices(prices):
    assert "price is of" in refusal(panel(price=prices)).what


@pytest.mark.parametrize("dates", [np.arange(14), np.arange(14) * 1.0, [20200106] * 14, [True] * 14])
def test_numbers_are_no_dates(dates):
    assert "not of dates" in refusal(panel(date=dates)).what


@pytest.mark.parametrize("wrong", ["soon", "", None, "2020-02-30"])
def test_a_date_that_cannot_be_read_is_named_with_its_row(wrong):
    dates = [f"2020-01-{day:02}" for day in range(6, 20)]
    error = refusal(panel(date=[*dates[:4], wrong, *dates[5:]]))

    assert "date cannot be read in 1 rows" in error.what
    assert error.where == "date, row 4"


@pytest.mark.parametrize(
    "dates",
    [
        [f"2020-01-{day:02}" for day in range(6, 20)],
        [dt.date(2020, 1, day) for day in range(6, 20)],
        pd.date_range("2020-01-06 23:30", periods=14, tz="Asia/Shanghai"),
        pd.date_range("2020-01-06", periods=14).astype("category"),
    ],
)
def test_dates_come_as_text_days_or_local_instants(dates):
    np.testing.assert_array_equal(weeks_of_panel(panel(date=dates)).price, [[4.0, 11.0]])


def test_instants_of_several_zones_are_refused_by_name():
    dates = ["2020-01-06T00:00:00+01:00"] * 7 + ["2020-01-12T00:00:00+02:00"] * 7

    assert "date cannot be read" in refusal(panel(date=dates)).what


@pytest.mark.parametrize("name", ["market", "product"])
def test_a_row_without_a_name_is_refused(name):
    error = refusal(panel(**{name: ["x"] * 3 + [None] * 11}))

    assert error.what == f"{name} is missing in 11 rows"
    assert error.where == f"{name}, row 3"


@pytest.mark.parametrize("kind", [object, "str", "category"])
@pytest.mark.parametrize("name", ["region", "country"])
def test_rows_without_a_region_or_country_are_of_none(name, kind):
    known, unknown = panel(market="a", **{name: "east"}), panel(market="b", **{name: None})

    weeks = weeks_of_panel(pd.concat([known, unknown]).astype({name: kind}))

    assert {place.market: getattr(place, name) for place in weeks.places} == {"a": "east", "b": ""}
    np.testing.assert_array_equal(weeks.price, [[4.0, 11.0]] * 2)


def test_a_market_with_and_without_a_region_is_two_series():
    weeks = weeks_of_panel(panel(region=[None] * 7 + ["east"] * 7))

    assert [place.region for place in weeks.places] == ["east", ""]
    np.testing.assert_array_equal(weeks.price, [[np.nan, 11.0], [4.0, np.nan]])


def test_names_are_kept_to_the_letter():
    names = " Hill & Co. ", "大白菜/结球", "São  Paulo"
    (place,) = weeks_of_panel(panel(market=names[0], product=names[1], region=names[2])).places

    assert (place.market, place.product, place.region) == names


def test_numbered_markets_are_read_as_their_numbers_are_written():
    (place,) = weeks_of_panel(panel(market=104)).places

    assert place.market == "104"


def test_series_stand_sorted_by_product_region_and_market_whatever_order_rows_come_in():
    parts = [panel(product=p, region=r, market=m) for p, r, m in ("bxa", "ayb", "aya", "axc")]
    straight, turned = (weeks_of_panel(pd.concat(some)) for some in (parts, parts[::-1]))

    for weeks in (straight, turned):
        assert ["".join((p.product, p.region, p.market)) for p in weeks.places] == ["axc", "aya", "ayb", "bxa"]


def test_varieties_and_duplicate_days_are_pooled():
    frame = pd.concat([panel(volume=5.0), panel(volume=5.0), panel(price=3.0, volume=1.0)])
    weeks = weeks_of_panel(frame)

    assert weeks.price.tolist() == [[3.0, 9.0]]
    assert weeks.priced_days.tolist() == [[7.0, 7.0]]
    assert weeks.volume.tolist() == [[77.0, 77.0]]


def test_coordinates_are_those_of_the_series_and_unknown_without_columns():
    (there,) = weeks_of_panel(panel(lat=30.5, lon=107.25)).places
    (nowhere,) = weeks_of_panel(panel()).places

    assert (there.latitude, there.longitude) == (30.5, 107.25)
    assert np.isnan([nowhere.latitude, nowhere.longitude]).all()
