"""A lead is that of the first alarm within the horizon before an onset, and alarms are counted by the week."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lead_times import alarms_a_week, lead_times
from warning.errors import InvalidPanel


def weeks(*rows):
    return np.array([[letter == "1" for letter in row] for row in rows])


def test_leads_by_hand():
    onset = weeks("000000010001", "000000000100")
    alarm = weeks("000110100000", "000000000000")
    every = np.ones_like(onset)

    found = lead_times(onset, alarm, every, horizon=4, first=0, last=11)

    # the first onset in week 7: alarms 4, 3 and 1 weeks before; week 11: none since week 7; the other series: none
    assert (found.onsets, found.counts) == (3, (2, 0, 0, 0, 1))
    assert found.warned == found.warned_2w == pytest.approx(1 / 3)
    assert found.median_lead_weeks == 4.0


def test_an_alarm_in_the_week_itself_or_beyond_the_horizon_is_none():
    onset, every = weeks("00000100"), np.ones((1, 8), dtype=bool)

    assert lead_times(onset, weeks("00000100"), every, horizon=2, first=0, last=7).counts == (1, 0, 0)
    assert lead_times(onset, weeks("00100000"), every, horizon=2, first=0, last=7).counts == (1, 0, 0)
    assert lead_times(onset, weeks("00001000"), every, horizon=2, first=0, last=7).counts == (0, 1, 0)


def test_a_lead_of_one_week_is_warned_and_not_two_weeks_ahead():
    found = lead_times(weeks("00001"), weeks("00010"), np.ones((1, 5), dtype=bool), horizon=2, first=0, last=4)

    assert (found.warned, found.warned_2w, found.median_lead_weeks) == (1.0, 0.0, 1.0)


def test_alarms_count_only_in_eligible_weeks_that_are_judged():
    onset, alarm = weeks("0000000010"), weeks("1111111111")
    eligible = weeks("1110011100")

    # only weeks 5 to 7 are within the horizon and eligible
    assert lead_times(onset, alarm, eligible, horizon=4, first=0, last=9).counts == (0, 0, 0, 1, 0)
    # an issue week in column 7 and none before it: the onset is not counted, it had no four weeks of chance
    assert lead_times(onset, alarm, eligible, horizon=4, first=7, last=9).onsets == 0


def test_onsets_count_from_a_horizon_after_the_first_issue_week_to_a_week_after_the_last():
    onset, none = np.ones((2, 12), dtype=bool), np.zeros((2, 12), dtype=bool)
    eligible = weeks("000100000000", "000001100000")

    # issue weeks 3 to 6: onsets in weeks 5 to 7 of both series
    assert lead_times(onset, none, eligible, horizon=2, first=1, last=10).onsets == 6
    # a series without an issue week of its own does not count
    assert lead_times(onset, none, eligible & weeks("0" * 12, "1" * 12), horizon=2, first=1, last=10).onsets == 1


def test_nothing_to_count_is_told_as_none():
    none = np.zeros((2, 8), dtype=bool)

    found = lead_times(~none, ~none, none, horizon=3, first=0, last=7)
    assert (found.onsets, found.warned, found.warned_2w, found.median_lead_weeks) == (0, None, None, None)
    quiet = lead_times(~none, none, ~none, horizon=3, first=0, last=7)
    assert (quiet.onsets, quiet.warned, quiet.median_lead_weeks) == (10, 0.0, None)
    assert json.dumps(found.to_document(), allow_nan=False)
    assert quiet.to_document()["counts"] == [10, 0, 0, 0]


def test_arrays_that_do_not_fit_are_refused():
    none = np.zeros((2, 8), dtype=bool)
    with pytest.raises(InvalidPanel, match="shape"):
        lead_times(none, none[:, :7], none, horizon=2, first=0, last=7)
    with pytest.raises(InvalidPanel, match="horizon of 0"):
        lead_times(none, none, none, horizon=0, first=0, last=7)
    with pytest.raises(InvalidPanel, match="first column is -1"):
        lead_times(none, none, none, horizon=2, first=-1, last=7)
    with pytest.raises(InvalidPanel, match="shape"):
        alarms_a_week(none, np.ones(7, dtype=bool))


@given(seed=st.integers(0, 10_000), horizon=st.integers(1, 9), first=st.integers(0, 12), last=st.integers(0, 30))
def test_leads_are_those_found_one_onset_at_a_time(seed, horizon, first, last):
    draw = np.random.default_rng(seed)
    onset, alarm, eligible = (draw.random((4, 24)) < share for share in (0.2, 0.2, 0.6))

    found = lead_times(onset, alarm, eligible, horizon=horizon, first=first, last=last)

    issues = [(row, week) for row in range(4) for week in range(first, min(last, 23) + 1) if eligible[row, week]]
    leads = []
    for row, week in np.argwhere(onset).tolist():
        of_series = [issue for series, issue in issues if series == row]
        every = [issue for _, issue in issues]
        if of_series and min(every) + horizon <= week <= max(every) + 1:
            gaps = [week - issue for issue in of_series if alarm[row, issue] and 0 < week - issue <= horizon]
            leads.append(max(gaps, default=0))
    assert found.onsets == len(leads)
    assert list(found.counts) == [leads.count(lead) for lead in range(horizon + 1)]


def test_alarms_a_week_by_hand():
    alarmed = weeks("011101", "100000")

    every = alarms_a_week(alarmed, np.ones(6, dtype=bool))
    assert (every.weeks, every.newly_alarmed, every.alarmed) == (6, 3 / 6, 5 / 6)
    # the alarm of week 2 began in week 1, which is not counted
    some = alarms_a_week(alarmed, weeks("001111")[0])
    assert (some.weeks, some.newly_alarmed, some.alarmed) == (4, 1 / 4, 3 / 4)
    none = alarms_a_week(alarmed, np.zeros(6, dtype=bool))
    assert none.to_document() == {"weeks": 0, "newly_alarmed": None, "alarmed": None}
