"""Metrics, alone or of a resource."""

from fnmatch import fnmatchcase
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import FULL, Kind, Listing, Wish
from isotherm.localcloud.metric.archive_policies import POLICIES
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.entities import MeasuredResource, Metric
from isotherm.localcloud.metric.state import Metrics


def create(metrics: Metrics, call: Call, wish: Wish) -> Metric:
    name, resource_id = wish.get("name"), wish.get("resource_id")
    if "/" in (name or ""):
        raise Fault(400, "'/' is not supported in metric name")
    policy = wish.get("archive_policy_name") or _usual_policy(metrics, name or "")
    if not metrics.policies.find(name=policy):
        raise Fault(400, f"Archive policy {policy} does not exist")
    if resource_id and name and metrics.metric_of(resource_id, name):
        raise Fault(409, f"Named metric {name} already exists")
    made = METRICS.add(metrics, call.caller, {**wish, "archive_policy_name": policy})
    resource = metrics.resources.get(resource_id or "")
    if resource is not None and name:
        resource.metrics[name] = made.id
        metrics.resources.save(resource)
    return made


def _usual_policy(metrics: Metrics, name: str) -> str:
    """By the rule that says most about the name. Raises Fault 400."""
    for rule in sorted(metrics.rules, key=lambda each: each.metric_pattern, reverse=True):
        if fnmatchcase(name, rule.metric_pattern):
            return rule.archive_policy_name
    raise Fault(
        400,
        "No archive policy name specified and no archive policy rule found matching the metric "
        f"name {name}",
    )


def unlink(metrics: Metrics, call: Call, metric: Metric) -> None:
    resource = metrics.resources.get(metric.resource_id or "")
    if resource is not None and metric.name in resource.metrics:
        del resource.metrics[metric.name]
        metrics.resources.save(resource)


def maker(of: Metric | MeasuredResource) -> dict[str, Any]:
    return {
        "creator": f"{of.user_id}:{of.project_id}",
        "created_by_user_id": of.user_id,
        "created_by_project_id": of.project_id,
    }


def described(resource: MeasuredResource) -> dict[str, Any]:
    """What there is to say of resources of any type."""
    ended = resource.ended_at
    return {
        "id": resource.id,
        "original_resource_id": resource.original_id,
        "type": resource.type,
        "project_id": resource.given.get("project_id"),
        "user_id": resource.given.get("user_id"),
        "started_at": iso_time(resource.started_at, suffix="+00:00"),
        "ended_at": None if ended is None else iso_time(ended, suffix="+00:00"),
        "revision_start": iso_time(resource.changed_at, suffix="+00:00"),
        "revision_end": None,
        **maker(resource),
    }


def _more(metrics: Metrics, call: Call, metric: Metric, view: str) -> dict[str, Any]:
    """A new one names its policy, one alone shows its resource."""
    shown: dict[str, Any] = maker(metric)
    policy = metrics.policy_of(metric)
    if view == "new":
        shown["archive_policy_name"] = policy.name
    else:
        shown["archive_policy"] = POLICIES.show(metrics, call, policy)
    if view == FULL:
        resource = metrics.resources.get(metric.resource_id or "")
        return {**shown, "resource": described(resource) if resource else None}
    return {**shown, "resource_id": metric.resource_id}


METRICS = Kind[Metrics, Metric](
    dialect=DIALECT,
    name="metric",
    path="/metric",
    entity=Metric,
    verbs=("create", "list", "show", "delete"),
    views={"list": "listed"},
    listing=Listing(filters=("id", "unit", "resource_id", "archive_policy_name")),
    create=create,
    delete=unlink,
    more=_more,
)
