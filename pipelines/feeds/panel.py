"""The tidy panel: market, product, date, price, volume in parquet or CSV, as models and notebooks exchange it.

- Needed: market, product, date, and price or volume. Taken where there: region, variety (`*` is none), price_low,
  price_high, unit_price (`INR/quintal`, `CNY/kg (wholesale cost)`), unit_volume, kind, country, issued_at.
  Other columns are left alone.
- A price needs its unit and a volume its own; the currency in the unit says the country where no column does.
- Where no column says the kind of price, the remark in unit_price does (retail, auction, farm gate, cost), else it
  is wholesale.
- issued_at needs a zone; days have none.
- A line is a row of the parquet file, or a record of the CSV (its heading is line 1).

Read in batches of about 200,000 rows, column by column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.feeds.base import Batch, Feed, RawFile, ReadOptions, Rejected
from pipelines.feeds.currency import COUNTRY_OF, price_parts, without_note
from pipelines.feeds.panel_columns import NUMBERS, Columns, categorical
from pipelines.feeds.panel_files import open_panel
from warning.catalog import PriceKind
from warning.errors import InvalidPanel
from warning.quality import Quality

if TYPE_CHECKING:
    import pandas as pd

_KIND_WORDS: Final = (
    ("retail", PriceKind.RETAIL),
    ("auction", PriceKind.AUCTION),
    ("farm", PriceKind.FARM_GATE),
    ("cost", PriceKind.COST),
)
_KINDS: Final = frozenset(kind.value for kind in PriceKind)
_LONGEST: Final = 200


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Batches of about 200,000 rows; InvalidPanel names a column that is missing or of a wrong type."""
    for file in files:
        for columns in open_panel(file):
            yield _batch(file, columns, options.constants)


def _batch(file: RawFile, columns: Columns, constants: dict[str, str]) -> Batch:
    import pandas as pd

    frame = pd.DataFrame({"file": categorical(np.zeros(len(columns), dtype=np.int32), [file.name])})
    frame["line"] = columns.line
    for name in ("product", "market", "region"):
        frame[name] = _named(columns, name, constants)
    frame["variety"] = _recoded(_named(columns, "variety", constants), lambda word: "" if word == "*" else word)
    frame["date"] = columns.day
    if columns.issued_at is not None:
        frame["issued_at"] = columns.issued_at
    for name in NUMBERS:
        frame[name] = columns.numbers.get(name, np.nan)
    _add_units(frame, file, columns, constants)
    priced = frame["price"].notna().to_numpy()
    frame["flags"] = np.where(priced, int(Quality.OK), int(Quality.NOT_COLLECTED)).astype("int64")
    reasons = _reasons(frame, columns)
    bad = np.flatnonzero(reasons != "")
    rejected = columns.refused + [_rejected(frame, columns, int(row), str(reasons[row])) for row in bad]
    rows = frame if not len(bad) else frame[reasons == ""].reset_index(drop=True)
    total = len(columns) + len(columns.refused) + sum(columns.non_data.values())
    return Batch(total, rows, rejected, dict(columns.non_data))


def _named(columns: Columns, name: str, constants: dict[str, str]) -> pd.Categorical:
    """A text column as categories, stripped; the person's constant where the panel has no such column."""
    words = columns.texts.get(name)
    if words is None:
        return categorical(np.zeros(len(columns), dtype=np.int32), [constants.get(name, "")])
    return _recoded(words, lambda word: " ".join(word.split()))


def _recoded(words: pd.Categorical, change: Callable[[str], str]) -> pd.Categorical:
    """The same rows with every category changed, and equal ones made one; missing becomes ""."""
    changed = [change(str(word)) for word in words.categories]
    unique = list(dict.fromkeys([*changed, ""]))
    code_of = {word: code for code, word in enumerate(unique)}
    codes = np.array([code_of[word] for word in [*changed, ""]], dtype=np.int32)
    return categorical(codes[words.codes], unique)  # the code of what is missing, -1, is the last: ""


def _add_units(frame: pd.DataFrame, file: RawFile, columns: Columns, constants: dict[str, str]) -> None:
    unit, volume_unit = _stated(columns, "unit_price", constants), _stated(columns, "unit_volume", constants)
    for name, words in (("price", unit), ("volume", volume_unit)):
        lacking = frame[name].notna() & (np.asarray(words) == "")
        if lacking.any():
            line = int(columns.line[int(lacking.to_numpy().argmax())])
            todo = f"add the column unit_{name} ({'INR/quintal' if name == 'price' else 'tonne'})"
            raise InvalidPanel(f"there is a {name} without unit_{name}", where=f"{file.name}, line {line}", todo=todo)
    priced = frame[["price", "price_low", "price_high"]].notna().any(axis=1).to_numpy()
    frame["currency"] = _where(priced, _recoded(unit, lambda word: price_parts(word)[0]))
    frame["price_unit"] = _where(priced, _recoded(unit, lambda word: price_parts(word)[1]))
    frame["volume_unit"] = _where(frame["volume"].notna().to_numpy(), _recoded(volume_unit, without_note))
    frame["kind"] = _kinds(columns, unit, file)
    frame["country"] = _countries(columns, unit, constants)


