"""The board in a real browser: read in ten seconds, by keyboard alone, on a phone and on paper."""

from __future__ import annotations

import re

import pytest
from worlds import LAST_DAY

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
PAGES = ("/", "/?lang=en", "/docs", "/docs?lang=en", f"/?as_of={LAST_DAY}")
RANK = ("red", "orange", "yellow", "blue")


def first_row(page):
    return page.locator(".episodes tbody").first


def test_the_worst_product_comes_first_with_why_what_to_do_and_who_leads(visit):
    row = first_row(visit.open("/"))
    assert row.locator(".level").first.inner_text() == "Ⅰ级 红"
    assert row.locator(".product").inner_text() == "莲花白"
    text = row.inner_text()
    assert re.search(r"近7日中位价为往年同旬的 \d+%（参考价 [\d.]+ 元/公斤，线 50%）", text)
    assert "区农业农村委牵头" in row.locator("ol li").first.inner_text()
    assert "T3 含库存与销售" in text
    assert re.search(r"待消纳 [\d,.]+ 吨", text)


def test_in_english(visit):
    row = first_row(visit.open("/?lang=en"))
    assert row.locator(".level").first.inner_text() == "Ⅰ red"
    assert row.locator(".product").inner_text() == "cabbage"
    assert "of the season's (reference" in row.inner_text()
    assert "District Agriculture and Rural Affairs Committee leads" in row.locator("ol li").first.inner_text()
    visit.page.get_by_role("link", name="中文").click()
    assert first_row(visit.page).locator(".product").inner_text() == "莲花白"


def test_products_stand_worst_first_and_are_in_sight_at_once(visit):
    page = visit.open("/")
    ranks = [RANK.index(tbody.get_attribute("class")) for tbody in page.locator(".episodes tbody").all()]
    assert ranks
    assert ranks == sorted(ranks)
    box = first_row(page).bounding_box()
    assert box["y"] + box["height"] < 768


def test_to_an_alert_and_back_by_keyboard_alone(visit):
    page = visit.open("/")
    tab_to(page, "莲花白")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/alerts/cabbage\."))
    assert page.locator("h1").inner_text().startswith("莲花白 · 梁平区")
    for heading in ("成因", "渠道", "经过", "逐日等级"):
        assert page.get_by_role("heading", name=heading, exact=True).is_visible()
    tab_to(page, "总览")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/\?lang=zh"))
    assert first_row(page).is_visible()


def test_the_other_places_open_by_keyboard_and_stand_on_paper(visit):
    page = visit.open("/")
    places = first_row(page).locator(".places")
    assert not places.is_visible()
    page.emulate_media(media="print")
    assert places.is_visible()
    assert not page.locator("header nav").is_visible()
    page.emulate_media(media="screen")
    assert not places.is_visible()
    tab_to(page, "另有")
    page.keyboard.press("Enter")
    assert places.is_visible()
    assert places.locator("a").count() > 3


def test_an_alert_prints_on_a4_with_nothing_cut(visit):
    page = open_first_alert(visit)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm at 96 pixels an inch
    assert too_wide(page) == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_need_not_scroll_sideways(visit, path):
    page = visit.open(path)
    page.set_viewport_size(PHONE)
    assert too_wide(page) == 0


def test_an_alert_on_a_phone_need_not_scroll_sideways(visit):
    page = open_first_alert(visit)
    page.set_viewport_size(PHONE)
    assert too_wide(page) == 0


@pytest.mark.parametrize("path", PAGES)
def test_pages_forbid_what_is_not_ours_and_load_only_their_own(visit, path):
    answer = visit.page.goto(visit.address + path)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    asked = {url.removeprefix(visit.address).split("?")[0] for url in visit.asked}
    strange = {one for one in asked if not one.startswith(("/static/", "/charts/"))}
    assert strange == {path.split("?")[0]}
    assert "/static/board.css" in asked


def test_the_policy_holds_in_the_browser(visit):
    """What the policy forbids is stopped by the browser itself, before any request."""
    page = visit.open("/")
    page.evaluate("() => { const image = new Image(); image.src = 'http://192.0.2.1/x.png'; }")
    page.wait_for_function("() => true")
    page.wait_for_timeout(200)
    assert not visit.elsewhere
    assert any("Content Security Policy" in complaint for complaint in visit.complaints)
    visit.complaints.clear()


def test_the_simulated_is_named_in_sight(visit):
    banner = visit.open("/").locator(".banner")
    assert "模拟数据" in banner.inner_text()
    assert banner.bounding_box()["y"] < 200
    assert "模拟数据" in open_first_alert(visit).locator(".banner").inner_text()


def test_every_colour_has_its_word_and_enough_contrast(visit):
    page = visit.open("/")
    for badge in page.locator(".counts .level").all():
        assert badge.inner_text().strip()
        assert badge.evaluate(CONTRAST) >= 4.5, badge.inner_text()


def tab_to(page, beginning):
    """Press Tab until the element in focus begins with these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.innerText || ''").strip().startswith(beginning):
            return
    pytest.fail(f"Tab does not reach {beginning}")


def open_first_alert(visit):
    page = visit.open("/")
    first_row(page).locator(".product").click()
    page.wait_for_url(re.compile("/alerts/"))
    return page


def too_wide(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


CONTRAST = """element => {
  const light = text => {
    const parts = text.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255);
    const linear = parts.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const style = getComputedStyle(element);
  const [ink, ground] = [light(style.color), light(style.backgroundColor)];
  return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
}"""
"""Contrast of an element's text by WCAG 2.2."""
