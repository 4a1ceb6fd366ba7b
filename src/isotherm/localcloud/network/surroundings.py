"""Versions, extensions, how full networks are, and lists that are empty without agents."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.network import availability, faults
from isotherm.localcloud.network.dialect import PREFIX
from isotherm.localcloud.network.extensions import EXTENSIONS
from isotherm.localcloud.network.lists import query_of
from isotherm.localcloud.network.state import Networking
from isotherm.localcloud.routing import Routes

versions = Routes[Networking]()
routes = Routes[Networking](PREFIX)

_MAIN = (
    ("network", "networks"),
    ("subnet", "subnets"),
    ("subnetpool", "subnetpools"),
    ("port", "ports"),
)
# Collections that nothing is ever in, by path.
_EMPTY = {
    "/agents": "agents",
    "/availability_zones": "availability_zones",
    "/flavors": "flavors",
    "/service_profiles": "service_profiles",
    "/address-groups": "address_groups",
}


@versions.get("", "version.list", open=True)
def list_versions(networking: Networking, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}/network/v2.0/"}
    return {"versions": [{"id": "v2.0", "status": "CURRENT", "links": [link]}]}


@routes.get("", "version.show")
def show_version(networking: Networking, call: Call) -> object:
    base = f"{call.base_url}/network/v2.0"
    return {
        "resources": [
            {
                "name": name,
                "collection": plural,
                "links": [{"rel": "self", "href": f"{base}/{plural}"}],
            }
            for name, plural in _MAIN
        ]
    }


@routes.get("/extensions", "extension.list")
def list_extensions(networking: Networking, call: Call) -> object:
    return {"extensions": [_extension(alias) for alias in EXTENSIONS]}


@routes.get("/extensions/{alias}", "extension.show")
def show_extension(networking: Networking, call: Call) -> object:
    alias = call.params["alias"]
    if alias not in EXTENSIONS:
        raise faults.missing("HTTPNotFound", f"Extension with alias {alias} does not exist")
    return {"extension": _extension(alias)}


def _extension(alias: str) -> dict[str, Any]:
    name = EXTENSIONS[alias]
    return {
        "alias": alias,
        "name": name,
        "description": name,
        "updated": "2020-01-01T00:00:00-00:00",
        "links": [],
    }


@routes.get("/service-providers", "service_provider.list")
def list_providers(networking: Networking, call: Call) -> object:
    return {
        "service_providers": [
            {"service_type": "L3_ROUTER_NAT", "name": "single_node", "default": True}
        ]
    }


@routes.get("/network-ip-availabilities", "network_ip_availability.list")
def list_availabilities(networking: Networking, call: Call) -> object:
    """Of all networks; empty for whoever is not an administrator."""
    query = query_of(call)
    found = list(networking.networks) if call.caller.is_admin else []
    for name, field in (("network_id", "id"), ("network_name", "name"), ("project_id",) * 2):
        if name in query:
            found = [each for each in found if getattr(each, field) in query[name]]
    return {"network_ip_availabilities": [availability.show(networking, each) for each in found]}


@routes.get("/network-ip-availabilities/{id}", "network_ip_availability.show")
def show_availability(networking: Networking, call: Call) -> object:
    network = networking.networks.get(call.params["id"])
    if network is None or not call.caller.is_admin:
        raise faults.not_found("network", call.params["id"])
    return {"network_ip_availability": availability.show(networking, network)}


def _add_empty(path: str, plural: str) -> None:
    @routes.get(path, f"{plural}.list")
    def list_nothing(networking: Networking, call: Call) -> object:
        return {plural: []}


for _path, _plural in _EMPTY.items():
    _add_empty(_path, _plural)
