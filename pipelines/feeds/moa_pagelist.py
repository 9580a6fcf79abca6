"""农业农村部 pageList (Ministry of Agriculture, prices by market and product): old dumps and official exports.

- Until 2026 `POST https://pfsc.agri.cn/api/priceQuotationController/pageList` answered
  `{"code": 200, "content": {"total", "pages", "list": […]}}`. Since then it asks for a captcha and the chart beside it
  is encrypted: the feed is **not live**, and nothing here gets round that. Read are dumps made while it was open and
  exports obtained by agreement: a page (.json), a bare list of records, or .jsonl with a page or a record on each line.
- `reportTime` is the day for which the market reported: the value date. `inStorageTime` is when the ministry stored
  the report: the issue time. Without a time of day it counts as that day's end; missing, or before the value date
  (which cannot be), it is not used and the ingest assumes one.
- `meteringUnit` is kept verbatim but for a leading 元/ (元/公斤 is 公斤). Prices are numbers, or text in some dumps.
- `tradingVolume` and `totalPrice` were null for the public. Where an export states a volume, its unit stands nowhere:
  the record is rejected (`volume_without_unit`) unless the person says which (`volume_unit=公斤`).
- The same product stands once for each place of production: that is the variety.
- The source is the register of its markets: market is `marketName`, region `provinceName`.
- A line is a record; a line of .jsonl that is not JSON is one rejected line, a blank one is `blank`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Final

from pipelines.feeds.answer import (
    Account,
    LineRefused,
    day_of,
    decode,
    issued_of,
    listing,
    load,
    number_of,
    price_of,
    record_of,
    text_of,
)
from pipelines.feeds.base import Batch, Feed, RawFile, ReadOptions
from warning.errors import UnreadableFile

_PAGE_KEYS: Final = ("content", "code", "list", "data")
_LISTS: Final = ("content.list", "content", "list", "")


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Read pages, lists and line-by-line dumps; several batches for a long dump."""
    volume_unit = options.constants.get("volume_unit", "")
    for file in files:
        account = Account(file, currency="CNY")
        records = _lines(file, account) if file.path.suffix.lower() in (".jsonl", ".ndjson") else _page(file)
        for record in records:
            _read_record(account, record, volume_unit)
            if account.full:
                yield account.batch()
        yield account.batch()


def _page(file: RawFile) -> Iterator[object]:
    yield from listing(load(file), file, *_LISTS)


def _lines(file: RawFile, account: Account) -> Iterator[object]:
    """The records of a line-by-line dump; lines that are none are counted at once."""
    text = decode(file)
    if text.lstrip().startswith("<"):
        load(file)
    for line in text.removesuffix("\n").split("\n"):
        if not line.strip():
            account.skip("blank")
            continue
        try:
            value: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            account.refuse(LineRefused("bad_json", str(error)), line)
            continue
        if isinstance(value, dict) and not any(key in value for key in _PAGE_KEYS):
            yield value
            continue
        try:
            records = listing(value, file, *_LISTS)
        except UnreadableFile as error:
            account.refuse(LineRefused("bad_page", error.what), line)
        else:
            yield from records


def _read_record(account: Account, value: object, volume_unit: str) -> None:
    try:
        record = record_of(value)
        day = day_of(record.get("reportTime"), "reportTime")
        volume = number_of(record.get("tradingVolume"), "tradingVolume")
        if not math.isnan(volume) and not volume_unit:
            raise LineRefused("volume_without_unit", "give it as volume_unit=公斤 or another unit")
        row = {
            "product": text_of(record, "varietyName", required="no_product"),
            "variety": text_of(record, "producePlace"),
            "market": text_of(record, "marketName", required="no_market"),
            "region": text_of(record, "provinceName"),
            "date": day,
            "issued_at": issued_of(record.get("inStorageTime"), day),
            "price": price_of(record.get("middlePrice"), "middlePrice"),
            "price_low": number_of(record.get("minimumPrice"), "minimumPrice"),
            "price_high": number_of(record.get("highestPrice"), "highestPrice"),
            "price_unit": text_of(record, "meteringUnit", required="no_unit").removeprefix("元/"),
            "volume": volume,
            "volume_unit": "" if math.isnan(volume) else volume_unit,
        }
    except LineRefused as refusal:
        account.refuse(refusal, value)
    else:
        account.accept(**row)


FEED = Feed(
    id="moa_pagelist",
    title_zh="农业农村部批发市场分市场分品种价格(存档)",
    title_en="Chinese ministry of agriculture: wholesale prices by market and product (dumps)",
    country="CN",
    timezone="Asia/Shanghai",
    reads="Dumps of pageList answers (.json page or list, .jsonl): prices by market and product. Closed since 2026.",
    suffixes=(".json", ".jsonl", ".ndjson"),
    read=read,
    currency="CNY",
    registers_markets=True,
)
