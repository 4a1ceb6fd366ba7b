"""Figures of this process, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from isotherm.store import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_CALLS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_STEPS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Family:
    """What a metric is, whether it has values yet or not."""

    name: str
    kind: str
    text: str
    labels: tuple[str, ...]


class PrometheusMetrics:
    """Implements ``ports.metrics.Metrics``; ``served`` is the HTTP side's."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._families: list[Family] = []
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._make_counts()
        self._make_durations()
        self._make_store_figures()

    def _make_counts(self) -> None:
        self._requests = self._new(
            Counter, "http_requests", "Requests that were answered.", "door", "method", "status"
        )
        self._cloud_calls = self._new(
            Counter,
            "cloud_calls",
            "Requests to the cloud; status 0: no answer.",
            "service",
            "method",
            "status",
        )
        self._steps = self._new(Counter, "steps", "Steps that ended.", "kind", "outcome")
        self._traversals = self._new(Gauge, "traversals_running", "Stacks that this process owns.")

    def _make_durations(self) -> None:
        self._request_seconds = self._new(
            Histogram,
            "http_request_seconds",
            "How long an answer took.",
            "door",
            "method",
            buckets=_CALLS,
        )
        self._cloud_seconds = self._new(
            Histogram,
            "cloud_call_seconds",
            "How long the cloud took to answer.",
            "service",
            buckets=_CALLS,
        )
        self._step_seconds = self._new(
            Histogram,
            "step_seconds",
            "How long a step took, with all that it waited for.",
            "kind",
            buckets=_STEPS,
        )
        self._polled = self._new(
            Histogram,
            "poll_objects",
            "Waiting objects that one look at the cloud told of.",
            buckets=_BATCHES,
        )
        self._batches = self._new(
            Histogram,
            "commit_changes",
            "Changes that were committed together.",
            buckets=_BATCHES,
        )
        self._commit_seconds = self._new(Histogram, "commit_seconds", "How long a commit took.")

    def _make_store_figures(self) -> None:
        """The same in all processes on one database: take the maximum, not the sum."""
        self._database_up = self._new(
            Gauge, "database_up", "Whether the database answers: 1, or 0."
        )
        self._stacks = self._new(
            Gauge, "stacks", "Stacks that are not deleted, nested ones too.", "action", "status"
        )
        self._waiting = self._new(
            Gauge, "stacks_waiting", "Stacks with work to do that no engine owns."
        )
        self._waiting_seconds = self._new(
            Gauge, "stacks_waiting_seconds", "How long the first of them has been waiting."
        )
        self._leased = self._new(Gauge, "leases", "Stacks that some engine owns.")
        self._working_seconds = self._new(
            Gauge, "oldest_action_seconds", "How long the oldest action has been in progress."
        )

    def _new(
        self, kind: Callable[..., Any], name: str, text: str, *labels: str, **more: Any
    ) -> Any:
        family = Family(f"isotherm_{name}", kind.__name__.lower(), text, labels)
        self._families.append(family)
        return kind(f"isotherm_{name}", text, labels, registry=self._registry, **more)

    def served(self, door: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(door, method, str(status)).inc()
        self._request_seconds.labels(door, method).observe(seconds)

    def called_cloud(self, service: str, method: str, status: int, seconds: float) -> None:
        self._cloud_calls.labels(service, method, str(status)).inc()
        self._cloud_seconds.labels(service).observe(seconds)

    def ended_step(self, kind: str, outcome: str, seconds: float) -> None:
        self._steps.labels(kind, outcome).inc()
        self._step_seconds.labels(kind).observe(seconds)

    def polled(self, objects: int) -> None:
        self._polled.observe(objects)

    def committed(self, changes: int, seconds: float) -> None:
        self._batches.observe(changes)
        self._commit_seconds.observe(seconds)

    def watch_traversals(self, running: Callable[[], int]) -> None:
        """Ask ``running`` how many there are whenever somebody reads the figures."""
        self._traversals.set_function(running)

    def show(self, figures: Figures | None) -> None:
        """Those of the database; None where it does not answer."""
        self._database_up.set(0 if figures is None else 1)
        if figures is None:
            return
        # A state that no stack is in any more must not stay as it was.
        self._stacks.clear()
        for (action, status), count in figures.stacks.items():
            self._stacks.labels(action, status).set(count)
        self._waiting.set(figures.waiting)
        self._waiting_seconds.set(figures.waiting_seconds)
        self._leased.set(figures.leased)
        self._working_seconds.set(figures.working_seconds)

    def families(self) -> Sequence[Family]:
        """Those of ours, not those of the process that the library adds."""
        return self._families

    def text(self) -> bytes:
        return generate_latest(self._registry)
