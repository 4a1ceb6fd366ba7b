"""OS::Neutron::RouterGateway, ExtraRoute and ExtraRouteSet: what the cloud's routers then have."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import FLOATING_IP, NETWORK, ROUTER

pytestmark = pytest.mark.slow


def routed(**more: Any) -> dict[str, Any]:
    """Two routers; the first one is on a subnet."""
    return {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.77.0.0/24"),
        "router": resource("OS::Neutron::Router"),
        "other": resource("OS::Neutron::Router"),
        "interface": resource(
            "OS::Neutron::RouterInterface", router=ref("router"), subnet=ref("subnet")
        ),
        **more,
    }


async def test_router_gateway(account: Account, name: str) -> None:
    def template(router: str, **network: str) -> Document:
        gateway = resource("OS::Neutron::RouterGateway", router_id=ref(router), **network)
        port = resource(
            "OS::Neutron::Port", network=ref("net"), fixed_ips=[{"subnet": ref("subnet")}]
        )
        address = resource(
            "OS::Neutron::FloatingIP", floating_network="public", port_id=ref("port")
        )
        leads = {"port": port, "address": address} if router == "router" else {}
        return document(routed(gateway=gateway, **leads), show=attr("gateway", "show"))

    async def network_of(router: str) -> Any:
        gateway = (await cloud.show(ROUTER, stack.ids[router]))["external_gateway_info"]
        return gateway and gateway["network_id"]

    stacks, cloud = account.stacks, account.cloud
    public = await cloud.find("neutron.network", "public")
    # The floating IP needs the way out, and says so to nobody.
    stack = await stacks.create(name, template("router", network="public"))
    assert stack.ids["gateway"] == f"{stack.ids['router']}:{public}"
    assert stack.outputs["show"]["id"] == stack.ids["router"]
    assert await network_of("router") == public
    address = stack.ids["address"]
    await stacks.update(stack, template("other", network_id=public))
    assert await account.gone(FLOATING_IP, address)
    assert (await network_of("router"), await network_of("other")) == (None, public)
    await stacks.update(stack, document(routed()))
    assert await network_of("other") is None
    await stacks.delete(stack)
    assert await account.gone(ROUTER, stack.ids["router"])
    assert await account.gone(NETWORK, stack.ids["net"])


async def test_extra_route(account: Account, name: str) -> None:
    def template(destination: str, hop: str) -> Document:
        route = resource(
            "OS::Neutron::ExtraRoute",
            router_id=ref("router"),
            destination=destination,
            nexthop=hop,
        )
        return document(routed(route=route))

    async def routes() -> Any:
        return (await cloud.show(ROUTER, stack.ids["router"]))["routes"]

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("10.90.0.0/16", "10.77.0.9"))
    assert stack.ids["route"] == f"{stack.ids['router']}:10.90.0.0/16:10.77.0.9"
    assert await routes() == [{"destination": "10.90.0.0/16", "nexthop": "10.77.0.9"}]
    await stacks.update(stack, template("10.91.0.0/16", "10.77.0.9"))
    assert await routes() == [{"destination": "10.91.0.0/16", "nexthop": "10.77.0.9"}]
    await stacks.delete(stack)
    assert await account.gone(ROUTER, stack.ids["router"])


async def test_extra_route_set(account: Account, name: str) -> None:
    def template(label: str, *destinations: str) -> Document:
        def routes(*destinations: str) -> list[Any]:
            return [{"destination": each, "nexthop": "10.77.0.9"} for each in destinations]

        mine = resource(
            "OS::Neutron::ExtraRouteSet", router=ref("router"), routes=routes(*destinations)
        )
        others = resource(
            "OS::Neutron::ExtraRouteSet", router=ref("router"), routes=routes("10.99.0.0/16")
        )
        return document(routed(**{label: mine, "others": others}), router=ref(label))

    async def destinations() -> set[str]:
        routes = (await cloud.show(ROUTER, stack.ids["router"]))["routes"]
        return {each["destination"] for each in routes}

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("set", "10.90.0.0/16", "10.91.0.0/16"))
    assert await destinations() == {"10.90.0.0/16", "10.91.0.0/16", "10.99.0.0/16"}
    assert stack.outputs["router"] == stack.ids["router"]
    await stacks.update(stack, template("set", "10.91.0.0/16", "10.92.0.0/16"))
    assert await destinations() == {"10.91.0.0/16", "10.92.0.0/16", "10.99.0.0/16"}
    await stacks.update(stack, template("renamed", "10.91.0.0/16", "10.92.0.0/16"))
    assert await destinations() == {"10.91.0.0/16", "10.92.0.0/16", "10.99.0.0/16"}
    await stacks.update(stack, template("renamed"))
    assert await destinations() == {"10.99.0.0/16"}
    await stacks.delete(stack)
    assert await account.gone(ROUTER, stack.ids["router"])
