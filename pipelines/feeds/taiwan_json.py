"""Taiwan open data on farm trade: the JSON answer {"RS": "OK", "Data": […], "Next": …}, bare lists, merged CSV (.gz).

- Dates are ROC with points: 115.05.17 is 2026-05-17.
- A closed market is a record with CropCode `-`, CropName 休市 and zeros: non-data `closed_day`, and a closure.
- An answer with RS OK and no record is a day without trade: nothing is read, and the batch's note says so. That is
  not the same as an answer that failed: another RS, or no Data, is refused.
- One answer holds at most 9,999 records (1,000 in stored ones); `Next: true` says that there is more. What is there
  is read, and the batch's note `cut_answer` says that the day is incomplete.
- CropName 花椰菜-青梗 is product and variety; the variety kept is `FB1 青梗`, the code before it, as in the exports.
- TcType N04 is vegetables, N05 fruit, empty fish: all TWD/kg and kg. N06 is flowers, sold by the bunch (把), which
  the ingest refuses. Another type is rejected (`unknown_trade_type`), since its unit is not known.
- Price 0 with a volume occurs: sold, price not noted; see `taiwan.quoted`.
- A line is a record, numbered from 1; in a CSV it is the line, the heading being the first.
- The address of the open data is not confirmed, so the feed is not live.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pipelines.feeds.answer import Account, LineRefused, load, record_of, text_of
from pipelines.feeds.base import Batch, Feed, RawFile, ReadOptions
from pipelines.feeds.csv_rows import read_csv_rows
from pipelines.feeds.sheets import is_blank, line_text
from pipelines.feeds.taiwan import CLOSED, market_name, quoted, roc_day, units
from warning.catalog import PriceKind
from warning.errors import UnreadableFile

FIELDS: Final = (
    "TransDate", "TcType", "CropCode", "CropName", "MarketCode", "MarketName",
    "Upper_Price", "Middle_Price", "Lower_Price", "Avg_Price", "Trans_Quantity",
)  # fmt: skip
MOST_RECORDS: Final = 9_999
MOST_UNPACKED: Final = 256 * 1024 * 1024
UNITS: Final = {"N04": "公斤", "N05": "公斤", "": "公斤", "N06": "把"}


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """One batch per answer or merged table."""
    for packed in files:
        file = _unpacked(packed)
        if file.content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[", b"<", b""):
            yield _read_answer(file)
        else:
            yield _read_table(file)


def _read_answer(file: RawFile) -> Batch:
    answer = load(file)
    records = _records(answer, file)
    reader = _Reader(file)
    for record in records:
        reader.take(record)
    batch = reader.batch()
    if not records:
        batch.notes.append("empty_answer: the source says that there was no trade")
    more = isinstance(answer, dict) and str(answer.get("Next", "")).lower() == "true"
    if more or len(records) == MOST_RECORDS:
        why = "the source says that there is more" if more else "that is the most one answer holds"
        batch.notes.append(f"cut_answer: {len(records)} records, and {why}; ask again by market or by product")
    return batch


def _read_table(file: RawFile) -> Batch:
    rows = read_csv_rows(file, ("utf-8-sig", "cp950"))
    heading = [str(cell).strip() for cell in rows[0]]
    missing = [name for name in FIELDS if name not in heading]
    if missing:
        what = f"neither a JSON answer nor a table with the columns {', '.join(missing)}"
        raise UnreadableFile(what, where=f"{file.name}, line 1", todo="upload the open-data answer as it was fetched")
    reader = _Reader(file)
    reader.account.skip("heading")
    for row in rows[1:]:
        if is_blank(row):
            reader.account.skip("blank")
        elif [str(cell).strip() for cell in row] == heading:
            reader.account.skip("repeat_heading")
        elif len(row) != len(heading):
            wrong = LineRefused("wrong_fields", f"{len(row)} fields where {len(heading)} belong")
            reader.account.refuse(wrong, line_text(row))
        else:
            reader.take(dict(zip(heading, row, strict=True)))
    return reader.batch()


class _Reader:
    """Takes records one after another and accounts for each."""

    def __init__(self, file: RawFile) -> None:
        self.account = Account(file, kind=PriceKind.AUCTION.value)
        self._closures: list[tuple[str, str, dt.date]] = []

    def take(self, value: object) -> None:
        try:
            record = record_of(value)
            day, market = roc_day(record.get("TransDate")), market_name(text_of(record, "MarketName"))
            code, name = text_of(record, "CropCode"), text_of(record, "CropName", required="no_product")
            if name == CLOSED or code == "-":
                self.account.skip("closed_day")
                self._closures.append((market, "", day))
            else:
                self.account.accept(date=day, market=market, **_names(code, name), **_numbers(record))
        except LineRefused as refusal:
            self.account.refuse(refusal, value)

    def batch(self) -> Batch:
        batch = self.account.batch()
        batch.closures = self._closures
        return batch


def _names(code: str, name: str) -> dict[str, object]:
    product, _, variety = name.partition("-")
    if not product.strip():
        raise LineRefused("no_product", f"CropName is {name!r}")
    return {"product": product.strip(), "variety": f"{code} {variety.strip()}".strip()}


def _numbers(record: Mapping[str, Any]) -> dict[str, object]:
    kind = text_of(record, "TcType")
    if kind not in UNITS:
        raise LineRefused("unknown_trade_type", f"TcType {kind!r} is none of N04, N05, N06: its unit is not known")
    numbers = quoted(
        low=record.get("Lower_Price"),
        high=record.get("Upper_Price"),
        average=record.get("Avg_Price"),
        volume=record.get("Trans_Quantity"),
    )
    return {**numbers, **units(numbers, UNITS[kind], UNITS[kind])}


def _records(answer: object, file: RawFile) -> list[object]:
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, dict):
        raise _refused(file, f"the JSON is a {type(answer).__name__}, not an answer of the source")
    if answer.get("RS") != "OK":
        said = json.dumps({key: answer[key] for key in list(answer)[:4] if key != "Data"}, ensure_ascii=False)
        raise _refused(file, f"the source did not answer RS OK: {said[:200]}")
    records = answer.get("Data")
    if not isinstance(records, list):
        raise _refused(file, "the answer has no list Data")
    return records


def _unpacked(file: RawFile) -> RawFile:
    """The file itself, or what a .gz holds under its name; UnreadableFile where it is damaged or a bomb."""
    if not file.content.startswith(b"\x1f\x8b"):
        return file
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(file.content)) as packed:
            content = packed.read(MOST_UNPACKED + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise _refused(file, f"the .gz is damaged or cut off ({error})") from error
    if len(content) > MOST_UNPACKED:
        raise _refused(file, f"the .gz unpacks to more than {MOST_UNPACKED // 1024**2} MB")
    return RawFile(file.name, content)


def _refused(file: RawFile, what: str) -> UnreadableFile:
    return UnreadableFile(what, where=file.name, todo="fetch it again")


FEED = Feed(
    id="taiwan-open-data",
    title_zh="台湾农产品交易行情开放数据(JSON)",
    title_en="Taiwan open data: daily farm trade of all products and markets",
    country="TW",
    timezone="Asia/Taipei",
    reads="open-data answers (.json) and merged tables of the same columns (.csv, .csv.gz): TWD/kg and traded kg.",
    suffixes=(".json", ".json.gz", ".csv", ".csv.gz"),
    read=read,
    currency="TWD",
    kind=PriceKind.AUCTION,
    registers_markets=True,
)
