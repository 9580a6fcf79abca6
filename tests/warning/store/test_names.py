"""Names nobody knows and markets that feeds register are kept once, on both databases."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from warning.catalog import Market
from warning.store.markets import close_markets, closures, register_markets, registered_markets
from warning.store.names import UnknownSourceName, decided_names, note_unknown
from warning.store.snapshots import RawBytes, open_snapshot
from warning.store.tables import NameRow

NOW = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
DAY = dt.date(2018, 11, 20)
KEY = ("product", "agmarknet", "", "Onion Big")


def test_an_unknown_name_is_put_on_the_list_once(store):
    with store.writing() as session:
        note_unknown(session, [UnknownSourceName(KEY, 4, ({"id": "onion", "score": float("nan")},))], NOW)
    with store.writing() as session:
        note_unknown(session, [UnknownSourceName(KEY, 7), UnknownSourceName(("market", *KEY[1:]), 1)], NOW)
    with store.writing() as session:
        rows = session.scalars(select(NameRow).order_by(NameRow.kind.desc())).all()
        assert [(row.kind, row.lines, row.candidates) for row in rows] == [("product", 7, []), ("market", 1, [])]
        rows[0].meaning, rows[1].meaning = "onion", ""
    with store.session() as session:
        assert decided_names(session) == {KEY: "onion", ("market", *KEY[1:]): ""}


def test_a_market_comes_back_as_it_was_registered(store):
    market = Market(
        id="tw-test",
        name="台北",
        name_zh="",
        country="TW",
        region="",
        currency="TWD",
        timezone="Asia/Taipei",
        latitude=25.0,
        longitude=None,
        lunar=True,
        source="feed:taiwan",
    )
    with store.writing() as session:
        register_markets(session, [market], feed="taiwan", at=NOW)
    with store.session() as session:
        assert registered_markets(session) == {"tw-test": market}


def test_a_closed_day_is_noted_once(store):
    with store.writing() as session:
        raw = RawBytes("a", "a" * 64, 1)
        number = open_snapshot(session, raw, feed="t", name="t", received_at=NOW, received_by="", simulated=False)
        close_markets(session, {("m", DAY)}, number)
        close_markets(session, {("m", DAY), ("m", DAY + dt.timedelta(days=1)), ("n", DAY)}, number)
        close_markets(session, set(), number)
    with store.session() as session:
        assert closures(session) == {"m": {DAY, DAY + dt.timedelta(days=1)}, "n": {DAY}}
