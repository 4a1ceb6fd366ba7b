"""Private networks and firewalls over HTTP: what they hold, and what only agents take down."""

from typing import Any

from tests.localcloud.conftest import Http
from tests.localcloud.test_network import NETWORK, listed, make, refusal
from tests.localcloud.test_network_routing import plug, routed

from isotherm.localcloud import LocalCloud


async def vpn(http: Http, path: str, **wish: Any) -> Any:
    answer = await http("POST", f"{NETWORK}/vpn/{path}s", {path: wish})
    return answer.body[path] if answer.status == 201 else refusal(answer)


async def test_a_private_network_holds_its_router_and_the_way_out(http: Http) -> None:
    router, _, subnet = await routed(http)
    place = {"router_id": router["id"], "subnet_id": subnet["id"]}
    service = await vpn(http, "vpnservice", **place)
    path = f"{NETWORK}/routers/{router['id']}"

    without = {"router": {"external_gateway_info": None}}
    assert refusal(await http("PUT", path, without)) == (409, "RouterInUse")
    unplugged = await plug(http, router, "remove", subnet_id=subnet["id"])
    assert refusal(unplugged) == (409, "SubnetInUseByVPNService")

    assert (await http("DELETE", f"{NETWORK}/vpn/vpnservices/{service['id']}")).status == 204
    assert (await plug(http, router, "remove", subnet_id=subnet["id"])).status == 200
    assert (await http("PUT", path, without)).status == 200
    assert await vpn(http, "vpnservice", **place) == (400, "RouterIsNotExternal")


async def test_a_private_network_without_a_subnet_holds_its_router(http: Http) -> None:
    router, _, subnet = await routed(http)
    await vpn(http, "vpnservice", router_id=router["id"], subnet_id=None)
    assert (await plug(http, router, "remove", subnet_id=subnet["id"])).status == 200
    held = await http("DELETE", f"{NETWORK}/routers/{router['id']}")
    assert refusal(held) == (409, "RouterInUse")


async def test_a_firewall_is_there_until_it_is_taken_down(http: Http, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"network.firewall.delete": 5.0}
    policy = await make_below_fw(http, "firewall_policie", "firewall_policy")
    wall = await make_below_fw(http, "firewall", firewall_policy_id=policy["id"])
    path = f"{NETWORK}/fw/firewalls/{wall['id']}"

    assert (await http("DELETE", path)).status == 204
    assert (await http("GET", path)).body["firewall"]["status"] == "PENDING_DELETE"
    held = await http("DELETE", f"{NETWORK}/fw/firewall_policies/{policy['id']}")
    assert refusal(held) == (409, "FirewallPolicyInUse")
    cloud.advance(5)
    assert (await http("GET", path)).status == 404


async def make_below_fw(http: Http, path: str, key: str = "", **wish: Any) -> dict[str, Any]:
    key = key or path
    answer = await http("POST", f"{NETWORK}/fw/{path}s", {key: {"name": "w", **wish}})
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.body[key]
    return made


async def test_what_takes_no_time_is_gone_at_once(http: Http) -> None:
    net = await make(http, "networks", name="n")
    port = await make(http, "ports", network_id=net["id"])
    wish = {"tap_service": {"name": "t", "port_id": port["id"]}}
    tap = await http("POST", f"{NETWORK}/taas/tap_services", wish)
    path = f"{NETWORK}/taas/tap_services/{tap.body['tap_service']['id']}"
    assert (await http("DELETE", path)).status == 204
    assert await listed(http, "taas/tap_services") == []
