"""Compute's ways: microversions, refusals, lists."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from isotherm.localcloud.compute.faults import invalid, refused
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.routing import ComputeRoutes, forbidden
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Asked, Dialect, Field, Lists, Schema, named
from isotherm.localcloud.routing import Routes


class ComputeLists(Lists):
    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        limit = asked.call.argument("limit") or ""
        if not page or not (more or limit == str(len(page))):
            return {}
        query = [pair for pair in asked.call.query if pair[0] != "marker"]
        text = urlencode([*query, ("marker", page[-1].id)])
        href = f"{asked.call.base_url}{asked.call.path}?{text}"
        return {f"{asked.plural}_links": [{"rel": "next", "href": href}]}

    def number(self, call: Call, name: str) -> int | None:
        text = call.argument(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit():
            reason = f"{text!r} does not match '^[0-9]*$'"
            raise invalid(f"Invalid input for query parameters {name}. Value: {text}. {reason}")
        return int(text)


class ComputeDialect(Dialect[Compute]):
    statuses = {"delete": 204}  # noqa: RUF012 -- never changed
    lists = ComputeLists()

    def routes(self) -> Routes[Compute]:
        return ComputeRoutes()

    def minor_of(self, call: Call) -> int:
        return minor_of(call)

    def sees(self, call: Call, project_id: str | None) -> bool:
        """The project's own; for administrators on request those of all."""
        everybody = call.caller.is_admin and call.argument("all_projects") is not None
        return everybody or project_id == call.project_id

    def required(self, where: str, name: str, said: object = None) -> Fault:
        if said is None:
            return super().required(where, name)
        return refused(where, said, f"{name!r} is a required property")

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        return refused(name, value, str(reason))

    def forbidden(self, rule: str) -> Fault:
        return forbidden(rule)


DIALECT = ComputeDialect()
checked = DIALECT.checked


def read(call: Call, key: str, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The object under the body's `key`, checked. Raises Fault 400."""
    schema = Schema(DIALECT, key, named(fields))
    return schema.read(call.caller, DIALECT.body(call, key), "create", minor_of(call))


def read_action(call: Call, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The argument of a server action, checked; the body must hold nothing else."""
    if len(call.json) != 1:
        raise invalid("Malformed request body")
    return read(call, next(iter(call.json)), fields)
