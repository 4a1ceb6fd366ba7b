"""Metrics, alone or of a resource."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish
from isotherm.localcloud.metric.archive_policies import POLICIES
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.entities import Metric
from isotherm.localcloud.metric.state import Metrics


def create(metrics: Metrics, call: Call, wish: Wish) -> Metric:
    policy = wish.get("archive_policy_name") or "low"
    if not metrics.policies.find(name=policy):
        raise Fault(400, f"Archive policy {policy} does not exist")
    name, resource_id = wish.get("name"), wish.get("resource_id")
    if resource_id and name and metrics.metric_of(resource_id, name):
        raise Fault(409, f"Named metric {name} already exists")
    made = METRICS.add(metrics, call.caller, {**wish, "archive_policy_name": policy})
    resource = metrics.resources.get(resource_id or "")
    if resource is not None and name:
        resource.metrics[name] = made.id
        metrics.resources.save(resource)
    return made


def unlink(metrics: Metrics, call: Call, metric: Metric) -> None:
    resource = metrics.resources.get(metric.resource_id or "")
    if resource is not None and metric.name in resource.metrics:
        del resource.metrics[metric.name]
        metrics.resources.save(resource)


def _more(metrics: Metrics, call: Call, metric: Metric, view: str) -> dict[str, Any]:
    policy = next(iter(metrics.policies.find(name=metric.archive_policy_name)), None)
    shown: dict[str, Any] = {"creator": f"{metric.user_id}:{metric.project_id}"}
    return {**shown, "archive_policy": POLICIES.show(metrics, call, policy)} if policy else shown


METRICS = Kind[Metrics, Metric](
    dialect=DIALECT,
    name="metric",
    path="/metric",
    entity=Metric,
    verbs=("create", "list", "show", "delete"),
    listing=Listing(filters=("id", "name", "unit", "resource_id", "archive_policy_name")),
    create=create,
    delete=unlink,
    more=_more,
)
