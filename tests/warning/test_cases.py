"""The nearest historical cases: like ones are found, each glut once, nothing of what was not over yet."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest

from warning.cases import nearest_cases
from warning.catalog import DocumentedGlut, Market, Product
from warning.documented import documented
from warning.errors import InvalidPanel
from warning.likeness import LEAST_SPREAD, WEIGHTS
from warning.reference import load_catalog
from warning.situations import FEATURES, CaseSeries, Situation, past_weeks

EPOCH = dt.date(1970, 1, 1)
FIRST = dt.date(2012, 1, 8)
WEEKS = 420
ONION, GARLIC, CARP = (
    Product("onion", "洋葱", "onion", "vegetable_root", 90),
    Product("garlic", "大蒜", "garlic", "vegetable_root", 180),
    Product("carp", "鲤鱼", "carp", "fish", 3),
)
SUNDAYS = (FIRST - EPOCH).days + 7 * np.arange(WEEKS)


def sunday(week: int) -> dt.date:
    return FIRST + dt.timedelta(weeks=week)


def series_of(product, number, country="IN", region="MAHARASHTRA"):
    name = f"{product.id}-{number}"
    return CaseSeries(product, Market(f"{country.lower()}-{name}", name, f"市场{number}", country, region))


def noisy(count, seed=0, weeks=WEEKS, noise=0.1, gaps=0.0):
    """A season, a slow drift, weekly noise."""
    generator = np.random.default_rng(seed)
    season = 0.3 * np.sin(2 * np.pi * np.arange(weeks) / 52.18)
    drift = 0.03 * np.cumsum(generator.normal(0, 1, (count, weeks)), axis=1)
    price = 10 * np.exp(season + drift + generator.normal(0, noise, (count, weeks)))
    price[generator.random(price.shape) < gaps] = np.nan
    return price


def world(seed=0, gaps=0.1):
    price = noisy(6, seed, gaps=gaps)
    price[:, -1] = np.where(np.isnan(price[:, -1]), 10.0, price[:, -1])
    return price, [series_of(ONION, number) for number in range(4)] + [series_of(GARLIC, number) for number in (4, 5)]


def cases_of(price, series, issue, **more):
    past = past_weeks(price, SUNDAYS[: price.shape[1]], series, issue)
    return nearest_cases(past, [past.situation(row) for row in range(len(series))], **more)


def two_gluts():
    """An even price with a fall to 0.6 in two years, deepening for six weeks; the second has just begun."""
    price = np.full((1, WEEKS), 10.0)
    for begin in (260, 410):
        price[0, begin:] = 6.0
        price[0, begin + 2 :] = 5.0
        price[0, begin + 6 : begin + 90] = 10.0
        price[0, begin + 90 :] = 10.0
    price += np.random.default_rng(1).normal(0, 0.02, price.shape)
    return price, [series_of(ONION, 0)]


def test_the_last_glut_is_the_case_most_like_its_return():
    price, series = two_gluts()
    (found,) = cases_of(price, series, sunday(411))
    first = found[0]
    assert abs((first.day - sunday(261)).days) <= 7
    assert first.anomaly == pytest.approx(np.log(0.6), abs=0.03)
    assert first.price_change_8w == pytest.approx(10 / 6 - 1, abs=0.05)
    assert "8周后涨" in first.text_zh
    assert first.text_zh.endswith("当时已低于八成"), "where sales are slow already, that none began would read as calm"
    assert first.likeness > found[1].likeness > found[2].likeness > 0


def test_a_case_tells_when_a_spell_began_and_how_the_price_went():
    price, series = two_gluts()
    past = past_weeks(price, SUNDAYS, series, sunday(408))
    present = Situation(ONION, "elsewhere", past.figures[:, 0, 258].copy())
    (found,) = nearest_cases(past, [present])
    first = found[0]
    assert (first.day, first.spell_began_after_weeks) == (sunday(258), 2)
    assert first.likeness == pytest.approx(1.0)
    assert first.price_change_4w == pytest.approx(-0.5, abs=0.02)
    assert first.price_change_8w == pytest.approx(0.0, abs=0.02)
    day = sunday(258)
    assert first.text_zh.startswith(
        f"{day.year}年{day.month}月{day.day}日，市场0·洋葱为往年同期的 100%；4周后跌 50%，8周后"
    )
    assert first.text_zh.endswith("第2周进入滞销")
    assert "50% lower after 4 weeks" in first.text_en
    assert "a spell of slow sales began in week 2" in first.text_en
    assert first.event is None


def test_a_glut_is_told_once():
    price, series = world(gaps=0.0)
    for found in cases_of(price, series, sunday(WEEKS - 1), count=6):
        assert len(found) == 6
        for place, one in enumerate(found):
            for other in found[:place]:
                weeks = abs((one.day - other.day).days) / 7
                assert one.product_id != other.product_id or weeks > 8
                assert one.market_id != other.market_id or weeks >= 26


def test_the_present_is_no_case_of_itself():
    price, series = world()
    for row, found in enumerate(cases_of(price, series, sunday(WEEKS - 1), count=9)):
        own = [one for one in found if one.market_id == series[row].market.id]
        assert all((sunday(WEEKS - 1) - one.day).days >= 26 * 7 for one in own)


@pytest.mark.parametrize("week", [300, 333, 371, 400])
def test_nothing_of_what_comes_after_the_issue_week_is_seen(week):
    price, series = world()
    whole = cases_of(price, series, sunday(week))
    assert any(whole)
    assert cases_of(price[:, : week + 1], series, sunday(week)) == whole
    upset = price.copy()
    upset[:, week + 1 :] *= 0.2
    assert cases_of(upset, series, sunday(week)) == whole
    for one in (case for found in whole for case in found):
        assert one.day + dt.timedelta(weeks=9) <= sunday(week), "whether a spell began in week 8 is told by week 9"


def test_the_same_question_has_the_same_answer():
    price, series = world()
    assert cases_of(price, series, sunday(400)) == cases_of(price.copy(), list(series), sunday(400))


def test_the_cases_are_those_of_a_plain_search():
    price, series = world(seed=3)
    past = past_weeks(price, SUNDAYS, series, sunday(WEEKS - 1))
    rows = range(4)
    candidates = [(week, row) for week in range(WEEKS) for row in rows if past.told[row, week]]
    figures = np.array([past.figures[:, row, week] for week, row in candidates])
    middle = np.nanmedian(figures, axis=0)
    spread = np.maximum(1.4826 * np.nanmedian(np.abs(figures - middle), axis=0), LEAST_SPREAD)
    for row in rows:
        present = past.situation(row)
        known = ~np.isnan(present.figures)
        apart = np.where(np.isnan(figures), 1.0, (figures - present.figures) / spread)
        distance = np.sqrt(((apart**2 * WEIGHTS)[:, known]).sum(axis=1) / WEIGHTS[known].sum())
        taken: list[tuple[int, int]] = [(WEEKS - 1, row)]
        for place in np.argsort(distance, kind="stable"):
            week, other = candidates[place]
            near_series = any(other == before and abs(week - then) < 26 for then, before in taken)
            near_product = any(abs(week - then) <= 8 for then, _ in taken[1:])
            if not near_series and not near_product:
                taken.append((week, other))
        (found,) = nearest_cases(past, [present])
        expected = [(sunday(week), series[other].market.id) for week, other in taken[1:4]]
        assert [(one.day, one.market_id) for one in found] == expected


def test_a_product_with_a_short_past_is_compared_with_its_group_and_no_other():
    price = noisy(3)
    price[1, : WEEKS - 60] = np.nan
    series = [series_of(ONION, 0), series_of(GARLIC, 1), series_of(CARP, 2)]
    past = past_weeks(price, SUNDAYS, series, sunday(WEEKS - 1))
    present = Situation(GARLIC, "in-garlic-1", past.figures[:, 0, -1].copy())
    (found,) = nearest_cases(past, [present])
    assert {one.product_id for one in found} == {"onion"}
    (own,) = nearest_cases(past, [past.situation(2)])
    assert {one.product_id for one in own} == {"carp"}


def test_without_an_anomaly_or_a_past_there_is_no_case():
    price, series = world()
    price[0, -10:] = np.nan
    found = cases_of(price, series, sunday(WEEKS - 1))
    assert found[0] == ()
    assert len(found[1]) == 3
    assert cases_of(price[:, :60], series, sunday(59)) == [()] * 6
    stranger = Product("tea", "茶叶", "tea", "other", 365)
    past = past_weeks(price, SUNDAYS, series, sunday(WEEKS - 1))
    assert nearest_cases(past, [Situation(stranger, "x", past.figures[:, 1, -1].copy())]) == [()]


def test_a_figure_the_present_lacks_is_left_out():
    price, series = world()
    past = past_weeks(price, SUNDAYS, series, sunday(WEEKS - 1))
    assert np.isfinite(past.figures[:, 1, 250]).all()
    figures = past.figures[:, 1, 250].copy()
    for feature in range(1, len(FEATURES)):
        lacking = figures.copy()
        lacking[feature] = np.nan
        (found,) = nearest_cases(past, [Situation(ONION, "x", lacking)])
        assert (found[0].day, found[0].market_id) == (sunday(250), series[1].market.id)


def test_the_share_of_other_low_markets_leaves_out_ones_own_and_other_countries():
    price = np.full((4, WEEKS), 10.0)
    price[:2, 300:] = 5.0
    series = [series_of(ONION, number) for number in range(3)] + [series_of(ONION, 3, country="KR")]
    past = past_weeks(price, SUNDAYS, series, sunday(305))
    others = past.figures[FEATURES.index("others_low"), :, -1]
    assert others[:3].tolist() == [0.5, 0.5, 1.0]
    assert np.isnan(others[3])


def test_a_week_whose_outcome_is_not_known_is_no_case():
    price, series = world(gaps=0.0)
    price[0, 300:310] = np.nan
    past = past_weeks(price, SUNDAYS, series, sunday(WEEKS - 1))
    assert not past.told[0, 295:302].any(), "eight weeks later there was no price"
    assert past.told[0, 290]
    assert not past.told[:, -9:].any()
    assert past.told[1, -10]


def test_a_panel_that_is_no_panel_of_weeks_is_refused():
    price, series = world()
    with pytest.raises(InvalidPanel, match="6 series"):
        past_weeks(price[:3], SUNDAYS, series, sunday(300))
    with pytest.raises(InvalidPanel, match="ends none"):
        past_weeks(price, SUNDAYS, series, sunday(300) + dt.timedelta(days=1))
    with pytest.raises(InvalidPanel, match="not consecutive"):
        past_weeks(np.delete(price, 5, axis=1), np.delete(SUNDAYS, 5), series, sunday(300))


LASALGAON = Market("in-maharashtra-lasalgaon", "Lasalgaon", "拉萨尔冈", "IN", "MAHARASHTRA")
GLUTS = load_catalog().documented_gluts


@pytest.mark.parametrize(
    ("product", "market", "day", "event"),
    [
        ("onion", LASALGAON, "2018-11-25", "in-onion-maharashtra-2018"),
        ("onion", LASALGAON, "2018-09-26", "in-onion-maharashtra-2018"),
        ("onion", LASALGAON, "2018-09-24", None),
        ("onion", LASALGAON, "2019-03-07", "in-onion-maharashtra-2018"),
        ("onion", LASALGAON, "2019-03-08", None),
        ("potato", LASALGAON, "2018-11-25", None),
        ("onion", Market("in-x", "Pune", "浦那", "IN", "MAHARASHTRA"), "2018-11-25", "in-onion-maharashtra-2018"),
        ("onion", Market("in-y", "Bijapur", "比贾布尔", "IN", "KARNATAKA"), "2018-11-25", "in-onion-karnataka-2018"),
        ("onion", Market("in-z", "Azadpur", "阿扎德普尔", "IN", "NCT OF DELHI"), "2018-11-25", None),
        ("onion", Market("kr-g", "가락시장", "可乐洞", "KR", "Seoul"), "2019-07-09", "kr-onion-2019"),
        ("cabbage", load_catalog().markets["tw-yunlin-xiluo"], "2025-12-23", "tw-cabbage-2025-12"),
        ("cabbage", load_catalog().markets["tw-taipei-1"], "2022-01-16", "tw-cabbage-2022-01"),
    ],
)
def test_a_case_is_matched_by_product_place_and_days(product, market, day, event):
    found = documented(GLUTS.values(), product, market, dt.date.fromisoformat(day))
    assert (found.id if found else None) == event


def test_of_two_documented_gluts_the_nearer_in_time_is_meant():
    def glut(name, start, end):
        return DocumentedGlut(name, "onion", "IN", (), start, end, "glut", "某", "x")

    early = glut("a", dt.date(2018, 1, 1), dt.date(2018, 1, 10))
    late = glut("b", dt.date(2018, 2, 10), dt.date(2018, 2, 20))
    assert documented([late, early], "onion", LASALGAON, dt.date(2018, 1, 15)) is early
    assert documented([early, late], "onion", LASALGAON, dt.date(2018, 2, 5)) is late


def test_what_was_done_stands_with_the_case():
    price, _ = two_gluts()
    event = DocumentedGlut(
        "x",
        "onion",
        "IN",
        ("Maharashtra",),
        sunday(262),
        sunday(264),
        "glut",
        "集中上市",
        "all at once",
        "收储",
        "storage",
    )
    (found,) = cases_of(price, [CaseSeries(ONION, LASALGAON)], sunday(411), events=[event])
    assert found[0].event is event
    assert found[0].text_zh.endswith("。有记载：集中上市；当时措施：收储")
    assert found[0].text_en.endswith(". On record: all at once; what was done: storage")
    assert found[2].event is None


def test_a_quarter_of_a_nation_takes_seconds():
    products = [Product(f"p{number}", "某", "x", "vegetable_root", 9) for number in range(5)]
    series = [series_of(products[number % 5], number) for number in range(425)]
    price = noisy(len(series), weeks=800, gaps=0.1)
    sundays = SUNDAYS[0] + 7 * np.arange(800)
    begun = time.process_time()
    past = past_weeks(price, sundays, series, sunday(799))
    found = nearest_cases(past, [past.situation(row) for row in range(len(series))], events=GLUTS.values())
    assert time.process_time() - begun < 5
    assert sum(map(len, found)) > 3 * 0.95 * len(series)
