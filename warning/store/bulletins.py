"""What a bulletin is made from, read together as of a business date: counts, alerts, the plan, what was placed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warning.briefing.bulletin import Bulletin, Kind, Prices, ProductLine, Reserve, Target, xun_of
from warning.catalog import DISTRICT_ID, DISTRICT_NAMES, Catalog, PlaceKind, YearlyTarget
from warning.errors import Conflict, NotFound
from warning.levels import Level
from warning.store.alerts import AlertOnDay, alert_on, alert_places, alerts_on
from warning.store.engine import Store
from warning.store.ledger import daily_run
from warning.store.price_chart import PriceChart, price_chart
from warning.store.quotas import quota_accounts
from warning.store.responses import delivered, responses_as_of
from warning.store.risk import (
    Subjects,
    any_simulated,
    judged,
    judged_around,
    judged_date,
    level_counts,
    stale_count,
    worst_first,
)
from warning.store.series import SeriesFacts
from warning.store.series_shown import series_shown
from warning.store.tables import AlertEventRow, RunRow
from warning.store.units import unit_channels, unit_names

if TYPE_CHECKING:
    from warning.absorption.plan import Totals
    from warning.absorption.tasks import DepartmentTask

WHY = 3
DAYS_SHOWN = 14
"""Judged days whose counts a daily bulletin draws."""


def daily_bulletin(store: Store, catalog: Catalog, day: dt.date | None, *, now: dt.datetime) -> Bulletin:
    """The bulletin of a judged date (the last where None); NotFound where there is none."""
    with store.session() as session:
        day = judged_date(session, day)
        first = day - dt.timedelta(days=DAYS_SHOWN - 1)
        return _gathered(store, session, catalog, Kind.DAILY, (day, day), now, days=_days(session, first, day))


def xun_bulletin(store: Store, catalog: Catalog, day: dt.date, *, now: dt.datetime) -> Bulletin:
    """The bulletin of the 旬 that a day lies in, up to its last judged date; NotFound where none was judged."""
    first, last = xun_of(day)
    with store.session() as session:
        days = _days(session, first, last)
        if not days:
            raise NotFound(
                f"no day from {first} to {last} was judged",
                where="date",
                todo="run `changxiao run --date` for its days",
            )
        return _gathered(store, session, catalog, Kind.XUN, (first, days[-1][0]), now, days=days)


def alert_bulletin(store: Store, catalog: Catalog, alert_id: str, day: dt.date | None, *, now: dt.datetime) -> Bulletin:
    """The bulletin of one alert as the run of a date said it (the last that spoke of it where None)."""
    with store.session() as session:
        found = alert_on(session, alert_id, day)
        at = found.judgement.business_date
        return _gathered(store, session, catalog, Kind.ALERT, (at, at), now, alert=found)


def _gathered(
    store: Store,
    session: Session,
    catalog: Catalog,
    kind: Kind,
    span: tuple[dt.date, dt.date],
    now: dt.datetime,
    *,
    days: tuple[tuple[dt.date, dict[int, int]], ...] = (),
    alert: AlertOnDay | None = None,
) -> Bulletin:
    first, last = span
    earlier = judged_around(session, first)[0]
    tasks, totals = _plan(store, catalog, last, now, alert)
    names = unit_names(session)
    return Bulletin(
        kind=kind,
        first=first,
        last=last,
        known_at=daily_run(session, last).known_at,
        simulated=any_simulated(session, last),
        counts=level_counts(session, last),
        before=level_counts(session, earlier) if earlier else {},
        compared=earlier,
        products=(_line(alert, catalog, 1),) if alert else _products(session, catalog, last),
        stale=stale_count(session, last),
        events=_events(session, first, last),
        days=days,
        tasks=tasks,
        totals=totals,
        placed_t=sum(one.tonnes for one in delivered(responses_as_of(session, now, first=first, last=last))),
        targets=_targets(session, catalog, last, now) if kind == Kind.XUN else (),
        reserves=_reserves(session, last.year, names),
        prices=_alert_prices(session, catalog, alert, last) if alert else None,
        alert_id=alert.alert.id if alert else "",
    )


def _products(session: Session, catalog: Catalog, day: dt.date) -> tuple[ProductLine, ...]:
    """Each product under warning at its worst place, worst first; the district's own alert before its places."""
    by_product: dict[str, list[str]] = {}
    for one in sorted(alert_places(session, day), key=lambda one: (-one.level, one.place_kind != PlaceKind.DISTRICT)):
        if one.level > 0:
            by_product.setdefault(one.product_id, []).append(one.alert_id)
    if not by_product:
        return ()
    ids = [places[0] for places in by_product.values()]
    found = alerts_on(session, day, Subjects(), among=ids, order=worst_first("bulletin"), limit=len(ids)).items
    return tuple(_line(one, catalog, len(by_product[one.alert.product_id])) for one in found)


