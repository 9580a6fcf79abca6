"""The board's further pages: tables with their state in the address, forms, figures as numbers, faults as pages."""

from __future__ import annotations

import io
import re

import openpyxl
import placing
import pytest

SPITEFUL = "<script>"
ALERT = "onion.in-test-alpha.20181104"
PAGES = ("/alerts", "/products/onion", "/products/洋葱", "/data", "/guidance", "/skill", "/runs", "/words",
         f"/alerts/{ALERT}", f"/alerts/{placing.DISTRICT}/plan")  # fmt: skip
SERIES = "onion@in-test-alpha:wholesale"


@pytest.fixture
def office(client, store):
    placing.glut(store)
    placing.report(store, 45.0)
    return client


def book(answer):
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_speaks_both_languages(office, path):
    zh, en = (office.get(path, params={"lang": lang}) for lang in ("zh", "en"))
    assert (zh.status_code, en.status_code) == (200, 200)
    assert 'lang="zh-CN"' in zh.text
    assert 'lang="en"' in en.text
    assert "default-src 'self'" in zh.headers["content-security-policy"]
    assert SPITEFUL not in zh.text.replace('<script src="/static/', "").replace('<script type="application/json">', "")


def rows(answer):
    return re.findall(r'<tr><td class="inline"><span class="level (\w+)"', answer.text)


def test_the_table_is_filtered_and_sorted_and_the_address_says_how(office):
    every = rows(office.get("/alerts"))
    assert every == sorted(every, key=["red", "orange", "yellow", "blue", "none", "unknown"].index)
    assert rows(office.get("/alerts?sort=level&down=true")) == every[::-1]
    assert set(rows(office.get("/alerts?level=red,orange"))) <= {"red", "orange"}
    assert len(rows(office.get("/alerts?words=莲花白"))) < len(every)
    assert rows(office.get("/alerts?product=莲花白")) == rows(office.get("/alerts?words=莲花白"))
    answer = office.get("/alerts?level=red&kind=market&words=洋&sort=place&as_of=2018-12-02")
    assert "level=red&kind=market&words=%E6%B4%8B" in answer.text.replace("&amp;", "&")
    assert 'aria-sort="ascending"' in answer.text
    assert office.get("/alerts?sort=colour").status_code == 422
    assert office.get("/alerts?as_of=1999-01-01").status_code == 404


def test_the_tables_workbook_has_what_the_filters_leave(office):
    sheet = book(office.get("/alerts.xlsx?level=red"))
    assert [cell.value for cell in sheet["A"]][1:] == ["Ⅰ级 红"] * (sheet.max_row - 1)
    assert sheet.max_row > 1


def test_a_product_that_nobody_knows_is_a_page_that_proposes(office):
    answer = office.get("/products/cabage")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "cabbage" in answer.text


def test_an_act_is_done_and_shown(office):
    answer = office.post(
        f"/alerts/{ALERT}/act", data={"act": "assign", "by": "王", "assignee": "商务委", "reason": "<b>"}
    )
    assert "商务委" in answer.text
    assert "<b>" not in answer.text
    assert office.get(f"/v1/alerts/{ALERT}").json()["status"] == "assigned"
    for act in ("comment", "resolve"):
        assert office.post(f"/alerts/{ALERT}/act", data={"act": act, "by": "王", "reason": "好"}).status_code == 200
    assert office.get(f"/v1/alerts/{ALERT}").json()["status"] == "resolved"


@pytest.mark.parametrize(("form", "status", "said"), [
    ({"act": "assign", "by": "王"}, 422, "nobody is named"),
    ({"act": "comment", "by": "王"}, 422, "the remark is empty"),
    ({"act": "acknowledge", "by": ""}, 422, "by"), ({"act": "explode", "by": "王"}, 422, "act"),
    ({"act": "false_alarm", "by": "王"}, 409, "reason"),
])  # fmt: skip
def test_an_act_that_makes_no_sense_is_a_page_that_says_so(office, form, status, said):
    answer = office.post(f"/alerts/{ALERT}/act", data=form)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, "text/html")
    assert said in answer.text
    assert office.get(f"/v1/alerts/{ALERT}").json()["status"] == "open"


