"""What messages say: one line of subject, everything from outside escaped, robots' cards as their makers want them."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import hmac
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from noticing import AT, FIRST

from warning.subscriptions.robots import robot_address, robot_body, robot_refusal
from warning.subscriptions.subscription import Way
from warning.subscriptions.wording import html, markdown, subject, text

SPITE = "<script>x</script>\r\nBcc: a@b\x00*_[`#"


class Tags(HTMLParser):
    def __init__(self, content):
        super().__init__()
        self.tags = []
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)


def test_a_message_says_level_product_place_why_tonnes_and_what_to_do():
    told = text([FIRST], "https://board")
    for word in ("红色预警：梁平区莲花白发出", "价格为往年 42%", "待消纳 858.6 吨（估算）", "区农业农村委牵头",
                 "red warning: cabbage", "https://board/alerts/cabbage.500155.20260301"):  # fmt: skip
        assert word in told
    assert subject([FIRST]) == "红色预警：梁平区莲花白发出"
    assert subject([FIRST, FIRST]).endswith("等2条")
    assert subject([dataclasses.replace(FIRST, simulated=True)]).startswith("【模拟】")


def test_hostile_words_stay_words():
    hostile = dataclasses.replace(FIRST, product=(SPITE, SPITE), why=((SPITE, SPITE),), place=(SPITE, SPITE))
    assert "\n" not in subject([hostile])
    assert "\r" not in subject([hostile])
    assert "script" not in Tags(html([hostile], "https://board")).tags
    assert "\x00" not in text([hostile]) + html([hostile]) + markdown([hostile], most=4000)
    assert "<script>" not in markdown([hostile], most=4000)


def test_a_long_digest_is_cut_at_a_whole_notice_and_says_how_many_are_left():
    told = markdown([FIRST] * 100, "https://board", most=4000)
    assert len(told.encode()) <= 4096
    assert "……另有" in told
    assert told.count("###") + int(told.split("另有 ")[1].split(" ")[0]) == 100


def test_dingtalk_signs_in_the_address_and_feishu_in_the_body():
    at = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
    address = robot_address(Way.DINGTALK, "https://oapi.example/robot/send?access_token=1", "SEC1", at)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    expected = hmac.new(b"SEC1", f"{asked['timestamp']}\nSEC1".encode(), hashlib.sha256).digest()
    assert (asked["access_token"], base64.b64decode(asked["sign"])) == ("1", expected)
    body = robot_body(Way.FEISHU, [FIRST], "", "key", at)
    assert (
        base64.b64decode(body["sign"]) == hmac.new(f"{body['timestamp']}\nkey".encode(), b"", hashlib.sha256).digest()
    )
    assert robot_address(Way.WECOM, "https://x/y", "k", at) == "https://x/y"
    assert robot_body(Way.WECOM, [FIRST], "", "", AT)["msgtype"] == "markdown"
    assert robot_body(Way.DINGTALK, [FIRST], "", "", AT)["markdown"]["title"] == subject([FIRST])


@pytest.mark.parametrize(("way", "answer", "refused"), [
    (Way.WECOM, {"errcode": 0}, False), (Way.WECOM, {"errcode": 93000, "errmsg": "bad"}, True),
    (Way.FEISHU, {"code": 0}, False), (Way.FEISHU, {"StatusCode": 0}, False), (Way.FEISHU, {"code": 19021}, True),
    (Way.DINGTALK, None, True), (Way.DINGTALK, [], True), (Way.DINGTALK, {}, True),
])  # fmt: skip
def test_a_robot_that_did_not_take_it_is_noticed(way, answer, refused):
    assert bool(robot_refusal(way, answer)) is refused
