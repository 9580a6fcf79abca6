"""Bands are made of errors that were known, hold their share, and never cross."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.bands import BandRule, Track, band, edges, errors_of, past_losses
from models.weekly import SeriesWeeks

NAN = float("nan")


def weeks_of(logs: np.ndarray, traded: np.ndarray | None = None) -> SeriesWeeks:
    every = np.ones(len(logs), dtype=bool) if traded is None else traded
    return SeriesWeeks(logs, every, every)


def test_uncorrected_edges_are_numpys_quantiles():
    errors = sorted(np.random.default_rng(1).normal(size=77).tolist())

    assert edges(errors, corrected=False) == pytest.approx(tuple(np.quantile(errors, [0.1, 0.9])))


def test_corrected_edges_are_weibull_quantiles_and_cover_in_small_samples():
    draw = np.random.default_rng(2)
    errors = sorted(draw.normal(size=30).tolist())
    assert edges(errors, corrected=True) == pytest.approx(tuple(np.quantile(errors, [0.1, 0.9], method="weibull")))

    samples = draw.normal(size=(4000, 19))
    inside = {True: 0, False: 0}
    for sample, after in zip(samples, draw.normal(size=4000), strict=True):
        for corrected in inside:
            low, high = edges(sorted(sample.tolist()), corrected)
            inside[corrected] += low <= after <= high
    assert inside[True] / 4000 == pytest.approx(0.8, abs=0.02)
    assert inside[False] / 4000 < 0.77


@pytest.mark.parametrize("errors", [[0.2, 0.3, 0.4], [-0.4, -0.3, -0.2], [0.1], [0.0, 0.0]])
def test_a_band_never_crosses_its_point(errors):
    low, high = edges(errors, corrected=True)

    assert low <= 0 <= high


def test_errors_need_a_known_origin_and_a_traded_target():
    logs = np.arange(40.0)
    traded = np.ones(40, dtype=bool)
    traded[10] = False

    errors = errors_of(weeks_of(logs, traded), np.tile(logs, (1, 1)), [2])[0]

    assert np.flatnonzero(np.isnan(errors)).tolist() == [8, 10, 38, 39]
    assert np.nanmax(np.abs(errors - 2)) == 0


def test_where_too_few_are_left_holes_count_as_interpolated():
    traded = np.arange(40) % 3 == 0

    errors = errors_of(weeks_of(np.arange(40.0), traded), np.arange(40.0)[np.newaxis], [2])

    assert np.count_nonzero(~np.isnan(errors)) == 38


def test_the_band_uses_the_last_errors_of_the_window():
    errors = np.r_[np.full(50, 9.0), np.tile([-1.0, 1.0], 20), [NAN]]

    narrow = band(Track(np.array([5.0]), errors[np.newaxis]), BandRule(window=40, corrected=True))

    assert narrow.tolist() == [[4.0, 5.0, 6.0]]


@pytest.mark.parametrize("rule", [BandRule(None, corrected=False, least=30), BandRule(25, corrected=True)])
@pytest.mark.parametrize("horizon", [1, 4, 12])
def test_a_past_loss_is_that_of_the_band_which_the_end_of_a_shorter_series_has(rule, horizon):
    errors = np.random.default_rng(3).normal(size=120)
    errors[[7, 44, 45, 90]] = NAN
    origins = range(20, 108)

    losses = past_losses(errors, horizon, rule, origins)

    for origin, loss in zip(origins, losses, strict=True):
        known = np.where(np.arange(origin + 1) + horizon <= origin, errors[: origin + 1], NAN)
        enough = np.count_nonzero(~np.isnan(known)) >= rule.least
        if not enough or np.isnan(errors[origin]):
            assert np.isnan(loss)
            continue
        misses = errors[origin] - band(Track(np.zeros(1), known[np.newaxis]), rule)[0]
        levels = np.array([0.1, 0.5, 0.9])
        assert loss == pytest.approx(np.maximum(levels * misses, (levels - 1) * misses).mean())


def test_an_error_not_yet_known_has_no_say():
    errors = np.random.default_rng(4).normal(size=100)
    later = errors.copy()
    later[57:] = 1e6
    later[60] = errors[60]

    rule = BandRule(window=None, corrected=True)
    assert past_losses(errors, 4, rule, [60]) == past_losses(later, 4, rule, [60])


def test_expanding_quantiles_are_those_of_pandas():
    errors = pd.Series(np.random.default_rng(5).normal(size=90))
    origin = 80
    losses = past_losses(errors.to_numpy(), 3, BandRule(window=None, corrected=False, least=52), [origin])

    known = errors.shift(3)
    levels = np.array([0.1, 0.5, 0.9])
    low, high = (known.expanding(52).quantile(level)[origin] for level in (0.1, 0.9))
    misses = errors[origin] - np.array([low, 0.0, high])
    assert losses[0] == pytest.approx(np.maximum(levels * misses, (levels - 1) * misses).mean())
