"""东方财富 (Eastmoney): long histories of the wholesale price indices, and the farm part of its goods index.

- `GET https://datacenter-web.eastmoney.com/api/data/v1/get` answers `{"success": true, "result": {"pages",
  "data": […]}}`. With `reportName=RPT_INDUSTRY_INDEX` a record is `REPORT_DATE, INDICATOR_VALUE, CHANGE_RATE, …`
  and **does not say which index it is**: the live fetch writes the indicator into the file name
  (`eastmoney-EMI00009274.json`), and a file without it is refused with that advice.
- With `reportName=RPT_ECONOMY_GOODS_INDEX` a record is `FARM_BASE, FARM_BASE_SAME, FARM_BASE_SEQUENTIAL, TIME` by
  month; its value date is the month's last day, before which the month's value cannot be known.
- The numbers are index points (unit 指数点, no currency), in the market 全国. They are republished from the ministry
  for the first two, under the source's own names; the level break of 2026-05-25 holds for them too.
- A line is a record. No issue time is stated.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Final

from pipelines.feeds.answer import Account, LineRefused, day_of, listing, load, price_of, record_of
from pipelines.feeds.base import Batch, Feed, LiveRequest, LiveSource, RawFile, ReadOptions
from pipelines.feeds.index200 import POINT
from warning.errors import UnreadableFile

URL: Final = "https://datacenter-web.eastmoney.com/api/data/v1/get"
INDICATORS: Final = {"EMI00009274": "农产品批发价格总指数", "EMI00009275": "菜篮子产品批发价格指数"}
FARM_GOODS: Final = "大宗商品农产品指数"
_COLUMNS: Final = (
    "REPORT_DATE,INDICATOR_VALUE,CHANGE_RATE,CHANGERATE_3M,CHANGERATE_6M,CHANGERATE_1Y,CHANGERATE_2Y,CHANGERATE_3Y"
)
_MONTH: Final = re.compile(r"(\d{4})(?:年|-)(\d{1,2})月?份?")


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Read index histories, the index named by the file name."""
    for file in files:
        account = Account(file, market="全国", price_unit=POINT)
        for record in _records(file):
            _read_record(account, file, record)
            if account.full:
                yield account.batch()
        yield account.batch()


def _records(file: RawFile) -> list[object]:
    answer = load(file)
    if isinstance(answer, dict) and answer.get("success") is False:
        said = f"the source refused: {str(answer.get('message'))[:200]}"
        raise UnreadableFile(said, where=file.name, todo="check the report's name and columns, fetch again")
    records = listing(answer, file, "result.data", "data", ok=(0, 200, "0", "200"))
    if any(isinstance(record, dict) and "INDICATOR_VALUE" in record for record in records):
        _indicator(file)
    return records


def _indicator(file: RawFile) -> str:
    for indicator, name in INDICATORS.items():
        if indicator in file.path.name:
            return name
    raise UnreadableFile(
        "the answer does not say which index it holds",
        where=file.name,
        todo=f"name the file eastmoney-<indicator>.json with one of {', '.join(INDICATORS)}",
    )


def _read_record(account: Account, file: RawFile, value: object) -> None:
    try:
        record = record_of(value)
        if "FARM_BASE" in record:
            product, day = FARM_GOODS, _month_end(record.get("TIME"))
            points = price_of(record.get("FARM_BASE"), "FARM_BASE")
        elif "INDICATOR_VALUE" in record:
            product, day = _indicator(file), day_of(record.get("REPORT_DATE"), "REPORT_DATE")
            points = price_of(record.get("INDICATOR_VALUE"), "INDICATOR_VALUE")
        else:
            raise LineRefused("bad_record", "neither INDICATOR_VALUE nor FARM_BASE stands in it")
    except LineRefused as refusal:
        account.refuse(refusal, value)
    else:
        account.accept(product=product, date=day, price=points)


def _month_end(value: object) -> dt.date:
    match = _MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
    year, month = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (1 <= month <= 12 and year):
        raise LineRefused("bad_date", f"TIME is {str(value)[:50]!r}; 2026年08月 is expected")
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _requests(day: dt.date) -> Iterator[LiveRequest]:
    for indicator in INDICATORS:
        params = {
            "sortColumns": "REPORT_DATE", "sortTypes": "-1", "pageSize": "500", "pageNumber": "1",
            "reportName": "RPT_INDUSTRY_INDEX", "columns": _COLUMNS, "filter": f'(INDICATOR_ID="{indicator}")',
            "source": "WEB", "client": "WEB",
        }  # fmt: skip
        yield LiveRequest(f"eastmoney-{indicator}.json", "GET", URL, params=params)


FEED = Feed(
    id="eastmoney_index",
    title_zh="东方财富:农产品批发价格指数",
    title_en="Eastmoney: histories of Chinese wholesale price indices",
    country="CN",
    timezone="Asia/Shanghai",
    reads="JSON of RPT_INDUSTRY_INDEX (indicator in the file name) or RPT_ECONOMY_GOODS_INDEX, in index points.",
    suffixes=(".json",),
    read=read,
    usual_lag=dt.timedelta(days=2),
    live=LiveSource(requests=_requests, terms="Terms of use are not published for programs; two requests a day."),
)