def _stated(columns: Columns, name: str, constants: dict[str, str]) -> pd.Categorical:
    """The unit column, named as in the panel; the constants call it price_unit and volume_unit."""
    other = "_".join(reversed(name.split("_")))
    return _named(columns, name, {name: constants.get(name, constants.get(other, ""))})


def _where(kept: np.ndarray, words: pd.Categorical) -> pd.Categorical:
    """`words` where `kept`, else ""."""
    names = [str(word) for word in words.categories]
    return categorical(np.where(kept, words.codes, names.index("")).astype(np.int32), names)


def _kinds(columns: Columns, unit: pd.Categorical, file: RawFile) -> pd.Categorical:
    words = columns.texts.get("kind")
    if words is None:
        return _recoded(unit, _kind_of)
    kinds = _recoded(words, lambda word: word.strip().lower())
    unknown = [word for word in kinds.categories if word and word not in _KINDS]
    if unknown:
        what = f"the column 'kind' says {unknown[0]!r}"
        raise InvalidPanel(what, where=file.name, todo=f"use one of {', '.join(sorted(_KINDS))}")
    return _recoded(kinds, lambda word: word or PriceKind.WHOLESALE.value)


@cache
def _kind_of(unit: str) -> str:
    note = unit[len(without_note(unit)) :].lower()
    return next((kind.value for word, kind in _KIND_WORDS if word in note), PriceKind.WHOLESALE.value)


def _countries(columns: Columns, unit: pd.Categorical, constants: dict[str, str]) -> pd.Categorical:
    if "country" in columns.texts or "country" in constants:
        return _recoded(_named(columns, "country", constants), str.upper)
    return _recoded(unit, lambda word: COUNTRY_OF.get(price_parts(word)[0], ""))


def _reasons(frame: pd.DataFrame, columns: Columns) -> np.ndarray:
    """Why each row cannot be taken, "" where it can; the first reason counts."""
    reasons = np.full(len(frame), "", dtype=object)
    for wrong, reason in _faults(frame, columns):
        reasons[(reasons == "") & wrong] = reason
    return reasons


def _faults(frame: pd.DataFrame, columns: Columns) -> Iterator[tuple[np.ndarray, str]]:
    for name, wrong in columns.wrong.items():
        reason = {"date": "bad_date", "issued_at": "bad_issue_time", "volume": "bad_volume"}.get(name, "bad_price")
        yield wrong, reason
    yield np.isnat(columns.day), "no_date"
    for name in ("product", "market"):
        yield (frame[name] == "").to_numpy(), f"no_{name}"
        longest = [len(str(word)) > _LONGEST for word in frame[name].cat.categories]
        yield np.array(longest, dtype=bool)[frame[name].cat.codes], "bad_text"
    yield (frame["price"].notna() & (frame["currency"] == "")).to_numpy(), "no_currency"


def _rejected(frame: pd.DataFrame, columns: Columns, row: int, reason: str) -> Rejected:
    line = int(columns.line[row])
    text = columns.text(row)
    detail = _DETAILS.get(reason, f"a cell is not what its column should hold ({reason})")
    return Rejected(str(frame["file"].iloc[0]), line, reason, detail, text)


_DETAILS: Final = {
    "no_date": "date is empty",
    "no_product": "product is empty",
    "no_market": "market is empty",
    "no_currency": "unit_price does not say the currency; write it as INR/quintal",
    "bad_text": f"a name has more than {_LONGEST} characters",
    "bad_date": "date is not a day of the form 2026-11-20",
    "bad_issue_time": "issued_at is not an instant with a zone, 2026-11-20T07:30:00+08:00",
    "bad_price": "a price is not a number",
    "bad_volume": "volume is not a number",
}


FEED = Feed(
    id="panel",
    title_zh="规整面板数据",
    title_en="Tidy panel",
    country="",
    timezone="Asia/Shanghai",
    reads="parquet or CSV with the columns market, product, date, price, volume, unit_price, unit_volume (and others)",
    suffixes=(".parquet", ".csv"),
    read=read,
    registers_markets=True,
    usual_lag=dt.timedelta(days=1),
)
