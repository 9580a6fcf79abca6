"""Placement plans as they were given, with all that they were made from: a stored plan can be made again exactly."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, select, type_coerce
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.store.paging import Key, Order, Page, read_page
from warning.store.tables import PlanRow
from warning.store.types import epoch_us

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from warning.absorption.plan import Plan
    from warning.absorption.problem import Problem
    from warning.store.planning import Asked


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A stored plan in brief."""

    id: str
    alert_id: str | None
    business_date: dt.date
    products: tuple[str, ...]
    title: str
    made_at: dt.datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A stored plan whole: `make_plan(problem, catalog) == plan` under the `code_version` that made it."""

    id: str
    alert_id: str | None
    day: dt.date
    products: tuple[str, ...]
    title: str
    made_at: dt.datetime
    made_by: str
    code_version: str
    problem: Problem
    plan: Plan


def save_plan(session: Session, asked: Asked, answer: Plan, *, at: dt.datetime, by: str, title: str = "") -> str:
    """Keep a plan with its problem; gives its id."""
    plan_id = f"plan-{answer.day:%Y%m%d}-{secrets.token_hex(4)}"
    session.add(
        PlanRow(
            id=plan_id,
            alert_id=asked.alert_id,
            day=answer.day,
            products=list(asked.products),
            title=title,
            made_at=at,
            made_by=by,
            code_version=metadata.version("changxiao"),
            problem=_written(_problems(), asked.problem),
            plan=_written(_answers(), answer),
        )
    )
    session.flush()
    return plan_id


def read_plan(session: Session, plan_id: str) -> StoredPlan:
    """One stored plan; NotFound says where they are listed."""
    row = session.get(PlanRow, plan_id)
    if row is None:
        raise NotFound(f"there is no plan {plan_id}", where="id", todo="list them with GET /v1/plans")
    return StoredPlan(
        id=row.id,
        alert_id=row.alert_id,
        day=row.day,
        products=tuple(row.products),
        title=row.title,
        made_at=row.made_at,
        made_by=row.made_by,
        code_version=row.code_version,
        problem=_problems().validate_python(json.loads(row.problem)),
        plan=_answers().validate_python(json.loads(row.plan)),
    )


def plans(
    session: Session,
    *,
    alert_id: str | None = None,
    day: dt.date | None = None,
    limit: int,
    cursor: str | None = None,
) -> Page[PlanHead]:
    """Stored plans in brief, newest first; of one alert or business date where it is named."""
    columns = (PlanRow.id, PlanRow.alert_id, PlanRow.day, PlanRow.products, PlanRow.title, PlanRow.made_at,
               PlanRow.made_by)  # fmt: skip
    statement = select(*columns)
    if alert_id is not None:
        statement = statement.where(PlanRow.alert_id == alert_id)
    if day is not None:
        statement = statement.where(PlanRow.day == day)
    made = Key(type_coerce(PlanRow.made_at, BigInteger), int, descending=True)
    return read_page(
        session,
        statement,
        Order((made, Key(PlanRow.id, str)), repr(("plans", alert_id, day))),
        limit=limit,
        cursor=cursor,
        give=lambda row: PlanHead(row[0], row[1], row[2], tuple(row[3]), *row[4:]),
        keys=lambda row: (epoch_us(row.made_at), row.id),
    )


@cache
def _problems() -> TypeAdapter[Problem]:
    from pydantic import TypeAdapter

    from warning.absorption.problem import Problem

    return TypeAdapter(Problem)


@cache
def _answers() -> TypeAdapter[Plan]:
    from pydantic import TypeAdapter

    from warning.absorption.plan import Plan

    return TypeAdapter(Plan)


def _written(kind: TypeAdapter[Any], value: object) -> str:
    """JSON with the shortest digits that give the very same numbers; NaN stays NaN, for a faulty entry is kept too."""
    return json.dumps(kind.dump_python(value, mode="json"), ensure_ascii=False, separators=(",", ":"))
