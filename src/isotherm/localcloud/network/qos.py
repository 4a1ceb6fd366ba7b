"""QoS policies."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, sharing
from isotherm.localcloud.network.dialect import SHARED, NetworkKind, computed
from isotherm.localcloud.network.entities import QosPolicy, QosRule
from isotherm.localcloud.network.state import Networking


def find(networking: Networking, caller: Caller, policy_id: str) -> QosPolicy:
    """A policy that the caller may attach. Raises Fault 404."""
    return KIND.find(networking, caller, policy_id)


def create(networking: Networking, call: Call, wish: Wish) -> QosPolicy:
    if not call.caller.is_admin:
        raise faults.forbidden("rule:create_policy")
    shared = wish.pop("shared")
    policy = networking.add(networking.qos_policies, QosPolicy(**wish))
    sharing.set_shared(networking, policy, "qos_policy", shared=shared)
    return policy


def change(networking: Networking, call: Call, policy: QosPolicy, wish: Wish) -> None:
    if "shared" in wish:
        sharing.set_shared(networking, policy, "qos_policy", shared=wish.pop("shared"))
    networking.assign(networking.qos_policies, policy, wish)


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
    for rule in networking.qos_rules.find(policy_id=policy.id):
        networking.qos_rules.remove(rule.id)
    sharing.forget(networking, policy.id)


def show_rule(rule: QosRule) -> dict[str, Any]:
    return {**rule.values, "id": rule.id}


def _more(networking: Networking, call: Call, policy: QosPolicy, view: str) -> dict[str, Any]:
    rules = networking.qos_rules.find(policy_id=policy.id)
    return {
        "shared": sharing.is_shared(networking, call.caller, policy),
        "rules": [
            {**show_rule(rule), "qos_policy_id": policy.id, "type": rule.kind} for rule in rules
        ],
    }


KIND = NetworkKind[QosPolicy](
    name="policy",
    entity=QosPolicy,
    plural="policies",
    path="/qos/policies",
    also={"shared": SHARED, **computed("rules")},
    create=create,
    change=change,
    delete=delete,
    visible=sharing.is_usable,
    more=_more,
)
