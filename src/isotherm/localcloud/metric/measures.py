"""Measures: taken in one by one or in batches, and told in spans."""

from datetime import UTC, datetime
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.metric.dialect import DIALECT, Explained, invalid, misplaced
from isotherm.localcloud.metric.entities import Metric, seconds_of
from isotherm.localcloud.metric.metrics import METRICS
from isotherm.localcloud.metric.state import Metrics, Points

routes = DIALECT.routes()


def moment(metrics: Metrics, said: Any) -> float:
    """Seconds since the epoch of a time, or of a span before now (`-1 day`). Raises ValueError."""
    text = str(said).strip()
    if text == "now":
        return metrics.now()
    if text.startswith("-"):
        return metrics.now() - seconds_of(text[1:].strip())
    if text.replace(".", "", 1).isdigit():
        return float(text)
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def read_points(metrics: Metrics, said: Any) -> Points:
    """Raises Fault 400."""
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise invalid("unexpected measures format")
    found: Points = []
    for each in said:
        if not isinstance(each.get("value"), int | float) or "timestamp" not in each:
            raise invalid("unexpected measures format")
        try:
            found.append((moment(metrics, each["timestamp"]), float(each["value"])))
        except ValueError:
            raise invalid("unexpected timestamp 'Unable to convert timestamps'") from None
    return found


def told(points: Points, granularity: float) -> list[tuple[str, float, float]]:
    return [(iso_time(at, suffix="+00:00"), granularity, value) for at, value in points]


def asked(metrics: Metrics, call: Call) -> dict[str, Any]:
    """What the query wants. Raises Fault 400."""
    wish: dict[str, Any] = {"method": call.argument("aggregation") or "mean"}
    for name in ("start", "stop"):
        if said := call.argument(name):
            try:
                wish[name] = moment(metrics, said)
            except ValueError:
                reason = "Must be a datetime or a timestamp"
                raise Explained(400, "Argument value error", detail=name, reason=reason) from None
    return wish


def measured(
    metrics: Metrics, call: Call, held: list[Metric], wish: dict[str, Any]
) -> list[tuple[str, float, float]]:
    """At the granularity that is asked for, else at all that the metrics keep. Raises Fault 404."""
    said, found = call.argument("granularity"), []
    for size in [float(said)] if said else metrics.granularities(held[0]):
        try:
            ids = [each.id for each in held]
            points = metrics.measures(ids, {**wish, "granularity": size})
        except KeyError as missing:
            raise _unkept(held[0], wish["method"], missing.args[0]) from None
        found += told(points, size)
    return found


def _unkept(metric: Metric, method: str, missing: object) -> Fault:
    if missing == method:
        detail = {"metric": metric.id, "aggregation_method": method}
        return Explained(404, "Aggregation method does not exist for this metric", detail=detail)
    where = f"at granularity '{missing}' for metric {metric.id}"
    return Fault(404, f"Aggregation method '{method}' {where} does not exist")


@routes.post("/metric/{id}/measures", "metric.measure", status=202)
def add(metrics: Metrics, call: Call) -> None:
    metrics.keep(METRICS.of(metrics, call), read_points(metrics, call.document))


@routes.get("/metric/{id}/measures", "metric.tell")
def tell(metrics: Metrics, call: Call) -> object:
    return measured(metrics, call, [METRICS.of(metrics, call)], asked(metrics, call))


def _read_batch(metrics: Metrics, said: Any, *where: str) -> Points:
    try:
        return read_points(metrics, said)
    except Fault:
        raise misplaced("not a valid value", *where) from None


@routes.post("/batch/metrics/measures", "metric.measure_many", status=202)
def add_many(metrics: Metrics, call: Call) -> None:
    read = {name: _read_batch(metrics, said, name) for name, said in call.json.items()}
    unknown = [each for each in read if each not in metrics.metrics]
    if unknown:
        raise Fault(400, f"Unknown metrics: {', '.join(sorted(unknown))}")
    for metric_id, points in read.items():
        metrics.keep(METRICS.find(metrics, call.caller, metric_id), points)


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
            found.append((metric, _read_batch(metrics, points, resource_id, name)))
    for metric, points in found:
        metrics.keep(metric, points)
