"""The board: what a person reads, in two languages, safely."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

SPITEFUL = "<script>alert(1)</script>"


class Page(HTMLParser):
    """Collects what a test asks of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links, self.tags, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_the_board_lists_products_worst_place_first_with_the_rest_rolled_up(client):
    answer = client.get("/")
    page = Page(answer.text)
    assert answer.headers["content-type"].startswith("text/html")
    assert "业务日期 2018-12-02" in page.text
    assert "2018-12-03T07:30:00+08:00" in page.text
    assert "2018-12-02 红 1" in page.text
    assert page.text.index("洋葱") < page.text.index("甘蓝") if "甘蓝" in page.text else True
    assert "另有 2 处" in page.text
    assert page.tags.count("details") == 1
    assert "Ⅰ级 红" in page.text
    assert "商务委" in page.text
    assert "T3 含库存与销售" in page.text
    assert "数据陈旧的研判" in page.text
    assert "xinfadi" in page.text


def test_the_simulated_is_named(client):
    assert "模拟" in client.get("/").text
    assert "模拟数据" not in client.get("/?as_of=2018-12-01").text


def test_in_english_by_a_switch(client):
    page = Page(client.get("/?lang=en").text)
    assert "Business date 2018-12-02" in page.text
    assert "2 more places" in page.text
    assert "56 % low" in page.text
    assert not [word for word in ("业务日期", "成因", "数据健康") if word in page.text]
    assert client.get("/?lang=fr").status_code == 422


def test_names_and_texts_of_others_are_escaped(client):
    for path in ("/", "/?lang=en", "/alerts/onion.in-test-spite.20181104"):
        text = client.get(path).text
        assert "script" not in Page(text).tags
        assert SPITEFUL not in text
        assert "&lt;script&gt;" in text
        assert "<b>" not in text


@pytest.mark.parametrize(
    "path", ["/", "/?as_of=2018-12-01", "/alerts/onion.in-test-alpha.20181104", "/docs", "/?as_of=1999-01-01"]
)
def test_nothing_is_loaded_from_elsewhere(client, path):
    answer = client.get(path)
    page = Page(answer.text)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert all(link.startswith("/") and not link.startswith("//") for link in page.links)
    assert "script" not in page.tags
    assert "style" not in page.tags
    assert 'style="' not in answer.text
    for link in page.links:
        assert client.get(link).status_code < 500, link
        if "1999" not in path:
            assert client.get(link).status_code == 200, link


def test_an_alert_page_has_history_events_and_channels(client):
    page = Page(client.get("/alerts/onion.in-test-alpha.20181104").text)
    for word in ("发出预警", "升级", "2018-12-01", "四(一)", "商务委", "0–3", "可冷藏"):
        assert word in page.text, word


def test_an_unknown_alert_or_date_is_a_page_that_says_so(client):
    missing = client.get("/alerts/nothing")
    assert missing.status_code == 404
    assert "nothing" in Page(missing.text).text
    date = client.get("/?as_of=2018-11-30")
    assert date.status_code == 404
    assert "2018-12-01" in date.text


def test_an_empty_store_says_what_to_do(empty_client):
    answer = empty_client.get("/")
    assert answer.status_code == 200
    assert "changxiao demo" in answer.text
    assert "changxiao run" in empty_client.get("/?lang=en").text


def test_nothing_to_warn_of_is_said(client, store):
    from sqlalchemy import update

    from warning.store.tables import AssessmentRow

    with store.writing() as session:
        session.execute(update(AssessmentRow).where(AssessmentRow.level > 0).values(level=0))
    text = client.get("/").text
    assert "今日无须预警" in text
    assert "未知的不等于平稳" in text


def test_the_interface_page_has_every_operation(client):
    text = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in text


def test_the_words_are_there_in_both_languages():
    from api.dashboard import words

    for table in (words.WORDS, words.LEVELS, words.STATUSES, words.TIERS, words.TYPES, words.DATA_STATES, words.EVENTS):
        for key, (zh, en) in table.items():
            assert zh, key
            assert en, key
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in en), key
