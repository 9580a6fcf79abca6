"""北京新发地 (Xinfadi, Beijing): the daily price list of China's largest wholesale market, as JSON pages.

- `POST http://www.xinfadi.com.cn/getPriceData.html` answers `{"current", "limit", "count", "list": […]}`; HTTP only.
- Prices are text ("0.55"); most are per 斤, some per 公斤, some per 个, 只, 筐 or 箱. The unit is kept verbatim and
  the ingest refuses what is no weight. There is no volume.
- A product stands there once for each origin and specification: the variety is specification and place together.
- `pubDate` is the value date; no issue time is stated.
- The server's date filter has been reported broken. The live pages carry the day in their names
  (`xinfadi-2025-02-08-p1.json`): records of other days in them are counted as `other_day` and not read.
- A page shorter than its `limit` and `count` promise is one rejected line more, `short_page`: records are missing.
- A line is a record.
"""

from __future__ import annotations

import datetime as dt
import re
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

URL: Final = "http://www.xinfadi.com.cn/getPriceData.html"
LIMIT: Final = 200
PAGES: Final = 4
"""450 to 550 records a day: 800 leave room, and a wrong filter shows the newest day first."""
_PAGE_NAME: Final = re.compile(r"xinfadi-(\d{4}-\d{2}-\d{2})-p\d+\.json")


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Read pages of the price list, one batch a page or more."""
    for file in files:
        answer = load(file)
        records = listing(answer, file, "list", "")
        asked = _asked_day(file)
        account = Account(file, market="新发地", region="北京", currency="CNY")
        for record in records:
            _read_record(account, record, asked)
            if account.full:
                yield account.batch()
        missing = _missing(answer, len(records))
        if missing > 0:
            detail = f"the page says that it holds {missing} more records than it does"
            account.refuse(LineRefused("short_page", detail), file.name)
        yield account.batch()


def _read_record(account: Account, value: object, asked: dt.date | None) -> None:
    try:
        record = record_of(value)
        day = day_of(record.get("pubDate"), "pubDate")
        if asked is not None and day != asked:
            account.skip("other_day")
            return
        row = {
            "product": text_of(record, "prodName", required="no_product"),
            "variety": joined(text_of(record, "specInfo"), text_of(record, "place")),
            "date": day,
            "price": price_of(record.get("avgPrice"), "avgPrice"),
            "price_low": number_of(record.get("lowPrice"), "lowPrice"),
            "price_high": number_of(record.get("highPrice"), "highPrice"),
            "price_unit": text_of(record, "unitInfo", required="no_unit"),
        }
    except LineRefused as refusal:
        account.refuse(refusal, value)
    else:
        account.accept(**row)


def _asked_day(file: RawFile) -> dt.date | None:
    """The day that a live page was asked for, by its name; None for any other file."""
    match = _PAGE_NAME.fullmatch(file.path.name)
    try:
        return dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _missing(answer: object, found: int) -> int:
    """Records that `count` and `limit` promise on this page beyond those found; 0 where they are not stated."""
    if not isinstance(answer, dict):
        return 0
    numbers = [answer.get(key) for key in ("count", "limit", "current")]
    if not all(isinstance(number, int) for number in numbers):
        return 0
    count, limit, current = (number for number in numbers if isinstance(number, int))
    return max(0, min(limit, count - (current - 1) * limit)) - found


def _requests(day: dt.date) -> Iterator[LiveRequest]:
    written = f"{day:%Y/%m/%d}"
    for page in range(1, PAGES + 1):
        form = {"limit": str(LIMIT), "current": str(page), "pubDateStartTime": written, "pubDateEndTime": written}
        form |= {"prodPcatid": "", "prodCatid": "", "prodName": ""}
        yield LiveRequest(f"xinfadi-{day.isoformat()}-p{page}.json", "POST", URL, form=form)


FEED = Feed(
    id="xinfadi",
    title_zh="北京新发地批发市场每日价格",
    title_en="Xinfadi wholesale market, Beijing: daily prices",
    country="CN",
    timezone="Asia/Shanghai",
    reads="JSON pages of getPriceData.html: lowest, average and highest price by product, specification and place.",
    suffixes=(".json",),
    read=read,
    currency="CNY",
    live=LiveSource(requests=_requests, terms="Terms of use are not published; four requests a day."),
)