@pytest.mark.parametrize(("headers", "status"), [
    ({"sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-site"}, 403),
    ({"origin": "https://elsewhere.example"}, 403), ({"origin": "null"}, 403),
    ({"sec-fetch-site": "same-origin"}, 200), ({"origin": "http://testserver"}, 200), ({}, 200),
])  # fmt: skip
def test_only_its_own_pages_may_post_its_forms(office, headers, status):
    answer = office.post(f"/alerts/{ALERT}/act", data={"act": "acknowledge", "by": "王"}, headers=headers)
    assert answer.status_code == status


def test_a_delivery_is_recorded_by_form_and_one_too_many_refused(office):
    path = f"/alerts/{placing.DISTRICT}/placed"
    good = {
        "by": "王",
        "unit": "school",
        "day": "2018-12-03",
        "tonnes": "2.5",
        "township": "",
        "price_per_kg": "",
        "note": "",
    }
    assert "2.5" in office.post(path, data=good).text
    assert office.get(f"/v1/alerts/{placing.DISTRICT}/responses").json()["total_t"] == 2.5
    for wrong in ({"unit": "nobody"}, {"tonnes": "-1"}, {"day": "2099-01-01"}, {"tonnes": "much"}):
        answer = office.post(path, data=good | wrong)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (422, "text/html"), wrong
    assert office.get(f"/v1/alerts/{placing.DISTRICT}/responses").json()["total_t"] == 2.5


