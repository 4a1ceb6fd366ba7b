"""Metrics: what is there, and what alarms ask of it."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from isotherm.localcloud.metric.entities import ArchivePolicy, MeasuredResource, Metric
from isotherm.localcloud.service import Frame, Service

MOST_POINTS = 20_000
"""Of one metric; the oldest go first."""
_SEEDS = {
    "low": [(300, 8640)],
    "medium": [(60, 10080), (3600, 2160)],
    "high": [(1, 3600), (60, 10080), (3600, 8760)],
    "bool": [(1, 31536000)],
}
_AGGREGATES: dict[str, Callable[[Sequence[float]], float]] = {
    "mean": statistics.fmean,
    "min": min,
    "max": max,
    "sum": sum,
    "count": lambda values: float(len(values)),
    "std": lambda values: statistics.stdev(values) if len(values) > 1 else 0.0,
    "median": statistics.median,
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
}
METHOD_NAMES = frozenset(_AGGREGATES)
Points = list[tuple[float, float]]


def aggregate(method: str, values: Sequence[float]) -> float:
    """Raises KeyError for a method that nobody knows."""
    if method.endswith("pct") and method[:-3].isdigit():
        ordered, share = sorted(values), int(method[:-3]) / 100 * (len(values) - 1)
        low = int(share)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (share - low)
    return _AGGREGATES[method](values)


class Metrics(Service):
    service_type = "metric"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.policies = self.collection("archive_policy", ArchivePolicy, index=("name",))
        self.metrics = self.collection("metric", Metric, index=("resource_id", "name"))
        self.resources = self.collection("resource", MeasuredResource)

    def seed(self) -> None:
        for name, rows in _SEEDS.items():
            definition = [{"granularity": each, "points": points} for each, points in rows]
            self.policies.add(ArchivePolicy(id=name, name=name, definition=list(definition)))

    def granularity(self, metric: Metric) -> float:
        """The finest one that is kept."""
        found = self.policies.find(name=metric.archive_policy_name)
        return min((float(each["granularity"]) for each in found[0].definition), default=300.0)

    def keep(self, metric: Metric, points: Iterable[tuple[float, float]]) -> None:
        metric.points = sorted([*metric.points, *points])[-MOST_POINTS:]
        self.metrics.save(metric)

    # What alarms ask.

    def measures(self, metric_ids: Sequence[str], wish: dict[str, Any]) -> Points:
        """Times and values of whole spans, oldest first; `wish` has `method`, `granularity`,
        `start`, and perhaps `across`, the method between metrics."""
        spans: defaultdict[float, list[float]] = defaultdict(list)
        for metric_id in metric_ids:
            metric = self.metrics.get(metric_id)
            for at, value in self._spans(metric, wish) if metric else ():
                spans[at].append(value)
        between = wish.get("across") or wish["method"]
        return [(at, aggregate(between, values)) for at, values in sorted(spans.items())]

    def _spans(self, metric: Metric, wish: dict[str, Any]) -> Points:
        size, grouped = float(wish["granularity"]), defaultdict(list)
        for at, value in metric.points:
            if at >= wish.get("start", 0.0):
                grouped[at // size * size].append(value)
        return [(at, aggregate(wish["method"], values)) for at, values in grouped.items()]

    def metric_of(self, resource_id: str, name: str) -> list[str]:
        return [each.id for each in self.metrics.find(resource_id=resource_id, name=name)]

    def metrics_of_all(self, project_id: str, name: str, query: Any = None) -> list[str]:
        """Of the project's resources that meet a query."""
        return [
            found
            for resource in self.resources
            if resource.project_id == project_id and meets(resource, query)
            for found in self.metric_of(resource.id, name)
        ]


def meets(resource: MeasuredResource, query: Any) -> bool:
    """Whether a resource is what a search asks for: `{"=": {"server_group": "x"}}` and so on."""
    if not query:
        return True
    ((operator, said),) = query.items()
    if operator in ("and", "∧"):
        return all(meets(resource, each) for each in said)
    if operator in ("or", "∨"):
        return any(meets(resource, each) for each in said)
    if operator == "not":
        return not meets(resource, said)
    ((name, wanted),) = said.items()
    known = {"id": resource.id, "type": resource.type, "project_id": resource.project_id}
    held = {**known, "created_by_project_id": resource.project_id, **resource.attributes}.get(name)
    match operator:
        case "=" | "==" | "eq":
            return bool(str(held) == str(wanted))
        case "!=" | "ne":
            return bool(str(held) != str(wanted))
        case "in":
            return held in wanted
        case "like":
            return str(wanted).strip("%") in str(held)
        case _:
            return False
