"""A notice of a red alert, for tests of messages."""

from __future__ import annotations

import datetime as dt

from warning.messages.notice import Notice

AT = dt.datetime(2026, 3, 2, 23, 30, 5, 123456, tzinfo=dt.UTC)
FIRST = Notice(
    alert_id="cabbage.500155.20260301", sequence=1, kind="raised", at=AT, level=4, product=("莲花白", "cabbage"),
    place=("梁平区", "Liangping District"), geocode="500155", onset=dt.date(2026, 3, 1), simulated=False,
    reason=("升为红", "up to red"), why=(("价格为往年 42%", "price is 42 % of the season's"),),
    channels=(("机关食堂（三(一)，区农业农村委牵头）", "canteens (3(1), agriculture leads)"),),
    tier="T3", type="glut", surplus_t=858.6, surplus_estimated=True,
)  # fmt: skip
