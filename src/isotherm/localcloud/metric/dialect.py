"""The metric service's ways: bare objects and bare lists, refusals with their causes."""

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


class Explained(Fault):
    """With a cause, and what it is about."""

    def __init__(self, status: int, cause: str, **facts: object) -> None:
        super().__init__(status, cause)
        self.facts = facts


def invalid(reason: str, *where: str) -> Fault:
    return Explained(400, "Invalid input", reason=reason, detail=list(where))


def misplaced(reason: str, *where: str) -> Fault:
    place = "".join(f"['{each}']" for each in where)
    return invalid(f"{reason} @ data{place}", *where)


def render(fault: Fault, call: Call) -> Reply:
    title = _TITLES.get(fault.status, "Error")
    told: object = "" if fault.status == 403 else fault.message
    if isinstance(fault, Explained):
        told = {"cause": fault.message, **fault.facts}
    body = {"code": fault.status, "title": title, "description": told}
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

    def required(self, where: str, name: str, said: object = None) -> Fault:
        return misplaced("required key not provided", name)

    def unknown(self, where: str, names: list[str], value: object) -> Fault | None:
        return misplaced("extra keys not allowed", names[0])

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        return misplaced(f"{reason} for dictionary value", name)


DIALECT = MetricDialect()
