"""OS::Neutron::QoSPolicy and its rules: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit import Entity
from isotherm.kit.services.network import (
    BANDWIDTH_LIMIT_RULE,
    DSCP_MARKING_RULE,
    MINIMUM_BANDWIDTH_RULE,
    MINIMUM_PACKET_RATE_RULE,
    QOS_POLICY,
)

pytestmark = pytest.mark.slow


async def test_policy(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        policy = resource("OS::Neutron::QoSPolicy", **properties)
        return document(
            {"policy": policy}, **{each: attr("policy", each) for each in ("rules", "show")}
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(name=name, description="what it is", shared=True))
    physical_id = stack.ids["policy"]
    policy = await cloud.show(QOS_POLICY, physical_id)
    assert stack.outputs == {"rules": [], "show": policy}
    shown = (policy["name"], policy["description"], policy["shared"])
    assert shown == (name, "what it is", True)
    await stacks.update(stack, template())
    policy = await cloud.show(QOS_POLICY, physical_id)
    assert stack.ids["policy"] == physical_id
    assert (policy["description"], policy["shared"]) == ("", False)
    assert policy["name"].startswith(f"{name}-policy-")
    await stacks.update(stack, template(tenant_id=admin.project_id))
    successor = stack.ids["policy"]
    assert await admin.gone(QOS_POLICY, physical_id)
    await stacks.delete(stack)
    assert await admin.gone(QOS_POLICY, successor)


@pytest.mark.parametrize(
    ("kind", "entity", "first", "second"),
    [
        (
            "BandwidthLimit",
            BANDWIDTH_LIMIT_RULE,
            {"max_kbps": 1000, "max_burst_kbps": 100},
            {"max_kbps": 2000, "direction": "ingress"},
        ),
        ("DscpMarking", DSCP_MARKING_RULE, {"dscp_mark": 10}, {"dscp_mark": 46}),
        (
            "MinimumBandwidth",
            MINIMUM_BANDWIDTH_RULE,
            {"min_kbps": 1000},
            {"min_kbps": 500, "direction": "ingress"},
        ),
        (
            "MinimumPacketRate",
            MINIMUM_PACKET_RATE_RULE,
            {"min_kpps": 10},
            {"min_kpps": 20, "direction": "any"},
        ),
    ],
)
async def test_rule(
    admin: Account,
    name: str,
    kind: str,
    entity: Entity,
    first: dict[str, Any],
    second: dict[str, Any],
) -> None:
    def template(policy: Any, rule: str, **properties: Any) -> Document:
        return document(
            {
                "policy": resource("OS::Neutron::QoSPolicy"),
                "other": resource("OS::Neutron::QoSPolicy", name=name),
                rule: resource(f"OS::Neutron::QoS{kind}Rule", policy=policy, **properties),
            },
            show=attr(rule, "show"),
        )

    async def rules(policy: str) -> list[Any]:
        found = await cloud.list(entity, parent=stack.ids[policy])
        return [{n: each for n, each in rule.items() if n in {*first, *second}} for rule in found]

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(ref("policy"), "rule", **first))
    usual = {"direction": "egress"} if "direction" in second else {}
    assert await rules("policy") == [{**usual, **first}]
    physical_id = stack.ids["rule"]
    assert stack.outputs["show"]["id"] == physical_id
    await stacks.update(stack, template(ref("policy"), "rule", **second))
    assert stack.ids["rule"] == physical_id
    changed = {**second, "max_burst_kbps": 0} if kind == "BandwidthLimit" else second
    assert await rules("policy") == [changed]
    # A policy has one such rule, also while it gets another name in the template.
    await stacks.update(stack, template(ref("policy"), "renamed", **second))
    assert await rules("policy") == [changed]
    await stacks.update(stack, template(name, "renamed", **first))
    assert await rules("policy") == []
    assert await rules("other") == [{**usual, **first}]
    await stacks.delete(stack)
    assert await admin.gone(QOS_POLICY, stack.ids["policy"])
