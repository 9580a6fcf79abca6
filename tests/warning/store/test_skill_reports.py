"""Skill reports: kept whole, the newest as of a day, their figures in order and page by page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest

from warning.errors import NotFound
from warning.store.paging import InvalidCursor
from warning.store.skill_reports import (
    SkillFigure,
    SkillHead,
    SkillScope,
    newest_skill_report,
    skill_figures,
    write_skill_report,
)

SUNDAY = dt.date(2018, 11, 25)
WEEK = dt.timedelta(weeks=1)
NOW = dt.datetime(2018, 11, 26, tzinfo=dt.UTC)
HEAD = SkillHead(SUNDAY, dt.date(2016, 1, 3), SUNDAY, NOW, "0.1.0", None, {"onsets": 412, "share": float("nan")})
FIGURES = [
    SkillFigure(product, line, horizon, forecaster, {"roc_auc": 0.9, "reliability": [[0.1, 0.12, 400]]})
    for product in ("", "garlic", "onion")
    for line in (0.9, 0.8, 0.0)
    for horizon in (14, 28)
    for forecaster in ("climatology", "model")
]
"""In the order in which they are read."""


def write(store, head=HEAD, figures=FIGURES):
    with store.writing() as session:
        return write_skill_report(session, head, random.Random(1).sample(figures, len(figures)))


def read(store, day=None, scope=SkillScope(), **paging):  # noqa: B008 - frozen
    with store.session() as session:
        return skill_figures(session, newest_skill_report(session, day), scope, limit=500, **paging).items


def test_figures_come_in_order_and_whole(store):
    write(store)
    assert read(store) == tuple(FIGURES)


def test_they_are_narrowed_by_product_line_and_horizon(store):
    write(store)
    assert {one.product_id for one in read(store, scope=SkillScope(product_id=""))} == {""}
    found = read(store, scope=SkillScope("onion", (0.8, 0.0), 28))
    assert [(one.product_id, one.line, one.horizon_days) for one in found] == [("onion", 0.8, 28)] * 2 + [
        ("onion", 0.0, 28)
    ] * 2
    assert read(store, scope=SkillScope("leek")) == ()


def test_the_newest_report_as_of_a_day(store):
    with store.session() as session, pytest.raises(NotFound, match="changxiao fit"):
        newest_skill_report(session)
    write(store)
    later = write(store, dataclasses.replace(HEAD, as_of=SUNDAY + WEEK), FIGURES[:1])
    with store.session() as session:
        assert newest_skill_report(session) == newest_skill_report(session, SUNDAY + 9 * WEEK) == later
        assert newest_skill_report(session, SUNDAY + dt.timedelta(days=6)).as_of == SUNDAY
        with pytest.raises(NotFound, match="the first is as of 2018-11-25"):
            newest_skill_report(session, SUNDAY - dt.timedelta(days=1))


def test_a_report_as_of_the_same_day_replaces_the_one_before(store):
    write(store)
    again = write(store, dataclasses.replace(HEAD, made_at=NOW + WEEK, summary={"onsets": 413}), FIGURES[:3])
    with store.session() as session:
        assert newest_skill_report(session) == again
    assert (again.summary, again.made_at) == ({"onsets": 413}, NOW + WEEK)
    assert read(store) == tuple(FIGURES[:3])


def test_pages_are_the_whole_once_and_a_new_report_ends_them(store):
    report, found, cursor = write(store), [], None
    while True:
        with store.session() as session:
            page = skill_figures(session, report, SkillScope(), limit=5, cursor=cursor)
        found += page.items
        if page.next is None:
            break
        cursor = page.next
    assert found == FIGURES
    report = write(store, dataclasses.replace(HEAD, made_at=NOW + WEEK))
    with store.session() as session, pytest.raises(InvalidCursor):
        skill_figures(session, report, SkillScope(), limit=5, cursor=cursor)
