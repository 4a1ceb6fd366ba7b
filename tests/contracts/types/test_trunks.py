"""OS::Neutron::Trunk: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import TRUNK

pytestmark = pytest.mark.slow


async def test_trunk(account: Account, name: str) -> None:
    def template(numbers: dict[str, int], **properties: Any) -> Document:
        sub_ports = [
            {"port": ref(port), "segmentation_type": "vlan", "segmentation_id": number}
            for port, number in numbers.items()
        ]
        given = {"port": ref("parent"), "sub_ports": sub_ports, **properties}
        return document(
            {
                "net": resource("OS::Neutron::Net"),
                **{
                    each: resource("OS::Neutron::Port", network=ref("net"))
                    for each in ("parent", "red", "blue")
                },
                "trunk": resource("OS::Neutron::Trunk", **given),
            },
            port_id=attr("trunk", "port_id"),
        )

    async def carried() -> dict[str, int]:
        trunk = await cloud.show(TRUNK, physical_id)
        names = {physical: each for each, physical in stack.ids.items()}
        return {names[each["port_id"]]: each["segmentation_id"] for each in trunk["sub_ports"]}

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template({"red": 10}, name=name, description="one"))
    physical_id = stack.ids["trunk"]
    trunk = await cloud.show(TRUNK, physical_id)
    assert (trunk["name"], trunk["description"]) == (name, "one")
    assert trunk["port_id"] == stack.outputs["port_id"] == stack.ids["parent"]
    assert await carried() == {"red": 10}
    # Numbers move from one to the other, and the trunk goes down at the same time.
    await stacks.update(stack, template({"red": 11, "blue": 10}, admin_state_up=False))
    trunk = await cloud.show(TRUNK, physical_id)
    assert stack.ids["trunk"] == physical_id
    assert (trunk["description"], trunk["admin_state_up"]) == ("", False)
    assert trunk["name"].startswith(f"{name}-trunk-")
    assert await carried() == {"red": 11, "blue": 10}
    await stacks.update(stack, template({"blue": 10}, admin_state_up=False))
    assert (await cloud.show(TRUNK, physical_id))["admin_state_up"] is False
    assert await carried() == {"blue": 10}
    await stacks.delete(stack)
    assert await account.gone(TRUNK, physical_id)
