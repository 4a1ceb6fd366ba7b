"""Figures of this process, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class PrometheusMetrics:
    """Implements ``ports.metrics.Metrics``; ``served`` is the HTTP side's."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        self._requests = Counter(
            "isotherm_http_requests",
            "Requests that were answered.",
            ["method", "status"],
            registry=registry,
        )
        self._cloud_calls = Counter(
            "isotherm_cloud_calls",
            "Requests to the cloud; status 0: no answer.",
            ["service", "method", "status"],
            registry=registry,
        )
        self._steps = Counter(
            "isotherm_steps", "Steps that ended.", ["kind", "outcome"], registry=registry
        )
        self._traversals = Gauge(
            "isotherm_traversals_running", "Stacks that this process owns.", registry=registry
        )
        self._polled = Histogram(
            "isotherm_poll_objects",
            "Waiting objects that one look at the cloud told of.",
            buckets=_BATCHES,
            registry=registry,
        )
        self._batches = Histogram(
            "isotherm_commit_changes",
            "Changes that were committed together.",
            buckets=_BATCHES,
            registry=registry,
        )
        self._commit_seconds = Histogram(
            "isotherm_commit_seconds", "How long a commit took.", registry=registry
        )

    def served(self, method: str, status: int) -> None:
        """A request was answered."""
        self._requests.labels(method, str(status)).inc()

    def called_cloud(self, service: str, method: str, status: int) -> None:
        self._cloud_calls.labels(service, method, str(status)).inc()

    def ended_step(self, kind: str, outcome: str) -> None:
        self._steps.labels(kind, outcome).inc()

    def polled(self, objects: int) -> None:
        self._polled.observe(objects)

    def committed(self, changes: int, seconds: float) -> None:
        self._batches.observe(changes)
        self._commit_seconds.observe(seconds)

    def watch_traversals(self, running: Callable[[], int]) -> None:
        """Ask ``running`` how many there are whenever somebody reads the figures."""
        self._traversals.set_function(running)

    def text(self) -> bytes:
        return generate_latest(self._registry)
