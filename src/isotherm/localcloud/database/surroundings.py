"""Versions, flavors and datastores."""

from typing import Any

from isotherm.localcloud.database.dialect import PREFIX
from isotherm.localcloud.database.state import DATASTORES, FLAVORS, Databases, flavor_of
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.routing import Routes

versions = Routes[Databases]()
routes = Routes[Databases](PREFIX)


@versions.get("", "version.list", open=True)
def list_versions(databases: Databases, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}/database/v1.0/"}
    return {"versions": [{"id": "v1.0", "status": "CURRENT", "updated": "", "links": [link]}]}


@routes.get("/flavors", "flavor.list")
def list_flavors(databases: Databases, call: Call) -> object:
    return {"flavors": [_flavor(call, each) for each in FLAVORS]}


@routes.get("/flavors/{id}", "flavor.show")
def show_flavor(databases: Databases, call: Call) -> object:
    return {"flavor": _flavor(call, flavor_of(call.params["id"]))}


def _flavor(call: Call, flavor_id: str) -> dict[str, Any]:
    name, ram = FLAVORS[flavor_id]
    link = {"rel": "self", "href": f"{call.base_url}{call.path}"}
    told = {"id": int(flavor_id), "str_id": flavor_id, "name": name, "ram": ram}
    return {**told, "vcpus": 1, "disk": 1, "links": [link]}


@routes.get("/datastores", "datastore.list")
def list_datastores(databases: Databases, call: Call) -> object:
    return {"datastores": [_datastore(each) for each in DATASTORES]}


@routes.get("/datastores/{name}", "datastore.show")
def show_datastore(databases: Databases, call: Call) -> object:
    return {"datastore": _datastore(_known(call))}


@routes.get("/datastores/{name}/versions", "datastore.list_versions")
def list_datastore_versions(databases: Databases, call: Call) -> object:
    return {"versions": _datastore(_known(call))["versions"]}


def _known(call: Call) -> str:
    """Raises Fault 404."""
    if call.params["name"] not in DATASTORES:
        raise Fault(404, f"Datastore '{call.params['name']}' cannot be found.")
    return call.params["name"]


def _datastore(name: str) -> dict[str, Any]:
    made = [{"id": f"{name}-{each}", "name": each, "active": 1} for each in DATASTORES[name]]
    return {"id": name, "name": name, "default_version": made[0]["id"], "versions": made}
