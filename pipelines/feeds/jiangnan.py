"""广州江南果菜批发市场 (Jiangnan, Guangzhou): the day's list of vegetables and fruit.

- `GET http://www.jnmarket.net/api/curdailypricelist` (Referer of the same host) answers the whole current list, some
  160 rows, renewed about 19:00; the paged `dailypricelist` has the same rows and is read too. The list stands under
  `rows` or `data`, or is the whole answer.
- There is no unit field. The prices are 元/公斤 (compared with another market by those who collect it) for `kind` 1
  (vegetables) and 2 (fruit); another kind is rejected as `unknown_kind`, since nobody has compared it.
- `provenanceName` (place) and `standard` are the variety, with 进口 where `sourceType` says imported.
- `priceDate` is the value date; no issue time is stated.
- A line is a row of the list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from pipelines.feeds.answer import (
    Account,
    LineRefused,
    day_of,
    joined,
    listing,
    load,
    number_of,
    price_of,
    record_of,
    text_of,
)
from pipelines.feeds.base import Batch, Feed, LiveRequest, LiveSource, RawFile, ReadOptions

URL: Final = "http://www.jnmarket.net/api/curdailypricelist"


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Read the day's lists."""
    for file in files:
        account = Account(file, market="广州江南", region="广东", currency="CNY", price_unit="公斤")
        for record in listing(load(file), file, "rows", "data", "data.rows", "data.list", "", ok=(200, "200", 0)):
            _read_record(account, record)
            if account.full:
                yield account.batch()
        yield account.batch()


def _read_record(account: Account, value: object) -> None:
    try:
        record = record_of(value)
        kind = text_of(record, "kind")
        if kind not in ("1", "2"):
            raise LineRefused("unknown_kind", f"kind is {kind!r}; 1 is vegetables, 2 is fruit")
        imported = "进口" if text_of(record, "sourceType") == "进口" else ""
        row = {
            "product": text_of(record, "productName", required="no_product"),
            "variety": joined(text_of(record, "standard"), text_of(record, "provenanceName"), imported),
            "date": day_of(record.get("priceDate"), "priceDate"),
            "price": price_of(record.get("averagePrice"), "averagePrice"),
            "price_low": number_of(record.get("minimumPrice"), "minimumPrice"),
            "price_high": number_of(record.get("topPrice"), "topPrice"),
        }
    except LineRefused as refusal:
        account.refuse(refusal, value)
    else:
        account.accept(**row)


def _requests(day: dt.date) -> Iterator[LiveRequest]:
    headers = {"Referer": "http://www.jnmarket.net/"}
    yield LiveRequest(f"jiangnan-{day.isoformat()}.json", "GET", URL, headers=headers)


FEED = Feed(
    id="jiangnan",
    title_zh="广州江南果菜批发市场每日价格",
    title_en="Jiangnan wholesale market, Guangzhou: daily prices of vegetables and fruit",
    country="CN",
    timezone="Asia/Shanghai",
    reads="JSON of curdailypricelist (or dailypricelist): lowest, average and highest price in 元/公斤.",
    suffixes=(".json",),
    read=read,
    currency="CNY",
    live=LiveSource(requests=_requests, terms="Terms of use are not published; one request a day."),
)
