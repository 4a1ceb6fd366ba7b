"""Measures of several metrics as one, and what the service says of itself."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.metric.dialect import DIALECT, Explained, invalid
from isotherm.localcloud.metric.entities import Metric
from isotherm.localcloud.metric.measures import asked, measured
from isotherm.localcloud.metric.metrics import METRICS
from isotherm.localcloud.metric.state import METHOD_NAMES, Metrics
from isotherm.localcloud.routing import Routes

routes = DIALECT.routes()
versions = Routes[Metrics]()


def _aggregated(metrics: Metrics, call: Call, held: list[Metric]) -> object:
    """With `reaggregation` between the metrics."""
    wish = {**asked(metrics, call), "across": call.argument("reaggregation")}
    return measured(metrics, call, held, wish) if held else []


@routes.get("/aggregation/metric", "metric.aggregate")
def aggregate_metrics(metrics: Metrics, call: Call) -> object:
    wanted = [value for name, value in call.query if name == "metric"]
    return _aggregated(metrics, call, [METRICS.find(metrics, call.caller, each) for each in wanted])


@routes.post("/aggregation/resource/{type}/metric/{name}", "resource.aggregate")
def aggregate_resources(metrics: Metrics, call: Call) -> object:
    query = call.document if call.body else None
    return _aggregated(metrics, call, _named(metrics, call, call.params["name"], query))


def _named(metrics: Metrics, call: Call, name: str, query: Any) -> list[Metric]:
    ids = metrics.metrics_of_all(call.project_id, name, query)
    return [METRICS.find(metrics, call.caller, each) for each in ids]


@routes.post("/aggregates", "metric.calculate")
def calculate(metrics: Metrics, call: Call) -> object:
    """`["metric", id, method]`, or `["aggregate", method, …]` of several."""
    said, wish = call.json, asked(metrics, call)
    operations = said.get("operations")
    match operations:
        case ["aggregate", str(across), ["metric", *wanted]]:
            pass
        case ["metric", *wanted]:
            across = ""
        case _:
            raise invalid("Operation is invalid", "operations")
    pairs = wanted if isinstance(wanted[0], list) else [wanted]
    wish["method"] = pairs[0][1]
    if "search" in said:
        held = _named(metrics, call, pairs[0][0], said["search"])
        if not held:
            raise Fault(404, f"Metric {[pairs[0][0]]} does not exist")
    else:
        held = _known(metrics, call, [str(each[0]) for each in pairs])
    if across:
        told = measured(metrics, call, held, {**wish, "across": across})
        return {"measures": {"aggregated": told}}
    alone = {each.id: {wish["method"]: measured(metrics, call, [each], wish)} for each in held}
    return {"measures": alone}


def _known(metrics: Metrics, call: Call, ids: list[str]) -> list[Metric]:
    """Raises Fault 404."""
    unknown = [each for each in ids if each not in metrics.metrics]
    if unknown:
        reason = "Provided metrics don't exists"
        raise Explained(404, "Unknown metrics", reason=reason, detail=unknown)
    return [METRICS.find(metrics, call.caller, each) for each in ids]


@routes.get("/status", "service.status")
def status(metrics: Metrics, call: Call) -> object:
    return {"storage": {"summary": {"metrics": 0, "measures": 0}}}


@routes.get("/capabilities", "service.capabilities")
def capabilities(metrics: Metrics, call: Call) -> object:
    return {"aggregation_methods": list(METHOD_NAMES)}


@versions.get("/", "version.list", open=True)
def list_versions(metrics: Metrics, call: Call) -> object:
    link = {"href": f"{call.base_url}/metric/v1/", "rel": "self"}
    return {"versions": [{"id": "v1.0", "status": "CURRENT", "links": [link]}]}
