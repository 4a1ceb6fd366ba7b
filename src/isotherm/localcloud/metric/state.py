"""Metrics: what is there, and what alarms ask of it."""

import math
import statistics
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from isotherm.localcloud.metric.entities import (
    ArchivePolicy,
    ArchivePolicyRule,
    MeasuredResource,
    Metric,
    ResourceType,
    attribute,
)
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
_PLAIN = (*_AGGREGATES, *(f"{share}pct" for share in range(1, 100)))
METHOD_NAMES = (*_PLAIN, *(f"rate:{each}" for each in _PLAIN))
_SERVER = {
    **dict.fromkeys(("created_at", "deleted_at", "launched_at"), "datetime"),
    **dict.fromkeys(("display_name", "flavor_name", "host", "image_ref", "server_group"), "string"),
    "flavor_id": "string",
}
"""What meters of compute tell of a server, where they are set up."""
_NAMES = uuid.UUID("0a7a15ff-aa13-4ac2-897c-9bdf30ce175b")
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
        self.rules = self.collection("archive_policy_rule", ArchivePolicyRule, index=("name",))
        self.types = self.collection("resource_type", ResourceType, index=("name",))
        self.resources = self.collection("resource", MeasuredResource, index=("original_id",))

    def seed(self) -> None:
        for name, rows in _SEEDS.items():
            definition = [{"granularity": each, "points": points} for each, points in rows]
            policy = ArchivePolicy(id=name, name=name, definition=list(definition))
            if name == "bool":
                policy.aggregation_methods = ["last"]
            self.policies.add(policy)
        self.rules.add(
            ArchivePolicyRule(name="default", metric_pattern="*", archive_policy_name="low")
        )
        server = {
            name: attribute({"type": kind, "required": False}) for name, kind in _SERVER.items()
        }
        for name, attributes in {"generic": {}, "instance": server}.items():
            self.types.add(ResourceType(id=name, name=name, attributes=attributes))

    def policy_of(self, metric: Metric) -> ArchivePolicy:
        return self.policies.find(name=metric.archive_policy_name)[0]

    def granularities(self, metric: Metric) -> list[float]:
        """The coarsest first."""
        return sorted(float(e["granularity"]) for e in self.policy_of(metric).definition)[::-1]

    def keep(self, metric: Metric, points: Iterable[tuple[float, float]]) -> None:
        metric.points = sorted([*metric.points, *points])[-MOST_POINTS:]
        self.metrics.save(metric)

    # What alarms ask.

    def measures(self, metric_ids: Sequence[str], wish: dict[str, Any]) -> Points:
        """Times and values of whole spans, oldest first; `wish` has `method`, `granularity`,
        `start`, and perhaps `across`, the method between metrics. Of several metrics, spans count
        that all of them know. Raises KeyError where a metric does not keep such."""
        spans: defaultdict[float, list[float]] = defaultdict(list)
        for metric_id in metric_ids:
            metric = self.metrics.get(metric_id)
            for at, value in self._spans(metric, wish) if metric else ():
                spans[at].append(value)
        between = wish.get("across") or wish["method"]
        return [
            (at, aggregate(between, values))
            for at, values in sorted(spans.items())
            if len(values) == len(metric_ids)
        ]

    def _spans(self, metric: Metric, wish: dict[str, Any]) -> Points:
        if wish["method"] not in self.policy_of(metric).aggregation_methods:
            raise KeyError(wish["method"])
        if wish["granularity"] not in self.granularities(metric):
            raise KeyError(wish["granularity"])
        size, grouped = float(wish["granularity"]), defaultdict(list)
        for at, value in metric.points:
            if wish.get("start", 0.0) <= at < wish.get("stop", math.inf):
                grouped[at // size * size].append(value)
        return [(at, aggregate(wish["method"], values)) for at, values in grouped.items()]

    def metric_of(self, resource_id: str, name: str) -> list[str]:
        ids = (resource_id, *(each.id for each in self.resources.find(original_id=resource_id)))
        return [e.id for one in ids for e in self.metrics.find(resource_id=one, name=name)]

    def resource_id(self, said: str, user_id: str, project_id: str) -> str:
        """Who names a resource otherwise than by a UUID has names of their own."""
        try:
            return str(uuid.UUID(said))
        except ValueError:
            return str(uuid.uuid5(_NAMES, f"{said}\0{user_id}:{project_id}"))

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
    known = {"id": resource.id, "original_resource_id": resource.original_id}
    known |= {"type": resource.type, "created_by_project_id": resource.project_id}
    held = {**known, **resource.given, **resource.attributes}.get(name)
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
