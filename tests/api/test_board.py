"""The board: what a person reads, in two languages, safely."""

from __future__ import annotations

import inspect
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import update

from api.dashboard.pages import number
from api.dashboard.prose import prose
from api.dashboard.signals import SIGNALS, signal_reading
from api.dashboard.words import Wording
from warning import drivers, forecast_level, forecast_reasons
from warning.levels import Level
from warning.store.tables import AlertEventRow, AssessmentRow

SPITEFUL = "<script>alert(1)</script>"


class Page(HTMLParser):
    """Collects what a test asks of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links, self.tags, self.words, self.scripts = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append(dict(attrs))
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))

    @property
    def foreign_scripts(self):
        """What would run and is no file of ours; numbers for a chart do not run."""
        runs = [one for one in self.scripts if one.get("type") != "application/json"]
        return [one for one in runs if not one.get("src", "").startswith("/static/")]


def test_the_board_lists_products_worst_place_first_with_the_rest_rolled_up(client):
    answer = client.get("/")
    page = Page(answer.text)
    assert answer.headers["content-type"].startswith("text/html")
    assert "业务日期 2018-12-02" in page.text
    assert "2018-12-03 07:30（北京时间）" in page.text
    assert "2018-12-02 红 1" in page.text
    assert page.text.index("洋葱") < page.text.index("莲花白")
    assert page.text.index("Market alpha") < page.text.index("另有 2 处：橙 1，蓝 1") < page.text.index("Market beta")
    assert page.tags.count("details") == 1
    assert "Ⅰ级 红" in page.text
    assert "商务委 牵头，0–3 天可启动" in page.text
    assert "T3 含库存与销售" in page.text
    assert "数据陈旧的研判对象" in page.text
    assert "xinfadi" in page.text
    assert "（xinfadi" not in page.text


def test_counts_say_what_changed_since_the_date_before(client):
    text = Page(client.get("/").text).text
    assert "Ⅰ级 红 1 +1" in text
    assert "增减为较 2018-12-01" in text
    assert "增减为较" not in client.get("/?as_of=2018-12-01").text


def test_a_market_abroad_is_placed_by_its_region(client):
    assert "Market alpha（Test）" in Page(client.get("/").text).text
    assert "Market alpha, Test" in Page(client.get("/alerts/onion.in-test-alpha.20181104?lang=en").text).text


def test_a_place_whose_numbers_speak_stands_for_its_product(client, store):
    """One that is only kept at its level says nothing of what is wrong."""
    kept(store, "in-test-beta", level=4)
    kept(store, "in-test-alpha")
    text = Page(client.get("/").text).text
    assert "Market alpha（Test）" in text
    change(store, "in-test-beta", drivers=[{"signal": "r", "value": 0.4, "line": 0.5, "text_zh": "价低六成"}])
    text = Page(client.get("/").text).text
    assert "Market beta（Test）" in text
    assert "价低六成" in text


def test_a_level_that_is_only_kept_says_what_raised_it(client, store):
    kept(store, "in-test-alpha")
    for path in ("/", "/alerts/onion.in-test-alpha.20181104"):
        text = Page(client.get(path).text).text
        assert "2018-12-02 越线" in text
        assert "须连续3周好转" in text
    assert "2018-12-02 past the line" in Page(client.get("/?lang=en").text).text


def kept(store, place, **values):
    change(
        store, place, drivers=[{"signal": "hysteresis", "value": 0, "line": 4, "text_zh": "须连续3周好转"}], **values
    )


def change(store, place, **values):
    chosen = (AssessmentRow.place_id == place, AssessmentRow.product_id == "onion")
    with store.writing() as session:
        session.execute(update(AssessmentRow).where(*chosen).values(**values))


def test_a_blue_alert_does_not_begin_with_the_emergency(client, store):
    emergency = {"channel": "joint-emergency", "name_zh": "联动应急", "role": "emergency", "start_days": [1, 5]}
    canteens = {"channel": "canteens", "name_zh": "四进", "role": "main", "start_days": [2, 7]}
    for level, first in ((1, "四进"), (2, "联动应急")):
        with store.writing() as session:
            chosen = AssessmentRow.product_id == "cabbage"
            session.execute(update(AssessmentRow).where(chosen).values(level=level, channels=[emergency, canteens]))
        text = Page(client.get("/").text).text
        both = sorted((text.index(name), name) for name in ("四进", "联动应急"))
        assert both[0][1] == first


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
        assert Page(text).foreign_scripts == []
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
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in page.links)
    assert page.foreign_scripts == []
    assert "style" not in page.tags
    assert 'style="' not in answer.text
    for link in {link for link in page.links if not link.startswith("#")}:
        assert client.get(link).status_code < 500, link
        if "1999" not in path:
            assert client.get(link).status_code == 200, link


def test_an_alert_page_has_history_events_and_channels(client):
    page = Page(client.get("/alerts/onion.in-test-alpha.20181104").text)
    for word in ("发出预警", "升级", "2018-12-01", "四(一)", "商务委", "0–3", "可冷藏"):
        assert word in page.text, word
    assert "价格水平（对往年同旬） 44% 50%" in page.text


def test_what_a_run_found_is_not_told_by_its_word(client, store):
    with store.writing() as session:
        session.execute(update(AlertEventRow).values(by="run"))
    assert "每日研判" in client.get("/alerts/onion.in-test-alpha.20181104").text
    assert "daily run" in client.get("/alerts/onion.in-test-alpha.20181104?lang=en").text


def test_an_unknown_alert_or_date_is_a_page_that_says_so(client):
    missing = client.get("/alerts/nothing")
    assert missing.status_code == 404
    assert "没有这条预警" in missing.text
    assert "nothing" in Page(missing.text).text
    assert "/alerts/nothing?lang=en" in Page(missing.text).links
    date = client.get("/?as_of=2018-11-30")
    assert date.status_code == 404
    assert "2018-11-30 没有完成过每日研判" in date.text
    assert "/?lang=zh&as_of=2018-12-01" in Page(date.text).links


def test_an_empty_store_says_what_to_do(empty_client):
    answer = empty_client.get("/")
    assert answer.status_code == 200
    assert "changxiao demo" in answer.text
    assert "changxiao run" in empty_client.get("/?lang=en").text


def test_nothing_to_warn_of_is_said(client, store):
    with store.writing() as session:
        session.execute(update(AssessmentRow).where(AssessmentRow.level > 0).values(level=0))
    text = client.get("/").text
    assert "今日无须预警" in text
    assert "未知的不等于平稳" in text


def test_the_interface_page_has_every_operation(client):
    text = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in text


def test_the_interface_in_english_is_without_chinese_paragraphs(client):
    page = Page(client.get("/docs?lang=en").text)
    assert "A stale feed is a warning, never calm" in page.text
    assert "拒绝了多少行" not in page.text
    assert "`" not in page.text
    assert "comma list of unknown" in Page(client.get("/docs").text).text


def test_prose_joins_lines_marks_code_and_escapes():
    assert prose("一行\n接着。\n\nEnglish `a<b`\nmore", "zh") == (
        "<p>一行接着。</p>\n<p>English <code>a&lt;b</code> more</p>"
    )
    assert prose("一行。\n\nEnglish", "en") == "<p>English</p>"
    assert prose("- 甲 · one\n  more\n- 乙 · two", "en") == "<ul><li>one more</li><li>two</li></ul>"
    assert prose("只有中文", "en") == "<p>只有中文</p>"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (float("nan"), "–"), (1180, "1,180"), (999.7, "1,000"), (54.321, "54.3"), (0.1234, "0.12"),
     (12345.6, "12,346"), (-0.00001, "0.00"), (3.0, "3")],
)  # fmt: skip
def test_numbers_are_written_as_people_read_them(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("signal", "value", "zh", "en"),
    [("r", 0.44, "44%", "44%"), ("v", 0.342, "141%", "141%"), ("z", -5.66, "−5.7 σ", "−5.7 σ"),
     ("D", 2.7, "2.70 倍", "2.70 ×"), ("dS", 7.2, "7 个百分点", "7 points"), ("hysteresis", 4.0, "Ⅰ级 红", "Ⅰ red"),
     ("no_bids", 1.0, "是", "yes"), ("data_state", 21.0, "21 天", "21 days"), ("K", None, "–", "–"),
     ("new", 2.5, "2.5", "2.5")],
)  # fmt: skip
def test_readings_have_their_units(signal, value, zh, en):
    assert signal_reading(signal, value, Wording("zh")) == zh
    assert signal_reading(signal, value, Wording("en")) == en


def test_every_signal_of_a_driver_has_a_name():
    """A signal that warning.drivers can tell and the board cannot name would stand as its id."""
    told = set(re.findall(r'Driver\("(\w+)"', inspect.getsource(drivers) + inspect.getsource(forecast_level)))
    told |= {f"forecast_{kind}" for kind in forecast_reasons.TELLERS} | {"over_seeding"}
    assert {"r", "spell_risk"} <= told
    assert told <= set(SIGNALS)


@pytest.mark.parametrize(
    ("probability", "level", "verb"), [(0.31, Level.YELLOW, "超过预警线 25%"), (0.12, Level.NONE, "未到预警线 25%")]
)
def test_the_figures_of_a_forecast_are_told_in_chinese(probability, level, verb):
    chance = forecast_level.SpellChance(0.8, 28, probability, 0.25, "champion")
    text = forecast_level.forecast_reason(chance, level)
    assert Wording("zh").forecast_reason(text) == f"28 天内跌至往年同期 80% 以下的概率 {probability:.0%}，{verb}"
    assert Wording("en").forecast_reason(text) == text


def test_the_baselines_word_is_told_in_chinese():
    chance = forecast_level.SpellChance(0.8, 28, 0.3, 0.25, "baseline")
    assert "未胜过基线" in Wording("zh").forecast_reason(forecast_level.forecast_reason(chance, Level.NONE))


def test_the_words_are_there_in_both_languages():
    from api.dashboard import page_words, words

    for table in (
        page_words.PAGE_WORDS,
        page_words.FORECASTERS,
        words.WORDS,
        words.LEVELS,
        words.STATUSES,
        words.TIERS,
        words.TYPES,
        words.DATA_STATES,
        words.EVENTS,
        words.FORECAST_REASONS,
        words.ACTORS,
    ):
        for key, (zh, en) in table.items():
            assert zh, key
            assert en, key
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in en), key


def test_more_products_than_the_board_shows_are_counted_with_a_way_to_them(client, monkeypatch):
    monkeypatch.setattr("api.dashboard.board.EPISODES", 1)
    page = Page(client.get("/").text)
    assert "洋葱" in page.text
    assert "另有 1 个品种在警，见预警清单" in page.text
    assert "/alerts?lang=zh&as_of=2018-12-02" in page.links


def test_every_word_of_a_page_has_an_entry_and_no_entry_is_without_a_page():
    from api.dashboard import page_words, words
    from api.dashboard.pages import HERE

    texts = [path.read_text(encoding="utf-8") for path in (HERE / "templates").glob("*.html")]
    texts += [path.read_text(encoding="utf-8") for path in [*HERE.glob("*.py"), *(HERE.parent / "pages").glob("*.py")]]
    text = "\n".join(texts)
    asked = set(re.findall(r"""(?:\bt|wording|say)\(\s*['"](\w+)['"]\s*\)""", text))
    known = set(words.WORDS) | set(page_words.PAGE_WORDS)
    assert asked - known == set()
    stems = (*tuple(re.findall(r"""['"](\w+_)['"] ?~""", text)), "column_")
    unused = {key for key in page_words.PAGE_WORDS if key not in asked and not key.startswith(stems)}
    assert {key for key in unused if not re.search(rf"['\"]{key}['\"]", text.replace(f'"{key}": (', ""))} == set()
    assert not set(words.WORDS) & set(page_words.PAGE_WORDS)
