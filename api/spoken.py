"""What was forecast of a series, as of a day: one reading for the interface and the board."""

from __future__ import annotations

import datetime as dt

from api.directory import Reference
from api.schemas.basics import finite
from api.schemas.series import ForecastList, forecast, series_item, spell_risk
from warning.store import series
from warning.store.engine import Session
from warning.store.forecasts import newest_issue_day
from warning.store.risk_reasons import risk_reasons
from warning.store.spell_risks import spell_risks


def spoken_forecasts(
    session: Session,
    reference: Reference,
    series_id: str,
    *,
    issued: dt.date | None = None,
    until: dt.date | None = None,
) -> ForecastList:
    """Prices, risks, reasons and cases issued on that day; where None, on the newest one not after `until`."""
    facts = series.find_series(session, series_id)
    issue_day = issued or newest_issue_day(session, series_id, until)
    steps = series.forecasts(session, series_id, issue_day) if issue_day else ()
    risks = spell_risks(session, series_id, issue_day) if issue_day else ()
    told = risk_reasons(session, series_id, issue_day) if issue_day else None
    return ForecastList(
        series=series_item(facts, reference),
        issue_day=issue_day,
        items=[forecast(step) for step in steps],
        spell_risks=[spell_risk(risk) for risk in risks],
        reasons=finite(told.reasons) if told else [],
        cases=finite(told.cases) if told else [],
    )
