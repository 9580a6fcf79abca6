"""农业农村部 FarmDaily (the ministry's daily bulletin): prices out of sentences.

- `POST https://pfsc.agri.cn/api/FarmDaily/list` with `{"pageNum", "pageSize"}` answers `{"code": 200, "content":
  {"list": […], "totalCount"}}`, newest first, one or two days behind; `code` 500 under load. Keys are misspelt
  upstream (`daylyDate`, `countentstr`, `counclesion`) and come in two forms (`vegetablesConclusion`,
  `vegetableConclusion`).
- The text is `countentstr`; where that is empty, the conclusions by family one after the other. Sentences such as
  猪肉平均价格为16.20元/公斤，比昨天上升0.3%；牛肉70.26元/公斤 are searched for **known names, longest first**: a
  general pattern would take 批发市场猪肉 for a product, and a name inside a longer one (五花猪肉) is not it.
  A price in 元/公斤 beside no known name is rejected as `unknown_item`, so that a new product shows itself.
- `-元/公斤` means that nothing was collected: a row without a price, flagged NOT_COLLECTED.
- 活鲫鱼 became 鲫鱼 and 白鲢活鱼 became 白鲢鱼 in 2022: the names stay as the source has them, the catalog joins them.
- Baskets are averages of many products, products of their own by name: 28种蔬菜平均, 6种水果平均. The number in
  the name is the source's; when the basket changes, the name changes with it.
- Prices are national averages: market 全国. `daylyDate` is the value date, `createDate` (read as +08:00) the issue
  time where it is there and not before the value date.
- A line is one priced mention, or a clause without a price (`metadata`: index sentences, rankings), numbered through
  the file. A record without a usable date or text is one rejected line.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pipelines.feeds.answer import Account, LineRefused, day_of, issued_of, listing, load, price_of, record_of
from pipelines.feeds.base import Batch, Feed, LiveRequest, LiveSource, RawFile, ReadOptions
from warning.quality import Quality

URL: Final = "https://pfsc.agri.cn/api/FarmDaily/list"
NAMES: Final = (
    "猪肉", "牛肉", "羊肉", "鸡蛋", "白条鸡", "鲫鱼", "活鲫鱼", "鲤鱼", "活鲤鱼", "草鱼", "活草鱼",
    "白鲢鱼", "白鲢活鱼", "花鲢鱼", "花鲢活鱼", "大带鱼", "大黄花鱼",
)  # fmt: skip
"""Products that bulletins since 2015 have priced by name."""
_UNIT: Final = r"元/(?:公斤|千克)"
_KNOWN: Final = "|".join(sorted(NAMES, key=len, reverse=True))
_MENTION: Final = re.compile(
    rf"(?:(?:^|(?<=市场)|(?<=其中)|(?<=[的，,、：:）)]))(?P<name>{_KNOWN})|(?P<count>\d+)种(?:重点监测)?(?P<basket>蔬菜|水果))"
    rf"(?:批发)?(?:平均)?价?格?(?:为|是|:|：)?(?P<price>-+|—+|\d+(?:\.\d+)?){_UNIT}"
)
_PRICED: Final = re.compile(_UNIT)
_CLAUSE: Final = re.compile(r"[；;。\n]+")
_SPACES: Final = re.compile(r"[^\S\n]+")
_CONCLUSIONS: Final = (
    ("counclesion",), ("animalConclusion",), ("vegetablesConclusion", "vegetableConclusion"),
    ("fruitsConclusion", "fruitConclusion"), ("aquaticConclusion",),
)  # fmt: skip
_LONGEST: Final = 20_000


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Read pages of bulletins."""
    for file in files:
        account = Account(file, market="全国")
        for value in listing(load(file), file, "content.list", "content", "list", ""):
            try:
                record = record_of(value)
                day = day_of(record.get("daylyDate"), "daylyDate")
                text = _text(record)
            except LineRefused as refusal:
                account.refuse(refusal, value)
                continue
            _read_text(account, text, day, issued_of(record.get("createDate"), day))
            if account.full:
                yield account.batch()
        yield account.batch()


def _text(record: Mapping[str, object]) -> str:
    """The bulletin's text without blanks; LineRefused where there is none or it is no text."""
    parts = [record.get("countentstr")]
    if not (isinstance(parts[0], str) and parts[0].strip()):
        parts = [next((record[key] for key in keys if record.get(key)), None) for keys in _CONCLUSIONS]
    if any(part is not None and not isinstance(part, str) for part in parts):
        raise LineRefused("bad_text", "the bulletin is not text")
    text = "\n".join(part for part in parts if isinstance(part, str))
    if not text.strip():
        raise LineRefused("no_text", "neither countentstr nor a conclusion holds text")
    if len(text) > _LONGEST:
        raise LineRefused("bad_text", f"the bulletin has {len(text)} characters")
    return _SPACES.sub("", text)


def _read_text(account: Account, text: str, day: dt.date, issued: dt.datetime | None) -> None:
    for clause in filter(None, _CLAUSE.split(text)):
        mentions = list(_MENTION.finditer(clause))
        for mention in mentions:
            _read_mention(account, mention, day, issued)
        unread = len(_PRICED.findall(clause)) - len(mentions)
        for _ in range(unread):
            account.refuse(LineRefused("unknown_item", f"{day}: a price beside no known name"), clause)
        if not mentions and not unread:
            account.skip("metadata")


def _read_mention(account: Account, mention: re.Match[str], day: dt.date, issued: dt.datetime | None) -> None:
    product = mention["name"] or f"{mention['count']}种{mention['basket']}平均"
    if set(mention["price"]) <= set("-—"):
        account.accept(product=product, date=day, issued_at=issued, price=math.nan, flags=int(Quality.NOT_COLLECTED))
        return
    try:
        price = price_of(mention["price"], product)
    except LineRefused as refusal:
        account.refuse(refusal, mention[0])
    else:
        account.accept(product=product, date=day, issued_at=issued, price=price, currency="CNY", price_unit="公斤")


def _requests(day: dt.date) -> Iterator[LiveRequest]:
    headers = {"Origin": "https://pfsc.agri.cn", "Referer": "https://pfsc.agri.cn/"}
    body = {"pageNum": 1, "pageSize": 50}
    yield LiveRequest(f"farm_daily-{day.isoformat()}.json", "POST", URL, json=body, headers=headers)


FEED = Feed(
    id="farm_daily",
    title_zh="农业农村部农产品批发市场价格日报",
    title_en="Chinese ministry of agriculture: daily bulletin of national average prices",
    country="CN",
    timezone="Asia/Shanghai",
    reads="JSON of FarmDaily/list: national average prices in 元/公斤 out of the bulletin's sentences.",
    suffixes=(".json",),
    read=read,
    currency="CNY",
    usual_lag=dt.timedelta(days=2),
    live=LiveSource(requests=_requests, terms="Terms of use are not published; one request a day."),
)
