"""An alert's event as a CAP 1.2 message: Alert when it begins, Update while it changes, Cancel when it is over.

Source: OASIS Common Alerting Protocol 1.2 (ITU-T X.1303). What is simulated has the status Exercise. The scope is
Restricted: messages are for those who subscribe on the intranet, and name no one.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from warning.levels import Level
from warning.messages.notice import Notice, Sent, identifier, plain

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE: Final = "application/cap+xml"
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
VALID: Final = dt.timedelta(hours=48)
"""A message holds until the next daily run, and a day longer should that be late."""
SEVERITY: Final = {4: "Extreme", 3: "Severe", 2: "Moderate", 1: "Minor", 0: "Minor"}
URGENCY: Final = {4: "Immediate", 3: "Expected", 2: "Expected", 1: "Future", 0: "Past"}
LIKELY: Final = 0.5
OVER: Final = ("ended",)
EVENT: Final = ("农产品滞销", "slow sales of farm produce")
RESTRICTION: Final = "subscribers of the district's early warning of slow sales"
SENDER_NAME: Final = ("畅销 · 农产品滞销预警", "Changxiao, early warning of slow sales")
TOWNSHIP_CODES: Final = "GB/T 10114"


def cap_message(notice: Notice, sender: str) -> bytes:
    """The message as UTF-8 XML; `sender` is who sends, without spaces and commas."""
    alert = ElementTree.Element("alert", xmlns=NAMESPACE)
    _add(alert, "identifier", identifier(notice.alert_id, notice.sequence))
    _add(alert, "sender", sender)
    _add(alert, "sent", _instant(notice.at))
    _add(alert, "status", "Exercise" if notice.simulated else "Actual")
    _add(alert, "msgType", message_type(notice))
    _add(alert, "scope", "Restricted")
    _add(alert, "restriction", RESTRICTION)
    if notice.before:
        _add(alert, "references", " ".join(_reference(notice.alert_id, one, sender) for one in notice.before))
    for place, language in enumerate(("zh-CN", "en-US")):
        _info(alert, notice, place, language)
    content: bytes = ElementTree.tostring(alert, encoding="utf-8", xml_declaration=True)
    return content


def message_type(notice: Notice) -> str:
    """Alert, Update or Cancel: a first message is an Alert, one that ends or takes back is a Cancel."""
    if notice.kind in OVER or notice.false_alarm:
        return "Cancel"
    return "Update" if notice.before else "Alert"


def headline(notice: Notice, place: int) -> str:
    """Level, product, place and what happened, in one line; `place` 0 is Chinese, 1 English."""
    level = Level(notice.level)
    happened = HAPPENED.get(notice.kind, (notice.kind, notice.kind))[place]
    if place == 0:
        return plain(f"{level.name_zh}色预警：{notice.place[0]}{notice.product[0]}{happened}")
    return plain(f"{level.key} warning: {notice.product[1]}, {notice.place[1]}, {happened}")


HAPPENED: Final = {
    "raised": ("发出", "raised"), "escalated": ("升级", "escalated"), "eased": ("降级", "eased"),
    "ended": ("解除", "ended"), "reopened": ("重新发出", "reopened"), "resolved": ("已处置", "resolved"),
}  # fmt: skip


def _info(alert: ElementTree.Element, notice: Notice, place: int, language: str) -> None:
    info = ElementTree.SubElement(alert, "info")
    _add(info, "language", language)
    _add(info, "category", "Other")
    _add(info, "event", EVENT[place])
    _add(info, "responseType", "AllClear" if message_type(notice) == "Cancel" else "Execute")
    _add(info, "urgency", URGENCY.get(notice.level, "Unknown"))
    _add(info, "severity", SEVERITY.get(notice.level, "Unknown"))
    _add(info, "certainty", _certainty(notice))
    _add(info, "effective", _instant(notice.at))
    _add(info, "onset", _instant(dt.datetime.combine(notice.onset, dt.time(), SHANGHAI)))
    _add(info, "expires", _instant(notice.at + VALID))
    _add(info, "senderName", SENDER_NAME[place])
    _add(info, "headline", headline(notice, place))
    _add(info, "description", "\n".join(filter(None, (notice.reason[place], *(one[place] for one in notice.why)))))
    _add(info, "instruction", "\n".join(one[place] for one in notice.channels))
    told = {
        "level": Level(notice.level).key,
        "tier": notice.tier,
        "type": notice.type,
        "surplus_t": "" if notice.surplus_t is None else f"{notice.surplus_t:.1f}",
        "surplus_estimated": "" if notice.surplus_t is None else str(notice.surplus_estimated).lower(),
        "probability": "" if notice.probability is None else f"{notice.probability:.3f}",
        "alert": notice.alert_id,
    }
    for name, value in told.items():
        if value:
            _named(info, "parameter", name, value)
    area = ElementTree.SubElement(info, "area")
    _add(area, "areaDesc", notice.place[place] or notice.place[0])
    if notice.geocode:
        _named(area, "geocode", TOWNSHIP_CODES, notice.geocode)


def _certainty(notice: Notice) -> str:
    """Observed where the level is; what is only forecast is likely or possible."""
    if notice.probability is None:
        return "Observed"
    return "Likely" if notice.probability > LIKELY else "Possible"


def _reference(alert_id: str, one: Sent, sender: str) -> str:
    return f"{sender},{identifier(alert_id, one.sequence)},{_instant(one.at)}"


def _instant(at: dt.datetime) -> str:
    """CAP wants an offset, and neither Z nor fractions."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    if text:
        ElementTree.SubElement(parent, name).text = plain(text)


def _named(parent: ElementTree.Element, name: str, key: str, value: str) -> None:
    found = ElementTree.SubElement(parent, name)
    _add(found, "valueName", key)
    _add(found, "value", value)
