"""Rules of QoS policies, by kind."""

from typing import Any

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.kinds import ABSENT, Field, Schema, named, said
from isotherm.localcloud.network import checks, faults
from isotherm.localcloud.network.dialect import DIALECT
from isotherm.localcloud.network.entities import QosPolicy, QosRule
from isotherm.localcloud.network.state import Networking

_DSCP_MARKS = (0, *range(8, 41, 2), 44, 46, 48, 56)
_DIRECTION = checks.one_of("ingress", "egress")
_BANDWIDTH = checks.integer(0, 2**31 - 1)


def _said(check: checks.Check, default: Any = ABSENT) -> Field:
    return said(check, required=default is ABSENT, default=default)


# Fields by kind of rule; the wire name of a rule is `<kind>_rule`.
KINDS: dict[str, dict[str, Field]] = {
    "bandwidth_limit": {
        "max_kbps": _said(_BANDWIDTH),
        "max_burst_kbps": _said(_BANDWIDTH, 0),
        "direction": _said(_DIRECTION, "egress"),
    },
    "dscp_marking": {"dscp_mark": _said(checks.one_of(*_DSCP_MARKS))},
    "minimum_bandwidth": {
        "min_kbps": _said(_BANDWIDTH),
        "direction": _said(_DIRECTION, "egress"),
    },
    "minimum_packet_rate": {
        "min_kpps": _said(_BANDWIDTH),
        "direction": _said(checks.one_of("any", "ingress", "egress")),
    },
    "packet_rate_limit": {
        "max_kpps": _said(_BANDWIDTH),
        "max_burst_kpps": _said(_BANDWIDTH, 0),
        "direction": _said(_DIRECTION, "egress"),
    },
}
_COMMON = {
    "id": Field(),
    "project_id": said(checks.text(), update=False),
    "tenant_id": said(checks.text(), update=False, attribute="project_id"),
}
SCHEMAS = {
    kind: Schema(DIALECT, f"{kind}_rule", named({**_COMMON, **fields}))
    for kind, fields in KINDS.items()
}


def create(
    networking: Networking, policy: QosPolicy, kind: str, body: object, caller: Caller
) -> QosRule:
    """Raises Fault 400, 409: one rule of a kind and direction."""
    values = SCHEMAS[kind].read(caller, body, "create")
    del values["project_id"]
    _refuse_second(networking, policy, kind, values, "")
    rule = QosRule(project_id=policy.project_id, policy_id=policy.id, kind=kind, values=values)
    networking.add(networking.qos_rules, rule)
    networking.save(networking.qos_policies, policy)
    return rule


def change(networking: Networking, rule: QosRule, body: object, caller: Caller) -> None:
    policy = networking.qos_policies.get(rule.policy_id)
    assert policy is not None
    values = {**rule.values, **SCHEMAS[rule.kind].read(caller, body, "update")}
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
