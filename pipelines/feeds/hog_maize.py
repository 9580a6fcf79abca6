"""生猪、仔猪、玉米、豆粕 (hogs and what feeds them): three services, each with its own shape of JSON.

No answer says which product it holds, so **the file name does**, in the form in which the live fetch writes it; a
file whose name says nothing is refused with that advice.

| name | shape | product, unit |
| --- | --- | --- |
| `soozhu-yeartrend.json` | `{"nationlist": [[date, price]]}` | 瘦肉猪 元/公斤 (this year) |
| `soozhu-pricetrend-lean.json`, `-4`, `-6`, `-8`, `-9`, `-11` | `{"datalist": [[date, price]]}` | 瘦肉猪 元/公斤, 三元仔猪 元/头, 二元母猪 元/头, 玉米, 豆粕, 配合料 元/公斤 (half a month) |
| `soozhu-mapdata-2026-11-20.json` | `{"vlist": [{"name", "value": [price, change]}]}` | 瘦肉猪 元/公斤 by province; the day stands only in the name, so it is not fetched live |
| `nxin-0.json` | `{"data": [[epoch ms, index, three means, asked, paid, weight]]}` | 生猪 元/公斤, country; the price paid, 0 is none |
| `xt-hits-1.json` … `-5` | `{"data": [[value, date]]}`, **value first** | 外三元, 内三元, 土杂猪 元/公斤; 玉米, 豆粕 **元/吨** |
| `xt-map-1.json` … `-3` | `{"data": [[date, value]]}`, for 3 `[date, item, value]` | 二元母猪, 仔猪, 猪肉批发价 元/公斤 |

- Units stand in no answer; those above follow published samples. So each product has a range of plausible prices in
  its unit, and a price outside is rejected (`implausible_unit`) rather than converted by a guess: 2,450 is maize a
  tonne and never a kilogram. 元/头 is kept as 头, which the ingest refuses as no weight.
- 行情宝 gives weeks, labelled by their Monday at 00:00 +08:00 in milliseconds UTC. A week is known when it is over:
  its issue time is taken as eight days after the label and flagged ISSUE_ASSUMED.
- Live pigs are farm-gate prices; sows, piglets, meal, maize and pork are wholesale. Provinces register as markets.
- soozhu wants a form token of its page, so the page is fetched first (`soozhu-page.html`) and counted as `metadata`.
- A line is an element of the list.
"""  # noqa: E501

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.feeds.answer import (
    CHINA,
    Account,
    LineRefused,
    day_of,
    listing,
    load,
    price_of,
    record_of,
    text_of,
)
from pipelines.feeds.base import Batch, Feed, LiveRequest, LiveSource, RawFile, ReadOptions
from warning.catalog import PriceKind
from warning.errors import UnreadableFile
from warning.quality import Quality

SOOZHU: Final = "https://www.soozhu.com/price/data/center/"
NXIN: Final = "https://hqb.nxin.com/pigindex/getPigIndexChart.shtml"
XT: Final = "https://xt.yangzhu.vip/data/"
TOKEN: Final = "{csrfmiddlewaretoken}"
"""Filled in by the live fetch from the page's hidden field of that name."""
_WEEK_KNOWN: Final = dt.timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a list holds: product, unit, plausible prices in it, and where value and date stand in an element."""

    product: str
    unit: str
    low: float
    high: float
    value_at: int = 1
    date_at: int = 0
    width: int = 2
    item_at: int | None = None
    kind: PriceKind = PriceKind.WHOLESALE
    weekly: bool = False
    path: str = "data"


_PIG: Final = PriceKind.FARM_GATE
_LEAN: Final = Quote("瘦肉猪", "公斤", 4, 60, kind=_PIG, path="datalist")
QUOTES: Final = {
    "soozhu-yeartrend": Quote("瘦肉猪", "公斤", 4, 60, kind=_PIG, path="nationlist"),
    "soozhu-mapdata": _LEAN,
    "soozhu-pricetrend-lean": _LEAN,
    "soozhu-pricetrend-4": Quote("三元仔猪", "头", 80, 4000, path="datalist"),
    "soozhu-pricetrend-6": Quote("二元母猪", "头", 500, 10000, path="datalist"),
    "soozhu-pricetrend-8": Quote("玉米", "公斤", 0.8, 8, path="datalist"),
    "soozhu-pricetrend-9": Quote("豆粕", "公斤", 1.2, 12, path="datalist"),
    "soozhu-pricetrend-11": Quote("配合料", "公斤", 1, 10, path="datalist"),
    "nxin-0": Quote("生猪", "公斤", 4, 60, value_at=6, width=8, kind=_PIG, weekly=True),
    "xt-hits-1": Quote("外三元", "公斤", 4, 60, 0, 1, kind=_PIG),
    "xt-hits-2": Quote("内三元", "公斤", 4, 60, 0, 1, kind=_PIG),
    "xt-hits-3": Quote("土杂猪", "公斤", 4, 60, 0, 1, kind=_PIG),
    "xt-hits-4": Quote("玉米", "吨", 800, 8000, 0, 1),
    "xt-hits-5": Quote("豆粕", "吨", 1200, 12000, 0, 1),
    "xt-map-1": Quote("二元母猪", "公斤", 10, 200),
    "xt-map-2": Quote("仔猪", "公斤", 5, 250),
    "xt-map-3": Quote("猪肉批发价", "公斤", 6, 90, value_at=2, width=3, item_at=1),
}
_NAME: Final = re.compile(r"(.+?)(?:-(\d{4}-\d{2}-\d{2}))?\.json")


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Read answers of the three services, told apart by the file name and checked against the shape."""
    for file in files:
        if file.path.name == "soozhu-page.html":
            account = Account(file)
            account.skip("metadata")
            yield account.batch()
            continue
        stem, day = _said_by_name(file)
        quote = QUOTES[stem]
        account = Account(file, currency="CNY", price_unit=quote.unit, kind=quote.kind.value, product=quote.product)
        answer = load(file)
        for value in listing(answer, file, "vlist" if stem == "soozhu-mapdata" else quote.path):
            try:
                row = _province(value, quote, day) if stem == "soozhu-mapdata" else _element(value, quote)
            except LineRefused as refusal:
                account.refuse(refusal, value)
            else:
                account.accept(**row)
        yield account.batch()


