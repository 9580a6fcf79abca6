"""What every route works with: the settings, the open store, the names, the counters and the clock."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from api.directory import Directory
from api.metrics import Metrics
from warning.store.engine import Store
from warning.store.settings import Settings

Clock = Callable[[], dt.datetime]
T = TypeVar("T")
SOLVED_AT_ONCE = 2
"""Placement plans that are solved at a time: each may take seconds of a core and much memory."""


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one running service, opened in its lifespan."""

    settings: Settings
    store: Store
    directory: Directory
    metrics: Metrics
    clock: Clock
    solvers: Executor
    """A few threads of their own, so that whoever waits for a plan keeps nobody else waiting."""

    async def solved(self, work: Callable[[], T]) -> T:
        """What long `work` gives, done by one of the solvers in its turn."""
        return await asyncio.get_running_loop().run_in_executor(self.solvers, work)


def running_service(request: Request) -> Service:
    """The service that answers this request."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(running_service)]
