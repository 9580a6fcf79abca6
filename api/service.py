"""What every route works with: the settings, the open store, the names, the counters and the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.directory import Directory
from api.metrics import Metrics
from warning.store.engine import Store
from warning.store.settings import Settings

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one running service, opened in its lifespan."""

    settings: Settings
    store: Store
    directory: Directory
    metrics: Metrics
    clock: Clock


def running_service(request: Request) -> Service:
    """The service that answers this request."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(running_service)]
