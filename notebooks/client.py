"""The service's interface as frames: `Client("http://127.0.0.1:8000").alerts(level="red")`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx2
import pandas as pd
import stamina

TIMEOUT_SECONDS = 30.0
TRIES = 4
PAGE = 500
When = dt.date | dt.datetime | str | None


class ServiceError(Exception):
    """What the service says is wrong: its title, where, and what to do."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        parts = (problem.get("title"), problem.get("detail"), problem.get("where"), problem.get("todo"))
        super().__init__(f"{status} " + " · ".join(str(part) for part in parts if part))


class Unreachable(Exception):
    """Nobody answers at the address."""


class _Busy(Exception):
    """The service is there and cannot answer now."""


class Client:
    """Asks the service and gives frames; lists are followed to their end. Close it, or use it with `with`."""

    def __init__(self, address: str, *, http: httpx2.Client | None = None) -> None:
        self.address = address.rstrip("/")
        self._http = http or httpx2.Client(base_url=self.address, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def alerts(self, **asked: Any) -> pd.DataFrame:
        """Alerts of a business date, worst first: level=, product=, market=, township=, status=, as_of=."""
        return self._frame("/v1/alerts", asked)

    def risk(self, **asked: Any) -> pd.DataFrame:
        """Every judgement of a business date, none and unknown included; narrowed as the alerts are."""
        return self._frame("/v1/risk", asked)

    def series(self, **asked: Any) -> pd.DataFrame:
        """Price series with the days they span: product=, market=."""
        return self._frame("/v1/series", asked)

    def observations(self, series: str, *, as_of: When = None, since: When = None, until: When = None) -> pd.DataFrame:
        """The days of a series as known at `as_of`, by day: price_per_kg, volume_kg and what is known of them."""
        asked = {"as_of": as_of, "from": since, "to": until, "limit": 10_000}
        return self._frame(f"/v1/series/{quote(series, safe='')}/observations", asked, days=("day",))

    def forecasts(self, series: str, *, issued: When = None) -> pd.DataFrame:
        """Quantiles by horizon with the baseline beside them."""
        told = self.get(f"/v1/series/{quote(series, safe='')}/forecasts", issued=issued)
        return _framed(told["items"], ("issue_day", "target_day"))

    def plan(self, alert: str, *, as_of: When = None) -> dict[str, Any]:
        """The placement plan of an alert, whole; `placements(plan)` makes its frame."""
        return self.get(f"/v1/alerts/{quote(alert, safe='')}/plan", as_of=as_of)

    def skill(self, **asked: Any) -> pd.DataFrame:
        """The newest skill report, one row a forecaster, level and horizon; its figures are columns."""
        found = self._frame("/v1/skill", asked)
        if "figures" not in found:
            return found
        return found.drop(columns="figures").join(pd.DataFrame(list(found["figures"])))

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        """One answer as it is; ServiceError with the problem's own words, Unreachable where nobody answers."""
        params = {name: str(value) for name, value in asked.items() if value is not None}
        try:
            answer = self._answer(path, params)
        except _Busy as error:
            raise Unreachable(
                f"{self.address} 没有应答：服务在运行吗？ · no answer: is the service running?"
            ) from error
        if answer.is_success:
            found: dict[str, Any] = answer.json()
            return found
        try:
            problem = answer.json()
        except ValueError:
            problem = {"detail": answer.text[:200]}
        raise ServiceError(answer.status_code, problem)

    @stamina.retry(on=_Busy, attempts=TRIES, wait_initial=0.1, wait_max=2.0, timeout=TIMEOUT_SECONDS)
    def _answer(self, path: str, params: dict[str, str]) -> httpx2.Response:
        """Asking again is harmless here: nothing but reading is done."""
        try:
            answer = self._http.get(path, params=params)
        except httpx2.TransportError as error:
            raise _Busy(str(error)) from error
        if answer.status_code in (502, 503, 504):
            raise _Busy(str(answer.status_code))
        return answer

    def _pages(self, path: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = self.get(path, **({"limit": PAGE} | asked), cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if cursor is None:
                return

    def _frame(self, path: str, asked: dict[str, Any], days: tuple[str, ...] = ()) -> pd.DataFrame:
        return _framed(list(self._pages(path, asked)), days)


def placements(plan: dict[str, Any]) -> pd.DataFrame:
    """A plan's deliveries, one row each."""
    return _framed(plan["placements"], ("day",))


def _framed(items: list[dict[str, Any]], days: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(items)
    for name in days:
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return frame
