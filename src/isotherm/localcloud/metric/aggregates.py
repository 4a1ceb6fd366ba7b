"""Measures of several metrics as one, and what the service says of itself."""

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.measures import asked, told
from isotherm.localcloud.metric.metrics import METRICS
from isotherm.localcloud.metric.state import METHOD_NAMES, Metrics
from isotherm.localcloud.routing import Routes

routes = DIALECT.routes()
versions = Routes[Metrics]()


def _aggregated(metrics: Metrics, call: Call, ids: list[str]) -> object:
    """With `reaggregation` between the metrics."""
    wish = asked(metrics, call, 300.0)
    wish["across"] = call.argument("reaggregation")
    try:
        return told(metrics.measures(ids, wish), wish["granularity"])
    except KeyError as error:
        raise Fault(404, f"Aggregation method {error} does not exist") from None


@routes.get("/aggregation/metric", "metric.aggregate")
def aggregate_metrics(metrics: Metrics, call: Call) -> object:
    wanted = [value for name, value in call.query if name == "metric"]
    return _aggregated(
        metrics, call, [METRICS.find(metrics, call.caller, each).id for each in wanted]
    )


@routes.post("/aggregation/resource/{type}/metric/{name}", "resource.aggregate")
def aggregate_resources(metrics: Metrics, call: Call) -> object:
    query = call.document if call.body else None
    return _aggregated(
        metrics, call, metrics.metrics_of_all(call.project_id, call.params["name"], query)
    )


@routes.get("/status", "service.status")
def status(metrics: Metrics, call: Call) -> object:
    return {"storage": {"summary": {"metrics": 0, "measures": 0}}}


@routes.get("/capabilities", "service.capabilities")
def capabilities(metrics: Metrics, call: Call) -> object:
    return {"aggregation_methods": sorted(METHOD_NAMES)}


@versions.get("/", "version.list", open=True)
def list_versions(metrics: Metrics, call: Call) -> object:
    link = {"href": f"{call.base_url}/metric/v1/", "rel": "self"}
    return {"versions": [{"id": "v1.0", "status": "CURRENT", "links": [link]}]}
