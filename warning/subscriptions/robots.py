"""What the chat robots of 企业微信, 钉钉 and 飞书 are sent, and whether they took it. Source: the vendors' manuals."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote_plus

from warning.messages.notice import Notice
from warning.subscriptions.subscription import Way
from warning.subscriptions.wording import markdown, subject

MOST_BYTES: Final = {Way.WECOM: 4000, Way.DINGTALK: 18_000, Way.FEISHU: 18_000}
ACCEPTED: Final = {Way.WECOM: "errcode", Way.DINGTALK: "errcode", Way.FEISHU: "code"}
"""The field of the answer that is 0 where the message was taken."""


def robot_body(way: Way, notices: Sequence[Notice], base: str, secret: str, at: dt.datetime) -> dict[str, Any]:
    """The JSON that the robot is sent; 飞书 carries its signature within."""
    told = markdown(notices, base, most=MOST_BYTES[way])
    if way == Way.WECOM:
        return {"msgtype": "markdown", "markdown": {"content": told}}
    if way == Way.DINGTALK:
        return {"msgtype": "markdown", "markdown": {"title": subject(notices), "text": told}}
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": told}}
    if secret:
        second = str(int(at.timestamp()))
        key = f"{second}\n{secret}".encode()
        body |= {"timestamp": second, "sign": base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()}
    return body


def robot_address(way: Way, target: str, secret: str, at: dt.datetime) -> str:
    """Where it is sent: 钉钉 wants time and signature in the address."""
    if way != Way.DINGTALK or not secret:
        return target
    instant = str(int(at.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{instant}\n{secret}".encode(), hashlib.sha256).digest()
    join = "&" if "?" in target else "?"
    return f"{target}{join}timestamp={instant}&sign={quote_plus(base64.b64encode(digest))}"


def robot_refusal(way: Way, answer: Any) -> str:
    """Why the robot did not take it, in its own words; blank where it did."""
    if not isinstance(answer, dict):
        return "the answer is no JSON object"
    code = answer.get(ACCEPTED[way], answer.get("StatusCode"))
    if code == 0:
        return ""
    return f"{code}: {str(answer.get('errmsg') or answer.get('msg') or '')[:200]}"
