"""The metric service's ways: bare objects and bare lists."""

from typing import Any, ClassVar

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import Asked, Dialect, Lists
from isotherm.localcloud.metric.state import Metrics

_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
}


def render(fault: Fault, call: Call) -> Reply:
    title = _TITLES.get(fault.status, "Error")
    body = {"code": fault.status, "title": title, "description": fault.message}
    return Reply(fault.status, body, fault.headers)


class MetricLists(Lists):
    def body(
        self, asked: Asked[Any], shown: list[dict[str, Any]], beside: dict[str, Any]
    ) -> object:
        return shown


class MetricDialect(Dialect[Metrics]):
    change_method = "PATCH"
    wrapped = False
    lists = MetricLists()
    prefixes = ("/v1",)
    words: ClassVar = {
        "missing": (404, "{noun} {entity_id} does not exist"),
    }


DIALECT = MetricDialect()
