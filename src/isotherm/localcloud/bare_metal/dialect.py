"""Bare metal's ways: bare bodies, patches, for administrators alone."""

import json
from typing import Any, ClassVar, TypeVar

from isotherm.localcloud.bare_metal.state import BareMetal, Stored, Unlike
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import Asked, Dialect, Kind, Lists, next_url
from isotherm.localcloud.kinds.checks import is_uuid
from isotherm.localcloud.kinds.views import BRIEF, FULL
from isotherm.localcloud.microversions import Microversions, VersionedRoutes
from isotherm.localcloud.routing import Routes

VERSIONS = Microversions(("baremetal",), 1, 1, 80, own_header="X-OpenStack-Ironic-API-Version")
_BOUNDS = {
    "X-OpenStack-Ironic-API-Minimum-Version": "1.1",
    "X-OpenStack-Ironic-API-Maximum-Version": f"1.{VERSIONS.most}",
}
_NAMES_SINCE = 5
versions = Routes[BareMetal]()
E = TypeVar("E", bound=Stored)


def render(fault: Fault, call: Call) -> Reply:
    told = {"faultcode": "Client", "faultstring": fault.message, "debuginfo": None}
    return Reply(fault.status, {"error_message": json.dumps(told)}, {**_BOUNDS, **fault.headers})


@versions.get("", "version.list", open=True)
@versions.get("/v1", "version.show", open=True)
def list_versions(metal: BareMetal, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}/baremetal/v1/"}
    version = {
        "id": "v1",
        "status": "CURRENT",
        "min_version": "1.1",
        "version": f"1.{VERSIONS.most}",
        "links": [link],
    }
    body = {"name": "OpenStack Ironic API", "id": "v1", "versions": [version], "links": [link]}
    return Reply(200, {**body, "default_version": version, "version": version}, _BOUNDS)


def forbidden(rule: str) -> Fault:
    return Fault(403, f"Access was denied to the following resource: {rule}")


class MetalLists(Lists):
    general = (*Lists.general, "detail", "fields")

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        return {"next": next_url(asked.call, page[-1])} if more and page else {}

    def bad_sort_key(self, key: str) -> Fault:
        return Fault(400, f'The sort_key value "{key}" is an invalid field for sorting')

    def no_marker(self, noun: str, marker: str) -> Fault:
        return Fault(404, f"{noun} {marker} could not be found.")

    def number(self, call: Call, name: str) -> int | None:
        text = call.argument(name)
        if text and not text.lstrip("-").isdigit():
            raise Fault(400, f"Expected an integer for {name}: {text}")
        return super().number(call, name)


class MetalDialect(Dialect[BareMetal]):
    wrapped = False
    change_method = "PATCH"
    lists = MetalLists()
    words: ClassVar = {
        "forbidden": (403, "Access was denied to the following resource: {rule}"),
    }

    def __init__(self, noun: str) -> None:
        self.noun = noun

    def routes(self) -> Routes[BareMetal]:
        return VersionedRoutes(VERSIONS, forbidden, "/v1")

    def minor_of(self, call: Call) -> int:
        return VERSIONS.minor_of(call)

    def misshapen(self, reason: object) -> Fault:
        return Fault(400, f"Schema error for {self.noun}: {reason}")

    def required(self, where: str, name: str, said: object = None) -> Fault:
        return self.misshapen(f"'{name}' is a required property")

    def unknown(self, where: str, names: list[str], value: object) -> Fault:
        return self.misshapen(
            f"Additional properties are not allowed ('{names[0]}' was unexpected)"
        )

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        if isinstance(reason, Unlike):
            return Fault(400, reason.told_of(name))
        return self.misshapen(reason)


class MetalKind(Kind[BareMetal, E]):
    """Called by its `uuid`; lists are brief unless they are asked for more, or for some fields."""

    def of(self, service: BareMetal, call: Call) -> E:
        if self.dialect.minor_of(call) < _NAMES_SINCE and not is_uuid(call.params["id"]):
            raise self.dialect.missing(self.noun, call.params["id"])
        return super().of(service, call)

    def show(self, service: BareMetal, call: Call, entity: E, view: str = FULL) -> dict[str, Any]:
        shown = super().show(service, call, entity, view)
        base = f"{call.base_url}/baremetal"
        links = [
            {"href": f"{base}{version}{self.path}/{entity.id}", "rel": rel}
            for version, rel in (("/v1", "self"), ("", "bookmark"))
        ]
        shown = {"uuid": shown.pop("id"), **shown, "links": links}
        wanted = call.argument("fields")
        if not wanted:
            return shown
        return {name: shown[name] for name in (*wanted.split(","), "links") if name in shown}

    def list_seen(self, service: BareMetal, call: Call, view: str = FULL) -> object:
        detailed = (call.argument("detail") or "").lower() == "true"
        return super().list_seen(
            service, call, FULL if detailed or call.argument("fields") else view
        )

    def refuse_name(self, metal: BareMetal, name: str | None, there: E | None) -> None:
        """Raises Fault 409."""
        for each in self.made(metal):
            if name and each is not there and getattr(each, "name") == name:  # noqa: B009
                raise Fault(409, f"A {self.name} with name {name} already exists.")


def brief(name: str) -> dict[str, Any]:
    """What all kinds declare: only administrators make them, and nobody else sees them."""
    return {
        "dialect": MetalDialect(name),
        "name": name,
        "brief": True,
        "views": {"list": BRIEF},
        "admins": {"create": f"baremetal:{name}:create"},
        "visible": lambda metal, caller, each: caller.is_admin,
    }
