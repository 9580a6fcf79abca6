"""农产品批发价格200指数 (the ministry's three daily price indices).

- `POST https://pfsc.agri.cn/price_portal/pi-info-day/getPortalPiInfoDay` with `{}` answers `{"code": 200, "content":
  [{"publishDate", "agriculture", "grainAndOil", "vegetableBasket"}, …]}`, newest first, about a month.
- The numbers are **index points, not prices**: they come without a currency and with the unit 指数点, as three
  products of their own in the market 全国, and are never compared with a price.
- The markets behind them changed on 2026-05-25 (48 out, 53 in): a level break. Values before and after that day
  are not comparable; nothing is spliced here.
- `publishDate` is the value date; no issue time is stated.
- A line is one value: record n gives lines 3n-2 (农产品), 3n-1 (粮油) and 3n (菜篮子).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from pipelines.feeds.answer import Account, LineRefused, day_of, listing, load, price_of, record_of
from pipelines.feeds.base import Batch, Feed, LiveRequest, LiveSource, RawFile, ReadOptions

URL: Final = "https://pfsc.agri.cn/price_portal/pi-info-day/getPortalPiInfoDay"
POINT: Final = "指数点"
LEVEL_BREAK: Final = dt.date(2026, 5, 25)
"""First day of the new basket of markets."""
INDICES: Final = {"agriculture": "农产品批发价格200指数", "grainAndOil": "粮油指数", "vegetableBasket": "菜篮子指数"}


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Read lists of daily index values."""
    for file in files:
        account = Account(file, market="全国", price_unit=POINT)
        for record in listing(load(file), file, "content", ""):
            for key, name in INDICES.items():
                _read_value(account, record, key, name)
            if account.full:
                yield account.batch()
        yield account.batch()


def _read_value(account: Account, value: object, key: str, name: str) -> None:
    try:
        record = record_of(value)
        day = day_of(record.get("publishDate"), "publishDate")
        points = price_of(record.get(key), key)
    except LineRefused as refusal:
        account.refuse(refusal, value)
    else:
        account.accept(product=name, date=day, price=points)


def _requests(day: dt.date) -> Iterator[LiveRequest]:
    headers = {"Origin": "https://pfsc.agri.cn", "Referer": "https://pfsc.agri.cn/"}
    yield LiveRequest(f"index200-{day.isoformat()}.json", "POST", URL, json={}, headers=headers)


FEED = Feed(
    id="index200",
    title_zh="农产品批发价格200指数",
    title_en="Chinese ministry of agriculture: wholesale price indices",
    country="CN",
    timezone="Asia/Shanghai",
    reads="JSON of getPortalPiInfoDay: three daily indices in index points (level break on 2026-05-25).",
    suffixes=(".json",),
    read=read,
    live=LiveSource(requests=_requests, terms="Terms of use are not published; one request a day."),
)
