"""The feed to copy: 示例批发市场, an invented market that posts one small CSV a day.

Write here what is peculiar to the source, for whoever wonders about a row two years on. This one:

- UTF-8 CSV with the heading `date,product,price_yuan_per_kg,volume_kg`;
- `-` for a price that nobody noted; a line `2026-11-20,休市,,` on a day on which the market is closed.

How to make a feed of your own: copy this file, write down the source's faults, change `read` until a real file
passes `Batch.check()`, put the module into the table in `pipelines/feeds/__init__.py`, and copy
`tests/pipelines/test_feed_example.py` with a file of invented numbers that has the same faults.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator

from pipelines.feeds.base import Batch, Feed, RawFile, ReadOptions, Rejected
from pipelines.feeds.text import decode
from warning.catalog import PriceKind
from warning.errors import UnreadableFile
from warning.quality import Quality

HEADING = ["date", "product", "price_yuan_per_kg", "volume_kg"]
MARKET = "示例批发市场"


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """One batch a file. Nothing is matched, converted or judged here: that is the ingest's work."""
    for file in files:
        lines = list(csv.reader(io.StringIO(decode(file.content, where=file.name))))
        if lines[0] != HEADING:  # another file altogether: refuse all of it, and say what to do
            what = f"this is no price list of {MARKET}: its first line is not {','.join(HEADING)}"
            raise UnreadableFile(what, where=file.name, todo="give the CSV as the market posts it")
        yield _batch(file, lines)


def _batch(file: RawFile, lines: list[list[str]]) -> Batch:
    import pandas as pd  # heavy libraries only where they are used: the service lists feeds without loading them

    rows: list[dict[str, object]] = []
    batch = Batch(lines_read=len(lines), rows=pd.DataFrame(), non_data={"heading": 1})
    for number, cells in enumerate(lines[1:], start=2):
        try:
            if len(cells) == len(HEADING) and cells[1] == "休市":
                batch.closures.append((MARKET, "", dt.date.fromisoformat(cells[0])))
                batch.non_data["closed_day"] = batch.non_data.get("closed_day", 0) + 1
            else:
                rows.append({"file": file.name, "line": number, **_row(cells)})
        except ValueError as error:  # every line that is no row is kept with its reason: none is dropped
            batch.rejected.append(Rejected(file.name, number, "bad_line", str(error), ",".join(cells)))
    columns = ["file", "line", "product", "market", "date", "price", "volume", "flags"]
    batch.rows = pd.DataFrame(rows, columns=columns).astype({"date": "datetime64[us]"})
    return batch


def _row(cells: list[str]) -> dict[str, object]:
    """The columns that vary; what never varies stands in `FEED.defaults`."""
    day, product, price, volume = cells  # ValueError where there are more or fewer
    noted = price != "-"
    return {
        "product": product,
        "market": MARKET,
        "date": dt.date.fromisoformat(day),
        "price": float(price) if noted else math.nan,
        "volume": float(volume),
        "flags": int(Quality.OK if noted else Quality.NOT_COLLECTED),  # not noted is not zero
    }


FEED = Feed(
    id="example",
    title_zh="示例（供新数据源照抄）",
    title_en="Example, to be copied for a new source",
    country="CN",
    timezone="Asia/Shanghai",
    reads="CSV with the heading date,product,price_yuan_per_kg,volume_kg",
    suffixes=(".csv",),
    read=read,
    currency="CNY",
    usual_lag=dt.timedelta(hours=18),  # the list of a day is posted at six in the evening
    registers_markets=True,  # it is the only source for its market
    defaults={"currency": "CNY", "price_unit": "公斤", "volume_unit": "公斤", "kind": PriceKind.WHOLESALE.value},
)
