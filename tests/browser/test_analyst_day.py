"""A day of an analyst in a real browser, in both languages: from the board to tonnes placed, and the data behind it.

With CHANGXIAO_SHOTS naming a folder, what is seen on the way is kept there: docs/board.md shows it.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from visiting import Visit

pytestmark = pytest.mark.browser

SAID = {
    "zh": {"product": "莲花白", "plan": "消纳方案", "side": "并列比较", "letter": "致", "events": "确认",
           "drawn": "周价", "none": "尚无评分报告", "words": "价格水平", "rejected": "被拒绝的行"},
    "en": {"product": "cabbage", "plan": "Placement plan", "side": "Side by side", "letter": "Letter to",
           "events": "acknowledged", "drawn": "weekly price", "none": "no skill report yet",
           "words": "price against the season", "rejected": "Rejected lines"},
}  # fmt: skip


@pytest.fixture
def visitor(browser, office):
    """A visitor who may write; nothing may leave the host or complain."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    found = Visit(context.new_page(), office)
    yield found
    context.close()
    assert not found.elsewhere
    assert not found.complaints


def drawn(page, figures):
    """Wait until so many figures are drawn, and none has failed."""
    page.wait_for_function(
        f"() => document.querySelectorAll('figure.chart[data-drawn=\"done\"]').length >= {figures}", timeout=15_000
    )
    assert page.locator('figure.chart[data-drawn="failed"]').count() == 0


def keep(page, name, lang):
    folder = os.environ.get("CHANGXIAO_SHOTS")
    if folder:
        from PIL import Image

        Path(folder).mkdir(parents=True, exist_ok=True)
        seen = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        seen.quantize(96).save(f"{folder}/{name}-{lang}.png", optimize=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_day(visitor, tmp_path, lang):
    said = SAID[lang]
    page = visitor.open(f"/?lang={lang}")
    drawn(page, 1)
    keep(page, "board", lang)

    # what is going wrong, and since when
    page.locator(".episodes tbody").first.locator("a", has_text=re.compile("品种页|the product")).click()
    page.wait_for_url(re.compile("/products/cabbage"))
    drawn(page, 2)
    assert said["product"] in page.locator("h1").inner_text()
    assert said["drawn"] in page.locator("figure figcaption").first.inner_text()
    with page.expect_download() as saved:
        page.locator("figure figcaption a").first.click()
    assert zipfile.is_zipfile(saved.value.path())
    keep(page, "product", lang)

    # what to do about it, and what if there were half the room
    page.locator("table a[href*='/alerts/cabbage.500155.']").first.click()
    page.wait_for_url(re.compile(r"/alerts/cabbage\.500155\."))
    page.locator(".plan .totals").wait_for()
    drawn(page, 3)
    assert page.get_by_role("heading", name=said["plan"], exact=True).is_visible()
    keep(page, "alert", lang)
    placed = page.locator(".plan .totals").inner_text()
    page.locator("select[name=channel]").select_option("buyer-matching")
    page.locator(".what-if input[name=percent]").fill("0")
    page.get_by_text(said["side"]).wait_for()
    assert page.locator(".plan .totals").inner_text() != placed

    # somebody takes it on
    form = page.locator("form[action*='/act']")
    form.locator("input[name=by]").fill("王")
    form.locator("button").click()
    page.wait_for_url(re.compile("#events"))
    assert said["events"] in page.locator("#events + table").inner_text()

    # a delivery is recorded
    form = page.locator("form[action*='/placed']")
    form.locator("input[name=tonnes]").fill("12.5")
    form.locator("input[name=by]").fill("王")
    form.locator("button").click()
    page.wait_for_url(re.compile("#responses"))
    assert "12.5" in page.locator("#responses + p").inner_text()

    # the plan is kept and its letters written
    form = page.locator("form[action$='/plan'][method=post]")
    form.locator("input[name=by]").fill("王")
    form.locator("button").click()
    page.wait_for_url(re.compile("/plans/plan-"))
    with page.expect_download() as saved:
        page.locator("a", has_text=said["letter"]).first.click()
    assert zipfile.is_zipfile(saved.value.path())
    keep(page, "plan", lang)

    # the data behind it: a wrong upload explains itself row by row
    page.goto(f"{visitor.address}/data?lang={lang}")
    keep(page, "data", lang)
    wrong = tmp_path / "prices.csv"
    wrong.write_text(
        "market,product,date,price,volume,unit_price,unit_volume,country\n"
        "重庆双福国际农贸城,洋葱,2026-13-45,2.5,900,CNY/kg,kg,CN\n重庆双福国际农贸城,洋葱,2026-11-20,x,900,CNY/kg,kg,CN\n",
        encoding="utf-8",
    )
    form = page.locator("form.drop")
    form.locator("select").select_option("panel")
    form.locator("input[type=file]").set_input_files(wrong)
    form.locator("input[name=by]").fill("王")
    form.locator("button").click()
    page.wait_for_url(re.compile("/data/upload"))
    rows = page.locator("table tbody tr")
    assert page.get_by_role("heading", name=said["rejected"]).is_visible()
    assert rows.count() == 2
    assert "2026-13-45" in rows.first.inner_text()
    keep(page, "upload", lang)

    # what the words mean, and what the forecasts were worth
    page.goto(f"{visitor.address}/words?lang={lang}")
    assert said["words"] in page.locator("#r").inner_text()
    page.goto(f"{visitor.address}/skill?lang={lang}")
    assert said["none"] in page.locator("main").inner_text()
    page.goto(f"{visitor.address}/runs?lang={lang}")
    assert page.locator("tbody tr").count() >= 2


def test_what_if_by_keyboard_alone(visitor):
    page = visitor.open("/alerts?lang=zh")
    page.locator("a[href*='cabbage.500155.']").first.focus()
    page.keyboard.press("Enter")
    page.locator(".plan .totals").wait_for()
    slider = page.locator(".what-if input[name=days]")
    slider.focus()
    page.keyboard.press("Home")
    page.get_by_text("并列比较").wait_for()
    assert page.locator(".what-if input[name=days]").input_value() == "7"


def test_a_form_of_another_site_is_refused(office, browser):
    import httpx2

    alert = httpx2.get(f"{office}/v1/alerts?level=red").json()["items"][0]["id"]
    form = {"act": "resolve", "by": "x", "reason": ""}
    answer = httpx2.post(f"{office}/alerts/{alert}/act", data=form, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert httpx2.get(f"{office}/v1/alerts/{alert}").json()["status"] == "open"
