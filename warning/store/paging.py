"""Keyset paging: a page's end is where the next one begins, so that nothing is skipped or shown twice.

A cursor is opaque to its holder: the sort keys of the last item shown, bound to the query it belongs to.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Session

from warning.errors import ChangxiaoError

T = TypeVar("T")
LARGEST = 2**63 - 1


class InvalidCursor(ChangxiaoError):
    """A cursor was not made by this service, or belongs to another query."""

    code, title_zh, status = "invalid-cursor", "游标无效", 422


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A stretch of a list, and the cursor of the next one; None where this is the last."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: the column, its Python type and its direction."""

    column: Any
    kind: type
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A total order over a query: the last key must be unique within those before it."""

    keys: tuple[Key, ...]
    scope: str = ""
    """What the query asks for; a cursor of another scope is refused."""

    def beyond(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """The condition "comes after the row with these keys"."""
        alternatives = []
        for place, key in enumerate(self.keys):
            same = [earlier.column == value for earlier, value in zip(self.keys[:place], values, strict=False)]
            further = key.column < values[place] if key.descending else key.column > values[place]
            alternatives.append(and_(*same, further))
        return or_(*alternatives)

    def encode(self, values: Sequence[Any]) -> str:
        """The cursor of the row with these keys."""
        plain = [value.isoformat() if isinstance(value, dt.date) else value for value in values]
        text = json.dumps([_digest(self.scope), *plain], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def decode(self, cursor: str) -> tuple[Any, ...]:
        """The keys in a cursor; InvalidCursor where it is not one of this query's."""
        scope, *values = _parts(cursor)
        if scope != _digest(self.scope) or len(values) != len(self.keys):
            raise InvalidCursor(
                "the cursor belongs to another query",
                where="cursor",
                todo="repeat the query without a cursor, then follow `next` with the same filters",
            )
        return tuple(_typed(value, key.kind) for value, key in zip(values, self.keys, strict=True))


def read_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    order: Order,
    *,
    limit: int,
    cursor: str | None,
    give: Callable[[Any], T],
    keys: Callable[[Any], Sequence[Any]],
) -> Page[T]:
    """Run `statement` in `order` from after `cursor`; `give` makes an item of a row, `keys` its sort keys."""
    if cursor:
        statement = statement.where(order.beyond(order.decode(cursor)))
    sorting = [key.column.desc() if key.descending else key.column.asc() for key in order.keys]
    rows = session.execute(statement.order_by(*sorting).limit(limit + 1)).all()
    shown = rows[:limit]
    more = order.encode(keys(shown[-1])) if len(rows) > limit else None
    return Page(tuple(give(row) for row in shown), more)


def page_of(items: Sequence[T], *, key: Callable[[T], str], scope: str, limit: int, cursor: str | None) -> Page[T]:
    """A page of a list held in memory, sorted by the unique string `key`."""
    order = Order((Key(None, str),), scope)
    after = order.decode(cursor)[0] if cursor else ""
    rest = sorted((item for item in items if key(item) > after), key=key)
    more = order.encode([key(rest[limit - 1])]) if len(rest) > limit else None
    return Page(tuple(rest[:limit]), more)


def _digest(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()[:12]


def _parts(cursor: str) -> list[Any]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise _not_a_cursor() from error
    if not isinstance(parts, list) or not parts:
        raise _not_a_cursor()
    return parts


def _typed(value: object, kind: type) -> Any:
    if kind is dt.date and isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise _not_a_cursor() from error
    if type(value) is not kind or (isinstance(value, int) and abs(value) > LARGEST):
        raise _not_a_cursor()
    if isinstance(value, str) and ("\x00" in value or (not value.isascii() and _has_surrogate(value))):
        raise _not_a_cursor()
    return value


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def _not_a_cursor() -> InvalidCursor:
    return InvalidCursor(
        "this is not a cursor of this service", where="cursor", todo="use `next` of the last answer as it stands"
    )
