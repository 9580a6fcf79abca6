"""The panel: a day's varieties pooled, and laid out as daily frames."""

from __future__ import annotations

import numpy as np
import pytest

from warning.panel import pooled
from warning.quality import Quality

NAN = float("nan")


def panel_of(*rows):
    """Rows of (series, day, price, volume, flags), sorted by series and day."""
    series, day, price, volume, flags = zip(*rows, strict=True)
    ints = [np.array(column, dtype=np.int64) for column in (series, day, flags)]
    return pooled(ints[0], ints[1], np.array(price, dtype=float), np.array(volume, dtype=float), ints[2])


@pytest.mark.parametrize(
    ("prices", "median"),
    [((4, 11, 6), 6), ((4, 6), 5), ((4, NAN), 4), ((NAN, NAN), NAN), ((1, 2, 3, 10), 2.5)],
)
def test_the_price_of_a_day_is_the_median_of_its_varieties(prices, median):
    panel = panel_of(*((1, 10, price, NAN, 0) for price in prices), (1, 11, 7.0, 1.0, 0))
    np.testing.assert_array_equal(panel.price, [median, 7.0])
    np.testing.assert_array_equal(panel.volume, [NAN, 1.0])


def test_the_volume_of_a_day_is_the_sum_of_what_is_known():
    once = panel_of((1, 10, 4.0, 500.0, 0), (1, 10, 5.0, NAN, 0), (2, 10, 4.0, 1.0, 0), (2, 10, 4.0, 2.0, 0))
    assert once.volume.tolist() == [500.0, 3.0]


def test_what_must_not_be_read_is_left_out_and_still_flagged():
    tenfold, slip = int(Quality.PRICE_TENFOLD), int(Quality.VOLUME_TENFOLD)
    panel = panel_of(
        (1, 10, 4.0, 10.0, 0), (1, 10, 60.0, 20.0, tenfold), (1, 11, 5.0, 99.0, slip), (1, 12, NAN, NAN, 4)
    )
    np.testing.assert_array_equal(panel.price, [4.0, 5.0, NAN])
    np.testing.assert_array_equal(panel.volume, [30.0, NAN, NAN])
    assert panel.flags.tolist() == [tenfold, slip, 4]


def test_a_day_and_a_series_end_a_group():
    panel = panel_of((1, 10, 1.0, NAN, 1), (1, 11, 2.0, NAN, 32), (2, 11, 3.0, NAN, 64), (2, 11, 5.0, NAN, 1))
    assert (panel.series_id.tolist(), panel.day.tolist()) == ([1, 1, 2], [10, 11, 11])
    assert (panel.price.tolist(), panel.flags.tolist()) == ([1.0, 2.0, 4.0], [1, 32, 65])


def test_wide_lays_out_the_series_asked_for_in_their_order():
    panel = panel_of((1, 9, 9.0, 1.0, 0), (1, 10, 1.0, NAN, 0), (2, 12, 2.0, 5.0, 0), (3, 11, 3.0, NAN, 0))
    price, volume = panel.wide(np.array([3, 7, 1]), first_day=10, last_day=12)
    np.testing.assert_array_equal(price.to_numpy(), [[NAN, NAN, 1.0], [3.0, NAN, NAN], [NAN, NAN, NAN]])
    assert volume.isna().all().all()
    assert [str(day.date()) for day in price.index] == ["1970-01-11", "1970-01-12", "1970-01-13"]
    whole, _ = panel.wide(np.array([2]), first_day=9, last_day=12)
    assert whole[0].tolist()[-1] == 2.0


def test_the_frame_is_tidy():
    frame = panel_of((1, 17_855, 1.0, NAN, 0)).frame()
    assert list(frame.columns) == ["series_id", "date", "price", "volume", "flags"]
    assert str(frame["date"][0].date()) == "2018-11-20"
