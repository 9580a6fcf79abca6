"""Every page for everybody: no serious finding of axe, nothing to scroll sideways on a phone, a way by keyboard."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
ALERT = "/alerts/{alert}"
PAGES = ("/", "/alerts", "/products/cabbage", ALERT, ALERT + "/plan", "/guidance", "/data", "/skill", "/runs",
         "/words", "/docs")  # fmt: skip
LANGS = ("zh", "en")
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def alert(address):
    import httpx2

    found = httpx2.get(f"{address}/v1/alerts", params={"level": "red", "product": "cabbage"}).json()["items"]
    return next(one["id"] for one in found if one["place"]["kind"] == "district")


@pytest.fixture
def reader(browser):
    """A page into which a checker may be put: its own policy would forbid that."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    yield context.new_page()
    context.close()


def settled(page):
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(reader, address, alert, path, lang):
    reader.goto(f"{address}{path.format(alert=alert)}?lang={lang}")
    settled(reader)
    reader.add_script_tag(path=AXE)
    found = reader.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    told = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]
    assert not told


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_need_not_scroll_sideways(visit, alert, path):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open(path.format(alert=alert))
    settled(page)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


@pytest.mark.parametrize("path", PAGES)
def test_it_prints_on_a4_with_nothing_cut(visit, alert, path):
    page = visit.open(path.format(alert=alert))
    settled(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm at 96 pixels an inch
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_first_key_leads_past_the_head(visit):
    page = visit.open("/alerts")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('href')") == "#main"


def test_the_product_page_ships_less_than_two_megabytes(browser, address):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    sizes = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(f"{address}/products/cabbage")
    settled(page)
    context.close()
    assert 0 < sum(sizes) < 2_000_000
