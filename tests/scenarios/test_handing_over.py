"""Real types on the local cloud: what one resource has had passes to another, and comes back."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import yaml

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.scene import KillAt
from isotherm.testing.stage import Stage

pytestmark = pytest.mark.slow

Resources = dict[str, dict[str, Any]]


def ref(name: str) -> dict[str, str]:
    return {"get_resource": name}


def res(kind: str, **properties: Any) -> dict[str, Any]:
    return {"type": f"OS::{kind}", "properties": properties}


def server(**properties: Any) -> dict[str, Any]:
    given = {"flavor": "m1.tiny", "networks": [{"network": "private"}], **properties}
    return res("Nova::Server", image="cirros", flavor_update_policy="REPLACE", **given)


def attachment(disk: str, machine: str) -> dict[str, Any]:
    return res("Cinder::VolumeAttachment", volume_id=ref(disk), instance_uuid=ref(machine))


def interface(router: str) -> dict[str, Any]:
    return res("Neutron::RouterInterface", router=ref(router), subnet=ref("range"))


def association(port: str) -> dict[str, Any]:
    return res("Neutron::FloatingIPAssociation", floatingip_id=ref("address"), port_id=ref(port))


def port(address: str = "") -> dict[str, Any]:
    fixed = {"fixed_ips": [{"ip_address": address}]} if address else {}
    return res("Neutron::Port", network=ref("lan"), **fixed)


DISK: Resources = {
    "disk": res("Cinder::Volume", size=1),
    "one": server(),
    "two": server(),
}
NET: Resources = {
    "lan": res("Neutron::Net"),
    "range": res("Neutron::Subnet", network=ref("lan"), cidr="10.44.0.0/24"),
    "gate": res("Neutron::Router", external_gateway_info={"network": "public"}),
    "other": res("Neutron::Router", external_gateway_info={"network": "public"}),
    "plug": port(),
    "socket": port(),
}
OUT: Resources = {
    **NET,
    "hop": interface("gate"),
    "address": {**res("Neutron::FloatingIP", floating_network="public"), "depends_on": "hop"},
}
LEADING = {**OUT, "join": association("plug")}
PROPERTY = res("Neutron::FloatingIP", floating_network="public", port_id=ref("plug"))
GROUP = res("Neutron::SecurityGroup")


def rule(**properties: Any) -> dict[str, Any]:
    given = {"port_range_min": 22, "port_range_max": 22, **properties}
    return res("Neutron::SecurityGroupRule", security_group=ref("group"), **given)


def public_key(number: int) -> str:
    parts = (b"ssh-rsa", b"\x01\x00\x01", bytes([number] * 65))
    content = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return f"ssh-rsa {base64.b64encode(content).decode()} one"


def plugged_in(flavor: str = "m1.tiny") -> dict[str, Any]:
    return server(networks=[{"port": ref("plug")}], flavor=flavor)


def led_to(flavor: str = "m1.tiny") -> dict[str, Any]:
    """A server that brings a port to which the address leads."""
    cards = [{"subnet": ref("range"), "floating_ip": ref("address")}]
    return {**server(networks=cards, flavor=flavor), "depends_on": "hop"}


CASES: dict[str, tuple[Resources, Resources]] = {
    "attachment renamed": (
        {**DISK, "tie": attachment("disk", "one")},
        {**DISK, "bond": attachment("disk", "one")},
    ),
    "attachment renamed and moved": (
        {**DISK, "tie": attachment("disk", "one")},
        {**DISK, "bond": attachment("disk", "two")},
    ),
    "attachment of a server that is replaced": (
        {**DISK, "tie": attachment("disk", "one")},
        {
            **DISK,
            "one": server(flavor="m1.small"),
            "bond": attachment("disk", "one"),
        },
    ),
    "interface renamed": ({**NET, "hop": interface("gate")}, {**NET, "leg": interface("gate")}),
    "interface moved": ({**NET, "hop": interface("gate")}, {**NET, "leg": interface("other")}),
    "interface replaced": ({**NET, "hop": interface("gate")}, {**NET, "hop": interface("other")}),
    "association renamed": (LEADING, {**OUT, "link": association("plug")}),
    "association renamed and moved": (LEADING, {**OUT, "link": association("socket")}),
    "association becomes a property": (LEADING, {**OUT, "address": {**PROPERTY}}),
    "property becomes an association": (
        {**OUT, "address": {**PROPERTY, "depends_on": "hop"}},
        {**OUT, "link": association("plug")},
    ),
    "server renamed, with its port": (
        {**NET, "one": plugged_in()},
        {**NET, "uno": plugged_in()},
    ),
    "server replaced, with its port": (
        {**NET, "one": plugged_in()},
        {**NET, "one": plugged_in("m1.small")},
    ),
    "server replaced, with its address": (
        {**OUT, "one": led_to()},
        {**OUT, "one": led_to("m1.small")},
    ),
    "port renamed, with its address": (
        {**NET, "plug": port("10.44.0.77")},
        {**{k: v for k, v in NET.items() if k != "plug"}, "spark": port("10.44.0.77")},
    ),
    "rule renamed": (
        {"group": GROUP, "old": rule()},
        {"group": GROUP, "new": rule()},
    ),
    "rule renamed and described otherwise": (
        {"group": GROUP, "old": rule(description="for us")},
        {"group": GROUP, "new": rule(description="for all")},
    ),
    "rule described otherwise": (
        {"group": GROUP, "one": rule(description="for us")},
        {"group": GROUP, "one": rule(description="for all")},
    ),
    "addresses swapped": (
        {**NET, "plug": port("10.44.0.77"), "socket": port("10.44.0.78")},
        {**NET, "plug": port("10.44.0.78"), "socket": port("10.44.0.77")},
    ),
    "addresses passed on in a ring": (
        {**NET, **{f"p{n}": port(f"10.44.0.7{n}") for n in range(3)}},
        {**NET, **{f"p{n}": port(f"10.44.0.7{(n + 1) % 3}") for n in range(3)}},
    ),
    "key pair renamed": (
        {"key": res("Nova::KeyPair", name="mine", public_key=public_key(1))},
        {"lock": res("Nova::KeyPair", name="mine", public_key=public_key(2))},
    ),
}


def connections(world: LocalWorld) -> dict[str, Any]:
    """What there is, by what it is connected with; ids only of what users make."""
    found = world.objects()
    private = {each["id"] for each in found.get("network.network", [])}
    return {
        "volumes": sorted(each["id"] for each in found.get("block-storage.volume", [])),
        "attached": sorted(
            (each["volume_id"], each["server_id"])
            for each in found.get("block-storage.attachment", [])
        ),
        "servers": sorted(each["id"] for each in found.get("compute.server", [])),
        "keys": sorted((k["name"], k["public_key"]) for k in found.get("compute.keypair", [])),
        "rules": sorted(
            str((r["security_group_id"], r["direction"], r["port_range_min"], r["description"]))
            for r in found.get("network.security_group_rule", [])
        ),
        "addresses": sorted(
            (each["id"], str(each["port_id"])) for each in found.get("network.floatingip", [])
        ),
        "ports": sorted(
            (
                each["device_id"],
                each["device_owner"],
                "" if each["device_owner"].startswith("network") else each["id"],
                str([address["ip_address"] for address in each["fixed_ips"]]),
            )
            for each in found.get("network.port", [])
            if each["network_id"] in private
        ),
    }


def written(resources: Resources, *, failing: bool = False) -> str:
    described = dict(resources)
    if failing:
        last = res("Heat::TestResource", fail=True)
        described["z"] = {**last, "depends_on": list(resources)}
    return yaml.safe_dump({"heat_template_version": "2021-04-16", "resources": described})


@pytest.mark.parametrize("case", CASES)
def test_after_an_update_all_is_as_if_made_so_from_the_start(case: str) -> None:
    before, after = CASES[case]

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(written(before))
            assert (await stage.settle(stack_id)).status is Status.COMPLETE
            await stage.update(stack_id, written(after))
            updated = await stage.settle(stack_id)
            assert updated.status is Status.COMPLETE, updated.status_reason
            found = shape(world)
            await stage.delete(stack_id)
            assert (await stage.settle(stack_id)).status is Status.COMPLETE
            assert not any(connections(world).values())
            fresh = await stage.create(written(after))
            assert (await stage.settle(fresh)).status is Status.COMPLETE
            assert found == shape(world)

    play_on_local_cloud(scenario)


def shape(world: LocalWorld) -> dict[str, int]:
    """How many connections of each kind there are, and how many of them lead nowhere."""
    found = connections(world)
    open_ends = sum(each[1] == "None" for each in found["addresses"])
    loose = sum(not each[0] for each in found["ports"])
    return {**{kind: len(each) for kind, each in found.items()}, "open": open_ends, "loose": loose}


@pytest.mark.parametrize("dies", [None, 4, 9])
@pytest.mark.parametrize("case", CASES)
def test_after_a_rollback_all_is_as_it_was(case: str, dies: int | None) -> None:
    before, after = CASES[case]

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(written(before), disable_rollback=False)
            assert (await stage.settle(stack_id)).status is Status.COMPLETE
        were = connections(world)
        await stage.update(stack_id, written(after, failing=True))
        if dies is not None:
            async with stage.worker(KillAt(Point.AFTER_CALL, nth=dies)):
                await stage.clock.sleep(200)
        async with stage.worker():
            back = await stage.settle(stack_id)
        assert (back.action, back.status) == (Action.ROLLBACK, Status.COMPLETE), back.status_reason
        assert connections(world) == were

    play_on_local_cloud(scenario)