def _line(found: AlertOnDay, catalog: Catalog, places: int) -> ProductLine:
    said = found.judgement
    product = catalog.products.get(said.product_id)
    return ProductLine(
        product=product.name_zh if product else said.product_id,
        place=_place(said.place_kind, said.place_id, catalog),
        level=Level(said.level),
        since=found.alert.raised_at,
        type=said.type,
        surplus_t=said.surplus_t,
        estimated=said.surplus_estimated,
        why=tuple(str(one.get("text_zh", "")) for one in said.drivers[:WHY] if one.get("text_zh")),
        places=places,
    )


def _place(kind: str, place_id: str, catalog: Catalog) -> str:
    if kind == PlaceKind.TOWNSHIP and place_id in catalog.townships:
        return catalog.townships[place_id].name_zh
    if kind == PlaceKind.MARKET and place_id in catalog.markets:
        return catalog.markets[place_id].name_zh or catalog.markets[place_id].name
    return DISTRICT_NAMES[0] if place_id == DISTRICT_ID else place_id


def _plan(
    store: Store, catalog: Catalog, day: dt.date, now: dt.datetime, alert: AlertOnDay | None
) -> tuple[tuple[DepartmentTask, ...], Totals | None]:
    """(the tasks of the plan made for the alert or for everything, its totals); a market's alert has none."""
    from warning.absorption.plan import make_plan
    from warning.absorption.tasks import department_tasks
    from warning.store.planning import Scope, problem_for

    try:
        asked = problem_for(store, catalog, Scope(alert.alert.id if alert else None, day), now=now)
    except Conflict:
        return (), None
    plan = make_plan(asked.problem, catalog)
    return department_tasks(plan, asked.problem, catalog), plan.totals


def _events(session: Session, first: dt.date, last: dt.date) -> dict[str, int]:
    wanted = select(AlertEventRow.kind, func.count()).where(AlertEventRow.business_date.between(first, last))
    return {kind: int(count) for kind, count in session.execute(wanted.group_by(AlertEventRow.kind))}


def _days(session: Session, first: dt.date, last: dt.date) -> tuple[tuple[dt.date, dict[int, int]], ...]:
    wanted = select(RunRow.business_date).where(judged(), RunRow.business_date.between(first, last))
    days = sorted(set(session.scalars(wanted)))
    return tuple((day, level_counts(session, day)) for day in days)


def _targets(session: Session, catalog: Catalog, last: dt.date, now: dt.datetime) -> tuple[Target, ...]:
    """The yearly plan's lines with what was placed from the year's first day to `last`, by the unit's channel."""
    asked = [one for one in catalog.yearly_targets.values() if one.year == last.year]
    if not asked:
        return ()
    placed = delivered(responses_as_of(session, now, first=dt.date(last.year, 1, 1), last=last))
    channels = unit_channels(session)
    return tuple(
        Target(
            _target_name(one, catalog),
            one.tonnes,
            sum(each.tonnes for each in placed
                if one.channel_id in ("", channels.get(each.unit_id)) and one.product_id in ("", each.product_id)),
        )
        for one in sorted(asked, key=lambda one: one.id)
    )  # fmt: skip


def _target_name(target: YearlyTarget, catalog: Catalog) -> str:
    channel = catalog.channels[target.channel_id].name_zh if target.channel_id else "各渠道"
    return f"{channel}，{catalog.products[target.product_id].name_zh}" if target.product_id else channel


def _reserves(session: Session, year: int, names: dict[str, str]) -> tuple[Reserve, ...]:
    found = []
    for one in quota_accounts(session, year):
        name = names.get(one.unit_id, one.unit_id)
        if one.tonnes is not None:
            found.append(Reserve(name, one.tonnes, one.drawn_t, "吨"))
        if one.cny is not None:
            found.append(Reserve(name, one.cny, one.drawn_cny, "元"))
    return tuple(found)


def _alert_prices(session: Session, catalog: Catalog, alert: AlertOnDay, day: dt.date) -> Prices | None:
    said = alert.judgement
    series = series_shown(session, catalog, said.product_id, place_kind=said.place_kind, place_id=said.place_id)
    if not series:
        return None
    known = daily_run(session, day).known_at
    return _prices(series[0], price_chart(session, series[0], known, day), catalog)


def _prices(series: SeriesFacts, chart: PriceChart, catalog: Catalog) -> Prices:
    product = catalog.products.get(series.product_id)
    name = product.name_zh if product else series.product_id
    fan: Sequence[tuple[float | None, ...]] = [chart.forecast.get(key, ()) for key in ("q10", "q50", "q90")]
    return Prices(
        title=f"{name} · {_place(PlaceKind.MARKET, series.market_id, catalog)} 周价",
        unit="元/公斤" if series.currency == "CNY" else f"{series.currency}/kg",
        weeks=chart.weeks, price=chart.price, reference=chart.reference,
        low=fan[0], middle=fan[1], high=fan[2], trusted=chart.speaks == "model",
    )  # fmt: skip
