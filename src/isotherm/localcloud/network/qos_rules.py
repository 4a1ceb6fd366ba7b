"""Rules of QoS policies, by kind."""

from typing import Any

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.network import checks, faults
from isotherm.localcloud.network.attributes import REQUIRED, Attribute, Schema
from isotherm.localcloud.network.entities import QosPolicy, QosRule
from isotherm.localcloud.network.state import Networking

_DSCP_MARKS = (0, *range(8, 41, 2), 44, 46, 48, 56)
_DIRECTION = checks.one_of("ingress", "egress")
_BANDWIDTH = checks.integer(0, 2**31 - 1)


# Attributes by kind of rule; the wire name of a rule is `<kind>_rule`.
KINDS: dict[str, tuple[Attribute, ...]] = {
    "bandwidth_limit": (
        Attribute("max_kbps", _BANDWIDTH, REQUIRED),
        Attribute("max_burst_kbps", _BANDWIDTH, 0),
        Attribute("direction", _DIRECTION, "egress"),
    ),
    "dscp_marking": (Attribute("dscp_mark", checks.one_of(*_DSCP_MARKS), REQUIRED),),
    "minimum_bandwidth": (
        Attribute("min_kbps", _BANDWIDTH, REQUIRED),
        Attribute("direction", _DIRECTION, "egress"),
    ),
    "minimum_packet_rate": (
        Attribute("min_kpps", _BANDWIDTH, REQUIRED),
        Attribute("direction", checks.one_of("any", "ingress", "egress"), REQUIRED),
    ),
    "packet_rate_limit": (
        Attribute("max_kpps", _BANDWIDTH, REQUIRED),
        Attribute("max_burst_kpps", _BANDWIDTH, 0),
        Attribute("direction", _DIRECTION, "egress"),
    ),
}
SCHEMAS = {kind: Schema(f"{kind}_rule", attributes) for kind, attributes in KINDS.items()}


def create(
    networking: Networking, policy: QosPolicy, kind: str, body: object, caller: Caller
) -> QosRule:
    """Raises Fault 400, 409: one rule of a kind and direction."""
    values = SCHEMAS[kind].read_new(body, caller)
    del values["project_id"]
    _refuse_second(networking, policy, kind, values, "")
    rule = QosRule(project_id=policy.project_id, policy_id=policy.id, kind=kind, values=values)
    networking.add(networking.qos_rules, rule)
    networking.save(networking.qos_policies, policy)
    return rule


def change(networking: Networking, rule: QosRule, body: object, caller: Caller) -> None:
    policy = networking.qos_policies.get(rule.policy_id)
    assert policy is not None
    values = {**rule.values, **SCHEMAS[rule.kind].read_change(body, caller)}
    _refuse_second(networking, policy, rule.kind, values, rule.id)
    rule.values = values
    networking.save(networking.qos_rules, rule)
    networking.save(networking.qos_policies, policy)


def delete(networking: Networking, rule: QosRule) -> None:
    policy = networking.qos_policies.get(rule.policy_id)
    assert policy is not None
    networking.qos_rules.remove(rule.id)
    networking.save(networking.qos_policies, policy)


def find(networking: Networking, policy: QosPolicy | None, kind: str, rule_id: str) -> QosRule:
    """Raises Fault 404."""
    rule = networking.qos_rules.get(rule_id)
    if rule is None or rule.kind != kind or (policy and rule.policy_id != policy.id):
        where = f" for policy {policy.id}" if policy else ""
        raise faults.missing("QosRuleNotFound", f"QoS rule {rule_id}{where} could not be found.")
    return rule


def _refuse_second(
    networking: Networking, policy: QosPolicy, kind: str, values: dict[str, Any], own_id: str
) -> None:
    for other in networking.qos_rules.find(policy_id=policy.id):
        same = other.kind == kind and other.values.get("direction") == values.get("direction")
        if same and other.id != own_id:
            raise faults.conflict(
                "QoSRulesConflict",
                f"Rule {kind} conflicts with rule {other.id} which already exists in QoS Policy "
                f"{policy.id}.",
            )
