"""Sharing policies as clients see them."""

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, sharing
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.entities import RbacPolicy, SubnetPool
from isotherm.localcloud.network.state import Networking

# Kinds that can be shared: their collections, and the actions to share them for.
_TARGETS = {
    "network": ("network", (sharing.SHARED, sharing.EXTERNAL)),
    "qos_policy": ("policy", (sharing.SHARED,)),
    "security_group": ("security_group", (sharing.SHARED,)),
    "address_scope": ("address_scope", (sharing.SHARED,)),
    "subnetpool": ("subnetpool", (sharing.SHARED,)),
}


def create(networking: Networking, call: Call, wish: Wish) -> RbacPolicy:
    object_type, object_id, action = wish["object_type"], wish["object_id"], wish["action"]
    if object_type not in _TARGETS:
        raise faults.invalid_input(f"'{object_type}' is not a valid RBAC object type")
    kind, actions = _TARGETS[object_type]
    if action not in actions:
        raise faults.invalid(
            "InvalidActionForType",
            f"Invalid action '{action}' for object type '{object_type}'. Valid actions: {actions}",
        )
    _refuse_everyone(call.caller, wish["target_tenant"], "create")
    entity = networking.collections[kind].get(object_id)
    if entity is None or not call.caller.sees(entity.project_id):
        raise faults.not_found(kind, object_id)
    if isinstance(entity, SubnetPool):
        sharing.refuse_strangers(networking, entity, wish["target_tenant"])
    for other in networking.rbac_policies.find(object_id=object_id):
        if (other.action, other.target_tenant) == (action, wish["target_tenant"]):
            raise faults.conflict(
                "DuplicateRbacPolicy", "An RBAC policy already exists with those values."
            )
    networking.require_quota(wish["project_id"], {"rbac_policy": 1})
    policy = KIND.add(networking, call.caller, wish)
    if action == sharing.EXTERNAL:
        entity.external = True
        networking.networks.save(entity)
    return policy


def change(networking: Networking, call: Call, policy: RbacPolicy, wish: Wish) -> None:
    if "target_tenant" in wish:
        _refuse_everyone(call.caller, wish["target_tenant"], "update")
    KIND.assign(networking, policy, wish)


def delete(networking: Networking, call: Call, policy: RbacPolicy) -> None:
    if policy.object_type == "network" and policy.action == sharing.SHARED:
        _refuse_while_used(networking, policy)


def _refuse_everyone(caller: Caller, target: str, verb: str) -> None:
    if target == sharing.EVERYONE and not caller.is_admin:
        rule = f"rule:{verb}_rbac_policy"
        raise faults.forbidden(f"({rule} and {rule}:target_tenant)")


def _refuse_while_used(networking: Networking, policy: RbacPolicy) -> None:
    targets = {
        port.project_id
        for port in networking.ports.find(network_id=policy.object_id)
        if port.project_id not in ("", policy.project_id)
    }
    if policy.target_tenant in targets or (policy.target_tenant == sharing.EVERYONE and targets):
        raise faults.conflict(
            "RbacPolicyInUse",
            f"RBAC policy on object {policy.object_id} cannot be removed because other objects "
            "depend on it.",
        )


KIND = NetworkKind[RbacPolicy](
    name="rbac_policy",
    entity=RbacPolicy,
    plural="rbac_policies",
    path="/rbac-policies",
    create=create,
    change=change,
    delete=delete,
    quota="rbac_policy",
)
