"""Security groups; every project gets a default one when it is first needed."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, security_group_rules, sharing
from isotherm.localcloud.network.dialect import NetworkKind, computed
from isotherm.localcloud.network.entities import SecurityGroup, SecurityGroupRule
from isotherm.localcloud.network.state import DEFAULT_GROUP as DEFAULT
from isotherm.localcloud.network.state import Networking


def ensure_default(networking: Networking, project_id: str) -> SecurityGroup:
    """The project's default group, made now if it is not there."""
    found = networking.security_groups.find(project_id=project_id, name=DEFAULT)
    if found:
        return found[0]
    group = _add(networking, project_id, name=DEFAULT, description="Default security group")
    for ethertype in ("IPv4", "IPv6"):
        rule = SecurityGroupRule(
            project_id=project_id,
            security_group_id=group.id,
            direction="ingress",
            ethertype=ethertype,
            remote_group_id=group.id,
        )
        networking.add(networking.security_group_rules, rule)
    return group


def find_by_name_or_id(networking: Networking, caller: Caller, name_or_id: str) -> SecurityGroup:
    """Raises Fault 404 if there is none, 409 if the name is not unique."""
    if caller.project_id is not None and name_or_id == DEFAULT:
        return ensure_default(networking, caller.project_id)
    by_id = networking.security_groups.get(name_or_id)
    if by_id is not None and sharing.is_usable(networking, caller, by_id):
        return by_id
    named = networking.security_groups.find(project_id=caller.project_id, name=name_or_id)
    if not named:
        raise faults.not_found("security_group", name_or_id)
    if len(named) > 1:
        raise faults.conflict(
            "NeutronClientNoUniqueMatch",
            f"Multiple security_group matches found for name '{name_or_id}', use an ID to be "
            "more specific.",
        )
    return named[0]


def create(networking: Networking, call: Call, wish: Wish) -> SecurityGroup:
    project_id = wish["project_id"]
    ensure_default(networking, project_id)
    if wish["name"] == DEFAULT:
        raise _default_exists()
    networking.require_quota(project_id, {"security_group": 1, "security_group_rule": 2})
    return _add(
        networking,
        project_id,
        name=wish["name"],
        description=wish["description"],
        stateful=wish["stateful"],
        tags=wish.get("tags", []),
    )


def _add(networking: Networking, project_id: str, **fields: Any) -> SecurityGroup:
    group = networking.add(
        networking.security_groups, SecurityGroup(project_id=project_id, **fields), revision=1
    )
    for ethertype in ("IPv4", "IPv6"):
        rule = SecurityGroupRule(
            project_id=project_id,
            security_group_id=group.id,
            direction="egress",
            ethertype=ethertype,
        )
        networking.add(networking.security_group_rules, rule)
    return group


def change(networking: Networking, call: Call, group: SecurityGroup, wish: Wish) -> None:
    renamed = wish.get("name", group.name) != group.name
    if renamed and group.name == DEFAULT:
        raise faults.conflict(
            "SecurityGroupCannotUpdateDefault",
            "Updating default security group not allowed.",
        )
    if renamed and wish["name"] == DEFAULT:
        raise _default_exists()
    if "stateful" in wish and wish["stateful"] != group.stateful and _is_used(networking, group):
        raise faults.conflict("SecurityGroupInUse", f"Security Group {group.id} in use.")
    KIND.assign(networking, group, wish)


def delete(networking: Networking, call: Call, group: SecurityGroup) -> None:
    if _is_used(networking, group):
        raise faults.conflict("SecurityGroupInUse", f"Security Group {group.id} in use.")
    if group.name == DEFAULT and not call.caller.is_admin:
        raise faults.conflict(
            "SecurityGroupCannotRemoveDefault",
            "Insufficient rights for removing default security group.",
        )
    for rule in networking.security_group_rules:
        if group.id in (rule.security_group_id, rule.remote_group_id):
            networking.security_group_rules.remove(rule.id)


def _is_used(networking: Networking, group: SecurityGroup) -> bool:
    return any(group.id in port.security_groups for port in networking.ports)


def _default_exists() -> Fault:
    return faults.conflict(
        "SecurityGroupDefaultAlreadyExists", "Default security group already exists."
    )


def _more(networking: Networking, call: Call, group: SecurityGroup, view: str) -> dict[str, Any]:
    rules = networking.security_group_rules.find(security_group_id=group.id)
    shown = [security_group_rules.KIND.show(networking, call, rule) for rule in rules]
    # Their tags are told with the group only, and nobody can give them any.
    return {"security_group_rules": [{**each, "tags": []} for each in shown]}


def _ensure_own_default(networking: Networking, caller: Caller) -> None:
    if caller.project_id is not None:
        ensure_default(networking, caller.project_id)


KIND = NetworkKind[SecurityGroup](
    name="security_group",
    entity=SecurityGroup,
    path="/security-groups",
    also=computed("security_group_rules"),
    shared_as="security_group",
    create=create,
    change=change,
    delete=delete,
    quota="security_group",
    before_list=_ensure_own_default,
    more=_more,
)
