"""Resources that are measured, each with metrics by name."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.entities import MeasuredResource, ResourceType
from isotherm.localcloud.metric.measures import asked, measured, moment, read_points
from isotherm.localcloud.metric.metrics import METRICS, create, described, unlink
from isotherm.localcloud.metric.resource_types import TYPES, checked
from isotherm.localcloud.metric.state import Metrics, meets

routes = DIALECT.routes()
_ALL = "/resource/{type}"
_ONE = f"{_ALL}/{{id}}"


def _kind(metrics: Metrics, call: Call) -> ResourceType:
    """Raises Fault 404."""
    return TYPES.find(metrics, call.caller, call.params["type"])


def shown(resource: MeasuredResource, kind: ResourceType) -> dict[str, Any]:
    """Whoever looks at it as of a general type sees no attributes."""
    own = resource.attributes if kind.name == resource.type else {}
    return {**described(resource), "metrics": resource.metrics, **own}


def of(metrics: Metrics, call: Call) -> MeasuredResource:
    """Raises Fault 404."""
    kind, said = _kind(metrics, call), call.params["id"]
    caller = call.caller
    wanted = metrics.resource_id(said, caller.user_id, call.project_id)
    named = metrics.resources.find(original_id=said) if caller.is_admin else []
    found = metrics.resources.get(wanted) or next(iter(named), None)
    if (
        found is None
        or not caller.sees(found.project_id)
        or kind.name not in ("generic", found.type)
    ):
        raise Fault(404, f"Resource {wanted} does not exist")
    return found


@routes.post(_ALL, "resource.create", status=201)
def create_one(metrics: Metrics, call: Call) -> object:
    said, kind = call.json, _kind(metrics, call)
    attributes = checked(kind, said, new=True)
    user_id, now = call.caller.user_id, metrics.now()
    resource_id = metrics.resource_id(str(said["id"]), user_id, call.project_id)
    if resource_id in metrics.resources:
        raise Fault(409, f"Resource {resource_id} already exists")
    resource = metrics.resources.add(
        MeasuredResource(
            id=resource_id,
            original_id=str(said["id"]),
            project_id=call.project_id,
            user_id=user_id,
            type=kind.name,
            attributes=attributes,
            given={name: said.get(name) for name in ("user_id", "project_id")},
            started_at=moment(metrics, said.get("started_at") or "now"),
            changed_at=now,
        )
    )
    _add_metrics(metrics, call, resource, said.get("metrics") or {})
    location = {"Location": f"{call.base_url}{call.path}/{resource.id}"}
    return Reply(201, shown(resource, kind), location)


def _add_metrics(
    metrics: Metrics, call: Call, resource: MeasuredResource, wanted: dict[str, Any]
) -> None:
    for name, said in wanted.items():
        wish = METRICS.wish(
            call, {"name": name, **(said if isinstance(said, dict) else {})}, "create"
        )
        create(metrics, call, {**wish, "resource_id": resource.id})


@routes.get(_ALL, "resource.list")
def list_all(metrics: Metrics, call: Call) -> object:
    return _listed(metrics, call, None)


@routes.post("/search/resource/{type}", "resource.search")
def search(metrics: Metrics, call: Call) -> object:
    return _listed(metrics, call, call.document if call.body else None)


def _listed(metrics: Metrics, call: Call, query: Any) -> object:
    kind = _kind(metrics, call)
    _check_query(kind, query)
    found = [
        shown(each, kind)
        for each in metrics.resources
        if call.caller.sees(each.project_id)
        and kind.name in ("generic", each.type)
        and meets(each, query)
    ]
    for key, _, way in (each.partition(":") for each in (call.argument("sort") or "").split(",")):
        if key:
            found.sort(key=lambda each: str(each.get(key)), reverse=way.startswith("desc"))
    limit, marker = call.argument("limit"), call.argument("marker")
    ids = [each["id"] for each in found]
    first = ids.index(marker) + 1 if marker in ids else 0
    return found[first:][: int(limit) if limit else None]


_KNOWN = ("id", "type", "started_at", "ended_at", "user_id", "project_id", "original_resource_id")


def _check_query(kind: ResourceType, query: Any) -> None:
    """Raises Fault 400."""
    for operator, said in (query or {}).items():
        if operator in ("and", "or", "∧", "∨", "not"):
            for each in said if isinstance(said, list) else [said]:
                _check_query(kind, each)
            continue
        for name in said:
            made = ("creator", "created_by_user_id", "created_by_project_id")
            if name not in (*_KNOWN, *made, *kind.attributes):
                raise Fault(400, f"Resource type {kind.name} has no {name} attribute")


@routes.get(_ONE, "resource.show")
def show(metrics: Metrics, call: Call) -> object:
    return shown(of(metrics, call), _kind(metrics, call))


@routes.get(f"{_ONE}/history", "resource.show_history")
def history(metrics: Metrics, call: Call) -> object:
    resource = of(metrics, call)
    return [*resource.former, shown(resource, _kind(metrics, call))]


@routes.patch(_ONE, "resource.update")
def update(metrics: Metrics, call: Call) -> object:
    resource, said, kind = of(metrics, call), call.json, _kind(metrics, call)
    attributes, now = checked(kind, said, new=False), metrics.now()
    before = {**shown(resource, kind), "revision_end": iso_time(now, suffix="+00:00")}
    resource.former = [*resource.former, before]
    resource.attributes, resource.changed_at = {**resource.attributes, **attributes}, now
    resource.given |= {n: said[n] for n in ("user_id", "project_id") if n in said}
    if said.get("ended_at"):
        resource.ended_at = moment(metrics, said["ended_at"])
    metrics.resources.save(resource)
    _add_metrics(metrics, call, resource, said.get("metrics") or {})
    return shown(resource, kind)


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
    return list_metrics(metrics, call)


@routes.get(f"{_ONE}/metric", "resource.list_metrics")
def list_metrics(metrics: Metrics, call: Call) -> object:
    held = metrics.metrics.find(resource_id=of(metrics, call).id)
    return [METRICS.show(metrics, call, each, "listed") for each in held]


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
    return measured(metrics, call, [_metric(metrics, call)], asked(metrics, call))


@routes.post(f"{_ONE}/metric/{{name}}/measures", "resource.measure", status=202)
def add(metrics: Metrics, call: Call) -> None:
    metrics.keep(_metric(metrics, call), read_points(metrics, call.document))


def _metric(metrics: Metrics, call: Call) -> Any:
    found = metrics.metric_of(of(metrics, call).id, call.params["name"])
    if not found:
        raise Fault(404, f"Metric {call.params['name']} does not exist")
    return metrics.metrics.get(found[0])
