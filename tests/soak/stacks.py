"""The stacks of a soak: what people build, in generations that differ a little."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

Built = tuple[Mapping[str, Any], Mapping[str, str]]
"""A template and its files."""


POLICIES = ("affinity", "anti-affinity")


def build(kind: str, name: str, generation: int, dice: random.Random) -> Built:
    """One generation of a stack. What can only grow grows with the generations."""
    resources = KINDS[kind](name, generation, dice)
    if not kind.startswith("nested"):
        return _template(resources), {}
    return _template({"n1": _made("inner.json"), "n2": _made("inner.json")}), {
        "inner.json": json.dumps(_template(resources))
    }


def _template(resources: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"heat_template_version": "2021-04-16", "resources": resources}


def _made(kind: str, /, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "properties": properties}


def _ref(name: str) -> dict[str, str]:
    return {"get_resource": name}


_FLAVORS = ("m1.tiny", "m1.small", "m1.medium")


def _server(generation: int, dice: random.Random, **more: Any) -> dict[str, Any]:
    properties = {
        "image": "cirros",
        "flavor": _FLAVORS[min(generation // 3, len(_FLAVORS) - 1)],
        "networks": [{"network": "private"}],
        "metadata": {"m": dice.choice("abc")},
        **more,
    }
    return _made("OS::Nova::Server", **properties)


def _attached(name: str, generation: int, dice: random.Random) -> dict[str, Any]:
    return {
        "s1": _server(generation, dice),
        "s2": _server(generation, dice, config_drive=dice.random() < 0.2),
        "volume": _made("OS::Cinder::Volume", size=1 + generation // 4, name=dice.choice("xyz")),
        "link": _made(
            "OS::Cinder::VolumeAttachment",
            instance_uuid=_ref(dice.choice(["s1", "s2"])),
            volume_id=_ref("volume"),
        ),
    }


def _networked(name: str, generation: int, dice: random.Random) -> dict[str, Any]:
    port = {"network": _ref("net"), "fixed_ips": [{"subnet": _ref("subnet")}]}
    return {
        "net": _made("OS::Neutron::Net", tags=[dice.choice("ab")]),
        "subnet": _made(
            "OS::Neutron::Subnet",
            network=_ref("net"),
            cidr=dice.choice(["10.44.0.0/24"] * 4 + ["10.45.0.0/24"]),
            enable_dhcp=dice.random() < 0.5,
        ),
        "router": _made(
            "OS::Neutron::Router",
            external_gateway_info={"network": "public"},
            name=f"{name}-{dice.choice('pq')}",
        ),
        "interface": _made(
            "OS::Neutron::RouterInterface", router=_ref("router"), subnet=_ref("subnet")
        ),
        "group": _made(
            "OS::Neutron::SecurityGroup",
            rules=[{"protocol": "tcp", "port_range_min": p, "port_range_max": p} for p in (22, 80)],
        ),
        "port": _made(
            "OS::Neutron::Port", security_groups=[_ref("group")], name=dice.choice("uv"), **port
        ),
        "address": _made("OS::Neutron::FloatingIP", floating_network="public"),
        "way": _made(
            "OS::Neutron::FloatingIPAssociation",
            floatingip_id=_ref("address"),
            port_id=_ref("port"),
        ),
        "server": _server(generation, dice, networks=[{"port": _ref("port")}]),
    }


def _simple(name: str, generation: int, dice: random.Random) -> dict[str, Any]:
    found = {
        "key": _made("OS::Nova::KeyPair", name=f"{name}-key"),
        "group": _made(
            "OS::Nova::ServerGroup", policies=[dice.choice(["affinity", "anti-affinity"])]
        ),
        "volume": _made("OS::Cinder::Volume", size=1, description=dice.choice("de")),
        "net": _made("OS::Neutron::Net", admin_state_up=dice.random() < 0.5),
    }
    if dice.random() < 0.3:
        del found[dice.choice(sorted(found))]
    return found


def _inner(name: str, generation: int, dice: random.Random) -> dict[str, Any]:
    """Without given names: there are two of it."""
    found = _simple(name, generation, dice)
    found.pop("key", None)
    return {**found, "server": _server(generation, dice)}


KINDS: Mapping[str, Callable[[str, int, random.Random], dict[str, Any]]] = {
    "attached": _attached,
    "networked": _networked,
    "simple": _simple,
    "nested": _inner,
}
