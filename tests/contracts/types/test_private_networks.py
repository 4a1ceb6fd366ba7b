"""Virtual private networks and firewalls: what the network service then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import (
    FIREWALL,
    FIREWALL_POLICY,
    FIREWALL_RULE,
    IKE_POLICY,
    IPSEC_POLICY,
    IPSEC_SITE_CONNECTION,
    VPN_SERVICE,
)

pytestmark = pytest.mark.slow


async def test_a_way_to_another_site(account: Account, name: str) -> None:
    def template(ike: dict[str, Any], ipsec: dict[str, Any], **more: Any) -> Document:
        return document(
            {
                "net": resource("OS::Neutron::Net"),
                "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.71.0.0/24"),
                "router": resource(
                    "OS::Neutron::Router", external_gateway_info={"network": "public"}
                ),
                "interface": resource(
                    "OS::Neutron::RouterInterface", router=ref("router"), subnet=ref("subnet")
                ),
                "service": resource(
                    "OS::Neutron::VPNService", router=ref("router"), subnet=ref("subnet"), **more
                ),
                "ike": resource("OS::Neutron::IKEPolicy", lifetime={"value": 600}),
                "spare": resource("OS::Neutron::IKEPolicy", **ike),
                "ipsec": resource("OS::Neutron::IPsecPolicy", **ipsec),
                "site": resource(
                    *("OS::Neutron::IPsecSiteConnection",),
                    vpnservice_id=ref("service"), ikepolicy_id=ref("ike"),
                    ipsecpolicy_id=ref("ipsec"), peer_address="203.0.113.9",
                    peer_id="there", peer_cidrs=["10.72.0.0/24"], psk="hush",
                    dpd={"actions": "restart"}, **more,
                ),
            },
            **{each: attr("site", each) for each in ("auth_mode", "route_mode", "dpd", "psk")},
            lifetime=attr("ike", "lifetime"),
        )  # fmt: skip

    stacks, cloud = account.stacks, account.cloud
    first = template({"lifetime": {"value": 700}}, {}, name=name, description="d")
    stack = await stacks.create(name, first)
    ids = stack.ids
    assert stack.outputs == {
        "auth_mode": "psk",
        "route_mode": "static",
        "dpd": {"action": "restart", "interval": 30, "timeout": 120},
        "psk": "hush",
        "lifetime": {"units": "seconds", "value": 600},
    }
    for entity, key in ((VPN_SERVICE, "service"), (IPSEC_SITE_CONNECTION, "site")):
        shown = await cloud.show(entity, ids[key])
        assert (shown["name"], shown["description"]) == (name, "d")
    await stacks.update(stack, template({"ike_version": "v2"}, {}, admin_state_up=False))
    assert stack.ids == ids
    # A policy that a connection follows stays as it is, this one is free.
    ike = await cloud.show(IKE_POLICY, ids["spare"])
    assert (ike["ike_version"], ike["lifetime"]["value"]) == ("v2", 3600)
    service = await cloud.show(VPN_SERVICE, ids["service"])
    assert (service["admin_state_up"], service["description"]) == (False, "")
    # Another policy is another object, and so is the connection that follows it.
    await stacks.update(stack, template({"ike_version": "v2"}, {"pfs": "group14"}))
    assert stack.ids["site"] != ids["site"]
    assert await account.gone(IPSEC_POLICY, ids["ipsec"])
    await stacks.delete(stack)
    assert await account.gone(VPN_SERVICE, ids["service"])


async def test_firewall(account: Account, name: str) -> None:
    def template(order: list[str], **web: Any) -> Document:
        return document(
            {
                "web": resource("OS::Neutron::FirewallRule", **web),
                "rest": resource("OS::Neutron::FirewallRule"),
                "policy": resource(
                    "OS::Neutron::FirewallPolicy", firewall_rules=[ref(each) for each in order]
                ),
                "wall": resource("OS::Neutron::Firewall", firewall_policy_id=ref("policy")),
            },
            status=attr("wall", "status"),
            rules=attr("policy", "firewall_rules"),
        )

    stacks, cloud = account.stacks, account.cloud
    web = {"protocol": "tcp", "destination_port": "443", "action": "allow"}
    stack = await stacks.create(name, template(["web", "rest"], **web))
    ids = stack.ids
    assert stack.outputs == {"status": "ACTIVE", "rules": [ids["web"], ids["rest"]]}
    rule = await cloud.show(FIREWALL_RULE, ids["web"])
    assert (rule["protocol"], rule["ip_version"], rule["position"]) == ("tcp", 4, 1)
    await stacks.update(stack, template(["rest", "web"]))
    assert stack.ids == ids
    rule = await cloud.show(FIREWALL_RULE, ids["web"])
    told = ("protocol", "destination_port", "action", "position")
    assert [rule[each] for each in told] == [None, None, "deny", 2]
    await stacks.update(stack, template([]))
    assert (await cloud.show(FIREWALL_POLICY, ids["policy"]))["firewall_rules"] == []
    await stacks.delete(stack)
    assert await account.gone(FIREWALL, ids["wall"])