def _said_by_name(file: RawFile) -> tuple[str, dt.date]:
    """Which list the file holds and the day in its name (day 1 where none is needed)."""
    match = _NAME.fullmatch(file.path.name)
    stem = match[1] if match else file.path.name
    if match is None or stem not in QUOTES:
        known = ", ".join(f"{name}.json" for name in QUOTES)
        what = "the answer does not say which product it holds, and the file name does not either"
        raise UnreadableFile(what, where=file.name, todo=f"name the file as one of {known}")
    try:
        day = dt.date.fromisoformat(match[2]) if match[2] else dt.date.min
    except ValueError:
        day = dt.date.min
    if stem == "soozhu-mapdata" and day == dt.date.min:
        todo = "name the file soozhu-mapdata-<year>-<month>-<day>.json after the day on which it was fetched"
        raise UnreadableFile("the answer holds no date, and the file name does not either", where=file.name, todo=todo)
    return stem, day


def _element(value: object, quote: Quote) -> dict[str, object]:
    if not isinstance(value, list) or len(value) != quote.width:
        raise LineRefused("bad_record", f"a list of {quote.width} is expected")
    day = day_of(value[quote.date_at], "date")
    price = value[quote.value_at]
    if quote.weekly and price in (0, "0", "0.0", "0.00"):
        raise LineRefused("no_price", "0 stands for a week without a price")
    # 外三元, 内三元 and 土杂猪 are varieties of one product: without their names they would stand for each other
    row: dict[str, object] = {
        "date": day,
        "market": "全国",
        "variety": quote.product,
        "price": _plausible(price, quote),
    }
    if quote.item_at is not None:
        row["variety"] = text_of({"item": value[quote.item_at]}, "item")
    if quote.weekly:
        row["issued_at"] = dt.datetime.combine(day, dt.time(), CHINA) + _WEEK_KNOWN
        row["flags"] = int(Quality.ISSUE_ASSUMED)
    return row


def _province(value: object, quote: Quote, day: dt.date) -> dict[str, object]:
    record = record_of(value)
    name = text_of(record, "name", required="no_market")
    pair = record.get("value")
    if not isinstance(pair, list) or not pair:
        raise LineRefused("no_price", "value must be [price, change]")
    return {"date": day, "market": name, "region": name, "price": _plausible(pair[0], quote)}


def _plausible(value: object, quote: Quote) -> float:
    price = price_of(value, "price")
    if not quote.low <= price <= quote.high:
        detail = f"{price:g} cannot be {quote.product} in 元/{quote.unit} ({quote.low:g} to {quote.high:g})"
        raise LineRefused("implausible_unit", detail)
    return price


def _requests(day: dt.date) -> Iterator[LiveRequest]:
    yield LiveRequest("soozhu-page.html", "GET", SOOZHU)
    referer = {"Referer": SOOZHU}
    form = {"act": "yeartrend", "csrfmiddlewaretoken": TOKEN}
    yield LiveRequest("soozhu-yeartrend.json", "POST", SOOZHU, form=form, headers=referer)
    for name, indid in (("lean", ""), ("4", "4"), ("6", "6"), ("8", "8"), ("9", "9"), ("11", "11")):
        form = {"act": "pricetrend", "indid": indid, "csrfmiddlewaretoken": TOKEN}
        yield LiveRequest(f"soozhu-pricetrend-{name}.json", "POST", SOOZHU, form=form, headers=referer)
    yield LiveRequest("nxin-0.json", "GET", NXIN, params={"regionId": "0"})
    for ptype in ("1", "2", "3", "4", "5"):
        params = {"ptype": ptype, "areano": "-1", "datetype": "0"}
        yield LiveRequest(f"xt-hits-{ptype}.json", "POST", f"{XT}getzhujiahitsdata", params=params)
    for ptype in ("1", "2", "3"):
        yield LiveRequest(f"xt-map-{ptype}.json", "POST", f"{XT}getmapdata", params={"ptype": ptype, "areano": "-1"})


FEED = Feed(
    id="hog_maize",
    title_zh="生猪、仔猪、玉米、豆粕价格(搜猪、行情宝、玄田)",
    title_en="Chinese hog, piglet, maize and soybean meal prices (soozhu, nxin, xt.yangzhu)",
    country="CN",
    timezone="Asia/Shanghai",
    reads="JSON of soozhu, nxin and xt.yangzhu, the product named by the file name (soozhu-pricetrend-8.json).",
    suffixes=(".json", ".html"),
    read=read,
    currency="CNY",
    kind=PriceKind.FARM_GATE,
    registers_markets=True,
    live=LiveSource(requests=_requests, terms="Terms of use are not published; seventeen requests a day."),
)