def test_what_if_stands_beside_the_plan_as_it_is(office):
    calm = office.get(f"/alerts/{placing.DISTRICT}/plan")
    assert "并列比较" not in calm.text
    shut = office.get(f"/alerts/{placing.DISTRICT}/plan?channel=canteens&percent=0&road=500155104&storage=2&days=9")
    assert "并列比较" in shut.text
    part = office.get(f"/alerts/{placing.DISTRICT}/plan", headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert office.get(f"/alerts/{placing.DISTRICT}/plan?days=900").status_code == 422
    assert "plans are made for townships" in office.get(f"/alerts/{placing.MARKET}/plan").text
    assert office.get(f"/alerts/{placing.DISTRICT}/plan?channel=nowhere&percent=50").status_code == 422


def test_a_kept_plan_has_its_letters_and_its_workbook(office):
    answer = office.post(f"/alerts/{placing.DISTRICT}/plan", data={"by": "王", "days": "9"})
    assert answer.url.path.startswith("/plans/plan-")
    assert "致区" in answer.text
    letter = re.search(r'href="(/v1/plans/[^"]+\.docx)"', answer.text).group(1)
    assert office.get(letter).content.startswith(b"PK")
    plan = office.get(f"/v1{answer.url.path}").json()
    sheet = book(office.get(f"{answer.url.path}.xlsx"))
    assert sheet.max_row - 1 == len(plan["placements"])
    assert office.get("/plans/nothing").status_code == 404
    assert answer.url.path in office.get(f"/alerts/{placing.DISTRICT}/plan").text
    assert "合并编排" not in office.get(f"/alerts/{placing.DISTRICT}/plan").text
    assert "合并编排" in office.get(f"/alerts/{placing.TOWNSHIP}/plan").text


def test_a_product_that_is_not_sold_here_is_drawn_at_its_worst_place(office):
    page = office.get("/products/onion").text.replace("&amp;", "&")
    assert "product=onion&kind=market&place=in-test-alpha" in page
    assert "kind=district&place=500155" in office.get("/products/cabbage").text.replace("&amp;", "&")


def test_guidance_is_a_page_of_its_own_and_a_part_of_the_products(office):
    whole = office.get("/guidance", params={"lang": "en"})
    part = office.get("/guidance", params={"product": "莲花白"}, headers={"hx-request": "true"})
    assert "cabbage" in whole.text
    assert "/v1/guidance/sheets/500155104.docx" in whole.text
    assert "<html" not in part.text
    assert "屏锦镇" in part.text
    assert "/guidance?product=cabbage" in office.get("/products/cabbage").text
    assert office.get("/guidance?product=火星菜").status_code == 422
    assert office.get("/guidance?as_of=2001-01-01").status_code == 404


def test_the_numbers_of_a_chart_are_the_services(office):
    told = office.get("/charts/price.json", params={"series": SERIES, "as_of": "2018-12-02"}).json()
    columns = told["columns"]
    assert len({len(values) for values in columns.values()}) == 1
    assert told["unit"] == "INR/kg"
    sheet = book(office.get("/charts/price.xlsx", params={"series": SERIES, "as_of": "2018-12-02", "lang": "en"}))
    assert sheet["A1"].value == "week (Sunday)"
    assert sheet.max_row - 1 == len(columns["week"])
    days = office.get("/charts/subject.json", params={"product": "onion", "kind": "market", "place": "in-test-alpha",
                                                      "as_of": "2018-12-02"}).json()  # fmt: skip
    assert days["columns"]["level"] == ["yellow", "red"]
    assert office.get("/charts/places.json", params={"as_of": "2018-12-02"}).json()["kind"] == "places"


def test_each_words_tooltip_is_told_and_leads_to_where_it_is_explained(office):
    seen = set()
    for path in (f"/alerts/{ALERT}", f"/alerts/{placing.DISTRICT}/plan", "/products/onion"):
        for word, told in re.findall(r'class="hint" href="/words\?lang=en#(\w+)" title="([^"]*)"',
                                     office.get(path, params={"lang": "en"}).text):  # fmt: skip
            assert told, word
            seen.add(word)
    words = office.get("/words?lang=en").text
    assert {"tier", "surplus"} < seen
    assert all(f'id="{word}"' in words for word in seen)


def test_documented_gluts_of_the_place_are_drawn_and_those_elsewhere_are_not(office, store):
    columns = "id,product_id,country,places,start_day,end_day,label,what_zh,what_en,measures_zh,measures_en,source"
    kinds = (("here", "Alpha", "2018-12-05", "glut"), ("feared", "alpha", "2018-12-16", "near_miss"),
             ("far", "Beta", "2018-12-09", "glut"), ("before", "alpha", "2001-01-07", "glut"))  # fmt: skip
    lines = [f"{name},onion,IN,{place},{day},{day},{label},x,x,,,x" for name, place, day, label in kinds]
    folder = store.home / "reference"
    folder.mkdir()
    (folder / "documented_gluts.csv").write_text("\n".join([columns, *lines]), encoding="utf-8")
    assert chart(office)["events"] == [
        ["2018-12-02", "2018-12-09", "documented glut 2018-12"], ["2018-12-09", "2018-12-16", "near miss 2018-12"],
    ]  # fmt: skip


def chart(office):
    return office.get("/charts/price.json", params={"series": SERIES, "as_of": "2018-12-02", "lang": "en"}).json()


@pytest.mark.parametrize(("path", "status"), [
    ("/charts/price.json?series=nothing&as_of=2018-12-02", 404), ("/charts/price.json?series=x", 422),
    ("/charts/price.xlsx?series=nothing&as_of=2018-12-02", 404), ("/charts/places.json?as_of=soon", 422),
])  # fmt: skip
def test_a_chart_that_is_not_there_is_a_problem(office, path, status):
    answer = office.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_an_upload_by_form_explains_itself_line_by_line(office):
    lines = "date,product,price_yuan_per_kg,volume_kg\n2018-12-01,莲花白,x,1\n2018-13-01,莲花白,1,1\n<b>,莲花白,1,1\n"
    answer = office.post("/data/upload", data={"feed": "example", "by": "王"},
                         files={"file": ("prices.csv", lines.encode(), "text/csv")})  # fmt: skip
    assert answer.status_code == 200
    assert answer.text.count("<tr><td>prices.csv</td>") == 3
    assert "<b>" not in answer.text
    empty = office.post(
        "/data/upload", data={"feed": "example", "by": "王"}, files={"file": ("x.csv", b"", "text/csv")}
    )
    assert (empty.status_code, "the upload is empty" in empty.text) == (422, True)
    wrong = office.post(
        "/data/upload", data={"feed": "nothing", "by": "王"}, files={"file": ("x.csv", b"1", "text/csv")}
    )
    assert (wrong.status_code, "there is no feed" in wrong.text) == (422, True)


def test_words_that_could_be_formulas_stay_words():
    from api.dashboard.workbook import workbook

    sheet = openpyxl.load_workbook(io.BytesIO(workbook("=1+1", {"=A": ["=1+1", "+1", "@x", "-1"]}))).worksheets[0]
    assert [(cell.data_type, cell.value) for cell in sheet["A"]] == [
        ("s", "=A"), ("s", "=1+1"), ("s", "+1"), ("s", "@x"), ("s", "-1"),
    ]  # fmt: skip
