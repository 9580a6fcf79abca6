"""Counters for Prometheus, in a registry of each application's own: two in one process do not mix."""

from __future__ import annotations

import time
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNMATCHED = "unmatched"
"""The label of paths that no route has, so that a scanner cannot make labels."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class Metrics:
    """What is counted of requests, and what is read from the store when it is asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("changxiao_http_requests", "Requests answered", labels, registry=self.registry)
        self.latency = Histogram(
            "changxiao_http_request_seconds",
            "Time to the end of an answer",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.store_up = Gauge("changxiao_store_up", "1 where the store answers", registry=self.registry)
        self.alerts = Gauge(
            "changxiao_alerts", "Alerts of the newest daily run by level", ("level",), registry=self.registry
        )
        self.rejected = Gauge(
            "changxiao_rejected_rows", "Rows rejected so far, by feed", ("feed",), registry=self.registry
        )
        self.run_age = Gauge(
            "changxiao_last_run_age_seconds", "Since the newest done daily run finished", registry=self.registry
        )

    def show_store(self, alerts: Mapping[str, int], rejected: Mapping[str, int], run_age: float | None) -> None:
        """Take over what the store says."""
        self.store_up.set(1)
        self.alerts.clear()
        self.rejected.clear()
        for level, count in alerts.items():
            self.alerts.labels(level).set(count)
        for feed, count in rejected.items():
            self.rejected.labels(feed).set(count)
        self.run_age.set(float("nan") if run_age is None else run_age)

    def show_store_down(self) -> None:
        """The store does not answer: its figures go, those of requests stay."""
        self.store_up.set(0)
        self.alerts.clear()
        self.rejected.clear()
        self.run_age.set(float("nan"))

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self.registry)


class CountRequests:
    """ASGI middleware that counts and times requests under their route's template."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            route = getattr(scope.get("route"), "path", UNMATCHED)
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            self.metrics.requests.labels(method, route, str(status)).inc()
            self.metrics.latency.labels(method, route).observe(time.perf_counter() - began)


METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
