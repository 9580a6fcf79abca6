"""The scheduler: its own process, one job in code, correctness from the ledger and not from here.

Each morning the live feeds are fetched and the day before is judged; business dates that were missed are made up
for in order, first. Every minute subscribers are told what is due, in a thread of its own. Two schedulers at once do
no harm: a date is claimed in the store, and so is a message.
"""

from __future__ import annotations

import datetime as dt
import signal
import threading
from collections.abc import Callable
from types import FrameType

import structlog

from pipelines.daily import JOB, DailyRun
from pipelines.delivery.passing import deliver
from pipelines.fetching import fetch_live
from pipelines.fitting import fit_day
from pipelines.knowledge import SHANGHAI
from warning.errors import ChangxiaoError, Conflict
from warning.store.artifacts import list_artifacts
from warning.store.engine import Store
from warning.store.runs import done_dates
from warning.store.settings import Settings

log = structlog.get_logger()


def missed_dates(store: Store, *, now: dt.datetime, run_at: dt.time, catch_up_days: int) -> list[dt.date]:
    """Business dates that are due and not done, oldest first; none before the first run ever made."""
    local = now.astimezone(SHANGHAI)
    newest = local.date() - dt.timedelta(days=1 if local.time() >= run_at else 2)
    oldest = newest - dt.timedelta(days=catch_up_days)
    done = done_dates(store, JOB, since=oldest)
    first = min(done, default=newest)
    days = [oldest + dt.timedelta(days=number) for number in range(catch_up_days + 1)]
    return [day for day in days if day >= first and day not in done]


def run_due(store: Store, settings: Settings, daily: DailyRun, *, clock: Callable[[], dt.datetime]) -> int:
    """Fetch, then judge every business date that is due; gives how many were judged."""
    due = missed_dates(store, now=clock(), run_at=settings.run_at, catch_up_days=settings.catch_up_days)
    for day in due:
        fetch_live(store, settings, day, clock=clock)
        try:
            for result in daily.run(day):
                log.info("daily run", business_date=str(day), line=result.line_en, changed=result.changed)
        except Conflict as error:
            log.info("daily run taken", business_date=str(day), by=str(error))
        except ChangxiaoError as error:
            # the ledger holds the failure; the days after it are still due, and the next morning tries again
            log.error("daily run failed", business_date=str(day), error=str(error))
    if due:
        refit_due(store, settings, daily, due[-1], clock=clock)
    return len(due)


def refit_due(
    store: Store, settings: Settings, daily: DailyRun, day: dt.date, *, clock: Callable[[], dt.datetime]
) -> bool:
    """Refit the models where the newest fit is older than the settings ask; gives whether it was tried."""
    if not settings.refit_days:
        return False
    with store.session() as session:
        fitted = list_artifacts(session)
    if fitted and (day - fitted[0].as_of).days < settings.refit_days:
        return False
    try:
        result = fit_day(store, daily.catalog, day, clock=clock)
        log.info("models refitted", as_of=str(day), line=result.line_en)
    except ChangxiaoError as error:
        # too little to learn from yet, mostly: the daily run goes on with the baseline
        log.warning("models not refitted", as_of=str(day), error=str(error))
    return True


def schedule(store: Store, settings: Settings, daily: DailyRun, *, clock: Callable[[], dt.datetime]) -> None:
    """Run until told to stop (SIGTERM, SIGINT); what is due already is done at once."""
    from apscheduler.schedulers.blocking import BlockingScheduler
    from apscheduler.triggers.cron import CronTrigger
    from apscheduler.triggers.interval import IntervalTrigger

    scheduler = BlockingScheduler(timezone="Asia/Shanghai")

    def job() -> None:
        run_due(store, settings, daily, clock=clock)

    def delivery() -> None:
        try:
            counts = deliver(store, daily.catalog, settings, clock=clock)
        except ChangxiaoError as error:
            log.error("delivery failed", error=str(error))
            return
        if counts.total():
            log.info("delivered", **counts)

    def stop(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=scheduler.shutdown, daemon=True).start()

    trigger = CronTrigger(hour=settings.run_at.hour, minute=settings.run_at.minute, timezone="Asia/Shanghai")
    scheduler.add_job(job, trigger, id=JOB, coalesce=True, max_instances=1, misfire_grace_time=3600)
    scheduler.add_job(job, id="catch-up", misfire_grace_time=3600)
    every = IntervalTrigger(minutes=1, timezone="Asia/Shanghai")
    scheduler.add_job(delivery, every, id="delivery", coalesce=True, max_instances=1, misfire_grace_time=60)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log.info("scheduler started", at=str(settings.run_at), timezone="Asia/Shanghai")
    scheduler.start()
