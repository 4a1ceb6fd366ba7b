"""Resources that are measured, each with metrics by name."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.entities import MeasuredResource
from isotherm.localcloud.metric.measures import measured, read_points
from isotherm.localcloud.metric.metrics import METRICS, create, unlink
from isotherm.localcloud.metric.state import Metrics, meets

routes = DIALECT.routes()
_ALL = "/resource/{type}"
_ONE = f"{_ALL}/{{id}}"
_GENERAL = frozenset({"id", "metrics", "user_id", "project_id", "started_at", "ended_at"})


def shown(resource: MeasuredResource) -> dict[str, Any]:
    return {
        "id": resource.id,
        "original_resource_id": resource.id,
        "type": resource.type,
        "project_id": resource.project_id,
        "user_id": resource.user_id,
        "creator": f"{resource.user_id}:{resource.project_id}",
        "created_by_user_id": resource.user_id,
        "created_by_project_id": resource.project_id,
        "started_at": iso_time(resource.started_at, suffix="+00:00"),
        "ended_at": None,
        "revision_start": iso_time(resource.started_at, suffix="+00:00"),
        "revision_end": None,
        "metrics": resource.metrics,
        **resource.attributes,
    }


def of(metrics: Metrics, call: Call) -> MeasuredResource:
    """Raises Fault 404."""
    found, wanted = metrics.resources.get(call.params["id"]), call.params["type"]
    if (
        found is None
        or not call.caller.sees(found.project_id)
        or wanted not in ("generic", found.type)
    ):
        raise Fault(404, f"Resource {call.params['id']} does not exist")
    return found


@routes.post(_ALL, "resource.create", status=201)
def create_one(metrics: Metrics, call: Call) -> object:
    said = call.json
    if "id" not in said:
        raise Fault(400, "Invalid input: required key not provided @ data['id']")
    if said["id"] in metrics.resources:
        raise Fault(409, f"Resource {said['id']} already exists")
    resource = metrics.resources.add(
        MeasuredResource(
            id=str(said["id"]),
            project_id=call.project_id,
            user_id=call.caller.user_id,
            type=call.params["type"],
            attributes={name: each for name, each in said.items() if name not in _GENERAL},
            started_at=metrics.now(),
        )
    )
    _add_metrics(metrics, call, resource, said.get("metrics") or {})
    return Reply(201, shown(resource), {"Location": f"{call.base_url}{call.path}/{resource.id}"})


def _add_metrics(
    metrics: Metrics, call: Call, resource: MeasuredResource, wanted: dict[str, Any]
) -> None:
    for name, said in wanted.items():
        wish = METRICS.wish(
            call, {"name": name, **(said if isinstance(said, dict) else {})}, "create"
        )
        create(metrics, call, {**wish, "resource_id": resource.id})


@routes.get("/resource_type", "resource_type.list")
def list_types(metrics: Metrics, call: Call) -> object:
    types = {"generic", *(each.type for each in metrics.resources)}
    return [_type(name) for name in sorted(types)]


@routes.get("/resource_type/{name}", "resource_type.show")
def show_type(metrics: Metrics, call: Call) -> object:
    return _type(call.params["name"])


def _type(name: str) -> dict[str, Any]:
    """Types come into being with their first resource, and take any attributes."""
    return {"name": name, "attributes": {}, "state": "active"}


@routes.get(_ALL, "resource.list")
def list_all(metrics: Metrics, call: Call) -> object:
    return _listed(metrics, call, None)


@routes.post("/search/resource/{type}", "resource.search")
def search(metrics: Metrics, call: Call) -> object:
    return _listed(metrics, call, call.document if call.body else None)


def _listed(metrics: Metrics, call: Call, query: Any) -> object:
    wanted = call.params["type"]
    return [
        shown(each)
        for each in metrics.resources
        if call.caller.sees(each.project_id)
        and wanted in ("generic", each.type)
        and meets(each, query)
    ]


@routes.get(_ONE, "resource.show")
def show(metrics: Metrics, call: Call) -> object:
    return shown(of(metrics, call))


@routes.patch(_ONE, "resource.update")
def update(metrics: Metrics, call: Call) -> object:
    resource = of(metrics, call)
    said = call.json
    resource.attributes |= {name: each for name, each in said.items() if name not in _GENERAL}
    metrics.resources.save(resource)
    _add_metrics(metrics, call, resource, said.get("metrics") or {})
    return shown(resource)


@routes.delete(_ONE, "resource.delete")
def delete(metrics: Metrics, call: Call) -> None:
    resource = of(metrics, call)
    for metric in metrics.metrics.find(resource_id=resource.id):
        metrics.metrics.remove(metric.id)
    metrics.resources.remove(resource.id)


@routes.post(f"{_ONE}/metric", "resource.add_metrics")
def add_metrics(metrics: Metrics, call: Call) -> object:
    resource = of(metrics, call)
    _add_metrics(metrics, call, resource, call.json)
    return [
        METRICS.show(metrics, call, each) for each in metrics.metrics.find(resource_id=resource.id)
    ]


@routes.get(f"{_ONE}/metric/{{name}}", "resource.show_metric")
def show_metric(metrics: Metrics, call: Call) -> object:
    return METRICS.show(metrics, call, _metric(metrics, call))


@routes.delete(f"{_ONE}/metric/{{name}}", "resource.delete_metric")
def delete_metric(metrics: Metrics, call: Call) -> None:
    metric = _metric(metrics, call)
    unlink(metrics, call, metric)
    metrics.metrics.remove(metric.id)


@routes.get(f"{_ONE}/metric/{{name}}/measures", "resource.tell")
def tell(metrics: Metrics, call: Call) -> object:
    return measured(metrics, call, _metric(metrics, call))


@routes.post(f"{_ONE}/metric/{{name}}/measures", "resource.measure", status=202)
def add(metrics: Metrics, call: Call) -> None:
    metrics.keep(_metric(metrics, call), read_points(metrics, call.document))


def _metric(metrics: Metrics, call: Call) -> Any:
    found = metrics.metric_of(of(metrics, call).id, call.params["name"])
    if not found:
        raise Fault(404, f"Metric {call.params['name']} does not exist")
    return metrics.metrics.get(found[0])
