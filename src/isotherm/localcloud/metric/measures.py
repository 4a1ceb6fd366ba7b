"""Measures: taken in one by one or in batches, and told in spans."""

from datetime import UTC, datetime
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.entities import Metric
from isotherm.localcloud.metric.metrics import METRICS
from isotherm.localcloud.metric.state import Metrics, Points

routes = DIALECT.routes()


def moment(metrics: Metrics, said: Any) -> float:
    """Seconds since the epoch of a time, or of a span before now (`-10 minutes` in seconds)."""
    try:
        if isinstance(said, int | float) or str(said).lstrip("-").replace(".", "", 1).isdigit():
            number = float(said)
            return metrics.now() + number if number < 0 else number
        at = datetime.fromisoformat(str(said))
    except ValueError:
        raise Fault(400, f"Invalid input: timestamp {said!r} is no time") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def read_points(metrics: Metrics, said: Any) -> Points:
    if not isinstance(said, list):
        raise Fault(400, "Invalid input: expected a list of measures")
    found: Points = []
    for each in said:
        if not isinstance(each, dict) or not isinstance(each.get("value"), int | float):
            raise Fault(400, f"Invalid input: {each!r} is no measure")
        found.append((moment(metrics, each.get("timestamp", metrics.now())), float(each["value"])))
    return found


def told(points: Points, granularity: float) -> list[tuple[str, float, float]]:
    return [(iso_time(at, suffix="+00:00"), granularity, value) for at, value in points]


def asked(metrics: Metrics, call: Call, usual: float) -> dict[str, Any]:
    """What the query wants. Raises Fault 400."""
    wish: dict[str, Any] = {
        "method": call.argument("aggregation") or "mean",
        "granularity": float(call.argument("granularity") or usual),
    }
    if start := call.argument("start"):
        wish["start"] = moment(metrics, start)
    return wish


def measured(metrics: Metrics, call: Call, metric: Metric) -> object:
    wish = asked(metrics, call, metrics.granularity(metric))
    try:
        points = metrics.measures([metric.id], wish)
    except KeyError:
        raise Fault(404, f"Aggregation method '{wish['method']}' does not exist") from None
    stop = call.argument("stop")
    points = [each for each in points if not stop or each[0] < moment(metrics, stop)]
    return told(points, wish["granularity"])


@routes.post("/metric/{id}/measures", "metric.measure", status=202)
def add(metrics: Metrics, call: Call) -> None:
    metrics.keep(METRICS.of(metrics, call), read_points(metrics, call.document))


@routes.get("/metric/{id}/measures", "metric.tell")
def tell(metrics: Metrics, call: Call) -> object:
    return measured(metrics, call, METRICS.of(metrics, call))


@routes.post("/batch/metrics/measures", "metric.measure_many", status=202)
def add_many(metrics: Metrics, call: Call) -> None:
    found = [
        (METRICS.find(metrics, call.caller, metric_id), read_points(metrics, points))
        for metric_id, points in call.json.items()
    ]
    for metric, points in found:
        metrics.keep(metric, points)


@routes.post("/batch/resources/metrics/measures", "resource.measure_many", status=202)
def add_by_resources(metrics: Metrics, call: Call) -> None:
    found = []
    for resource_id, by_name in call.json.items():
        for name, said in by_name.items():
            points = said.get("measures", []) if isinstance(said, dict) else said
            ids = metrics.metric_of(resource_id, name)
            if not ids:
                raise Fault(400, f"Unknown metrics: {resource_id}/{name}")
            metric = METRICS.find(metrics, call.caller, ids[0])
            found.append((metric, read_points(metrics, points)))
    for metric, points in found:
        metrics.keep(metric, points)
