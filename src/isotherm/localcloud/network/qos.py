"""QoS policies."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Ties, Wish
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.dialect import NetworkKind, computed
from isotherm.localcloud.network.entities import QosPolicy, QosRule
from isotherm.localcloud.network.state import Networking


def create(networking: Networking, call: Call, wish: Wish) -> QosPolicy:
    if not call.caller.is_admin:
        raise faults.forbidden("rule:create_policy")
    return KIND.add(networking, call.caller, wish)


def delete(networking: Networking, call: Call, policy: QosPolicy) -> None:
    users = (
        ("port", networking.ports, "qos_policy_id"),
        ("network", networking.networks, "qos_policy_id"),
        ("floatingip", networking.floating_ips, "qos_policy_id"),
        ("router", networking.routers, "gateway_qos_policy_id"),
    )
    for kind, collection, field in users:
        for entity in collection:
            if getattr(entity, field) == policy.id:
                raise faults.conflict(
                    "QosPolicyInUse", f"QoS Policy {policy.id} is used by {kind} {entity.id}."
                )


def show_rule(rule: QosRule) -> dict[str, Any]:
    return {**rule.values, "id": rule.id}


def _more(networking: Networking, call: Call, policy: QosPolicy, view: str) -> dict[str, Any]:
    rules = networking.qos_rules.find(policy_id=policy.id)
    return {
        "rules": [
            {**show_rule(rule), "qos_policy_id": policy.id, "type": rule.kind} for rule in rules
        ],
    }


KIND = NetworkKind[QosPolicy](
    name="policy",
    entity=QosPolicy,
    plural="policies",
    path="/qos/policies",
    also=computed("rules"),
    shared_as="qos_policy",
    ties=Ties(along={"qos_rule": "policy_id"}),
    create=create,
    delete=delete,
    more=_more,
)
