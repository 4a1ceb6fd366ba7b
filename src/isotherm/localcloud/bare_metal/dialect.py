"""Bare metal's ways: bare bodies, patches, for administrators alone."""

import json
from typing import Any

from isotherm.localcloud.bare_metal.state import BareMetal
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import Dialect
from isotherm.localcloud.microversions import Microversions, VersionedRoutes
from isotherm.localcloud.routing import Routes

VERSIONS = Microversions(("baremetal",), 1, 1, 80, own_header="X-OpenStack-Ironic-API-Version")
_BOUNDS = {
    "X-OpenStack-Ironic-API-Minimum-Version": "1.1",
    "X-OpenStack-Ironic-API-Maximum-Version": f"1.{VERSIONS.most}",
}
versions = Routes[BareMetal]()


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


class MetalDialect(Dialect[BareMetal]):
    wrapped = False
    change_method = "PATCH"

    def routes(self) -> Routes[BareMetal]:
        return VersionedRoutes(VERSIONS, forbidden, "/v1")

    def minor_of(self, call: Call) -> int:
        return VERSIONS.minor_of(call)

    def forbidden(self, rule: str) -> Fault:
        return forbidden(rule)


DIALECT = MetalDialect()
ADMINS = dict.fromkeys(("create", "list", "show", "update", "delete"), "baremetal")


def with_uuid(metal: BareMetal, call: Call, entity: Any, view: str) -> dict[str, Any]:
    return {"uuid": entity.id}
