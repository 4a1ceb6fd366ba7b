"""What can be done with routers, trunks and subnet pools besides changing their fields."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.network import (
    faults,
    router_interfaces,
    routers,
    subnet_pools,
    trunks,
)
from isotherm.localcloud.network.checks import Unconvertible, list_of, loose_cidr, route
from isotherm.localcloud.network.dialect import PREFIX, read_body
from isotherm.localcloud.network.entities import Router
from isotherm.localcloud.network.state import Networking
from isotherm.localcloud.routing import Routes

routes = Routes[Networking](PREFIX)


def _own_router(networking: Networking, call: Call, verb: str) -> Router:
    return routers.KIND.find_own(networking, call.caller, call.params["id"], verb)


@routes.put("/routers/{id}/add_router_interface", "router.add_router_interface")
def add_router_interface(networking: Networking, call: Call) -> object:
    router = _own_router(networking, call, "add_router_interface")
    return router_interfaces.add(networking, call.caller, router, read_body(call))


@routes.put("/routers/{id}/remove_router_interface", "router.remove_router_interface")
def remove_router_interface(networking: Networking, call: Call) -> object:
    router = _own_router(networking, call, "remove_router_interface")
    return router_interfaces.remove(networking, call.caller, router, read_body(call))


@routes.put("/routers/{id}/add_extraroutes", "router.add_extraroutes")
def add_extra_routes(networking: Networking, call: Call) -> object:
    router, given = _own_router(networking, call, "add_extraroutes"), _extra_routes(call)
    wanted = [*router.routes, *(each for each in given if each not in router.routes)]
    routers.check_routes(networking, router, wanted)
    routers.KIND.assign(networking, router, {"routes": wanted})
    return {"router": routers.KIND.show(networking, call, router)}


@routes.put("/routers/{id}/remove_extraroutes", "router.remove_extraroutes")
def remove_extra_routes(networking: Networking, call: Call) -> object:
    router, given = _own_router(networking, call, "remove_extraroutes"), _extra_routes(call)
    wanted = [each for each in router.routes if each not in given]
    routers.KIND.assign(networking, router, {"routes": wanted})
    return {"router": routers.KIND.show(networking, call, router)}


def _extra_routes(call: Call) -> list[dict[str, str]]:
    router = read_body(call).get("router")
    if not isinstance(router, dict) or "routes" not in router:
        raise faults.refused("Unable to find 'routes' in request body")
    try:
        checked: list[dict[str, str]] = list_of(route)(router["routes"])
    except ValueError as error:
        raise faults.invalid_value("routes", str(error)) from error
    return checked


@routes.put("/trunks/{id}/add_subports", "trunk.add_subports")
def add_sub_ports(networking: Networking, call: Call) -> object:
    trunk = trunks.KIND.find_own(networking, call.caller, call.params["id"], "add_subports")
    trunks.add_sub_ports(networking, call.caller, trunk, _sub_ports(call))
    return trunks.KIND.show(networking, call, trunk)


@routes.put("/trunks/{id}/remove_subports", "trunk.remove_subports")
def remove_sub_ports(networking: Networking, call: Call) -> object:
    trunk = trunks.KIND.find_own(networking, call.caller, call.params["id"], "remove_subports")
    trunks.remove_sub_ports(networking, trunk, _sub_ports(call))
    return trunks.KIND.show(networking, call, trunk)


@routes.get("/trunks/{id}/get_subports", "trunk.get_subports")
def get_sub_ports(networking: Networking, call: Call) -> object:
    trunk = trunks.KIND.find(networking, call.caller, call.params["id"])
    return {"sub_ports": trunk.sub_ports}


def _sub_ports(call: Call) -> list[Any]:
    given = read_body(call).get("sub_ports")
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise faults.invalid_input("Unable to find 'sub_ports' in request body")
    return given


@routes.put("/subnetpools/{id}/add_prefixes", "subnetpool.add_prefixes")
def add_prefixes(networking: Networking, call: Call) -> object:
    pool = subnet_pools.KIND.find_own(networking, call.caller, call.params["id"], "add_prefixes")
    return {"prefixes": subnet_pools.add_prefixes(networking, pool, _prefixes(call))}


@routes.put("/subnetpools/{id}/remove_prefixes", "subnetpool.remove_prefixes")
def remove_prefixes(networking: Networking, call: Call) -> object:
    pool = subnet_pools.KIND.find_own(networking, call.caller, call.params["id"], "remove_prefixes")
    return {"prefixes": subnet_pools.remove_prefixes(networking, pool, _prefixes(call))}


def _prefixes(call: Call) -> list[str]:
    try:
        checked: list[str] = list_of(loose_cidr)(read_body(call).get("prefixes"))
    except Unconvertible as error:
        raise faults.invalid_input(str(error)) from error
    except ValueError as error:
        raise faults.invalid_value("prefixes", str(error)) from error
    return checked
