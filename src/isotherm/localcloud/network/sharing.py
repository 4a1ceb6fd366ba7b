"""Who else may use an object: policies that name target projects, `*` for all."""

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.entities import NetworkEntity, RbacPolicy, SubnetPool
from isotherm.localcloud.network.state import Networking

EVERYONE = "*"
SHARED = "access_as_shared"
EXTERNAL = "access_as_external"


def refuse_strangers(networking: Networking, pool: SubnetPool, target: str) -> None:
    """Whom a pool is opened to must see its address scope, too. Raises Fault 400."""
    if pool.address_scope_id is None:
        return
    opened = {
        each.target_tenant
        for each in networking.rbac_policies.find(object_id=pool.address_scope_id)
        if each.action == SHARED
    }
    if not opened & {EVERYONE, target}:
        raise faults.invalid_input(
            f"Failed to create RBAC policy on object {pool.id} because target project doesn't "
            "have access to associated address scope."
        )


def is_open_to(networking: Networking, caller: Caller, object_id: str, action: str) -> bool:
    return any(
        policy.action == action and policy.target_tenant in (EVERYONE, caller.project_id)
        for policy in networking.rbac_policies.find(object_id=object_id)
    )


def is_shared(networking: Networking, caller: Caller, entity: NetworkEntity) -> bool:
    """Whether the object is shared with the caller."""
    return is_open_to(networking, caller, entity.id, SHARED)


def is_usable(networking: Networking, caller: Caller, entity: NetworkEntity) -> bool:
    """Whether the object is the caller's own or shared with the caller."""
    return caller.sees(entity.project_id) or is_shared(networking, caller, entity)


def set_shared(
    networking: Networking,
    entity: NetworkEntity,
    object_type: str,
    action: str = SHARED,
    *,
    shared: bool,
) -> None:
    """Open the object to everyone, or close it."""
    said = [
        policy
        for policy in networking.rbac_policies.find(object_id=entity.id)
        if (policy.action, policy.target_tenant) == (action, EVERYONE)
    ]
    if shared and not said:
        networking.rbac_policies.add(
            RbacPolicy(
                project_id=entity.project_id,
                object_type=object_type,
                object_id=entity.id,
                action=action,
                target_tenant=EVERYONE,
            )
        )
    for policy in [] if shared else said:
        networking.rbac_policies.remove(policy.id)
