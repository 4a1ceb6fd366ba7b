"""Grants: which user or group has which role where, directly or handed down."""

from dataclasses import dataclass

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.identity.entities import SYSTEM, Assignment
from isotherm.localcloud.identity.state import Identity, found


@dataclass(frozen=True)
class Holding:
    """Who (`user` or `group`) holds roles on what (`project`, `domain` or `system`)."""

    actor_kind: str
    actor_id: str
    target_kind: str
    target_id: str
    inherited: bool = False


def check(identity: Identity, holding: Holding, role_id: str | None = None) -> None:
    """Raises Fault 404 if anything named is not there."""
    if role_id is not None:
        found(identity.roles, role_id)
    if holding.actor_kind == "user":
        found(identity.users, holding.actor_id)
    else:
        found(identity.groups, holding.actor_id)
    if holding.target_kind == "project":
        found(identity.projects, holding.target_id)
    elif holding.target_kind == "domain":
        found(identity.domains, holding.target_id)


def of(identity: Identity, holding: Holding) -> list[Assignment]:
    held = identity.assignments.find(actor_id=holding.actor_id, target_id=holding.target_id)
    return [each for each in held if each.inherited == holding.inherited]


def find(identity: Identity, holding: Holding, role_id: str) -> Assignment:
    """Raises Fault 404."""
    for assignment in of(identity, holding):
        if assignment.role_id == role_id:
            return assignment
    raise Fault(
        404,
        f"Could not find role assignment with role: {role_id}, user or group: "
        f"{holding.actor_id}, project, domain, or system: {holding.target_id}.",
    )


def add(identity: Identity, holding: Holding, role_id: str) -> None:
    if any(each.role_id == role_id for each in of(identity, holding)):
        return
    identity.assignments.add(
        Assignment(
            actor_kind=holding.actor_kind,
            actor_id=holding.actor_id,
            target_kind=holding.target_kind,
            target_id=holding.target_id,
            role_id=role_id,
            inherited=holding.inherited,
        )
    )
    identity.forget_callers()


def remove(identity: Identity, assignment: Assignment) -> None:
    identity.assignments.remove(assignment.id)
    identity.forget_callers()


def effective(identity: Identity) -> list[Assignment]:
    """What follows from all grants: groups resolved to users, inheritance and implied roles."""
    found: dict[tuple[str, str, str], Assignment] = {}
    targets = [(project.id, "project") for project in identity.projects]
    targets += [(domain.id, "domain") for domain in identity.domains]
    for user in identity.users:
        for target_id, kind in [*targets, (SYSTEM, SYSTEM)]:
            for role in identity.roles_on(user.id, target_id):
                found[user.id, target_id, role.id] = Assignment(
                    actor_kind="user",
                    actor_id=user.id,
                    target_kind=kind,
                    target_id=target_id,
                    role_id=role.id,
                )
    return list(found.values())
