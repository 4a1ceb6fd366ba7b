"""Domains, projects, users and groups: making and removing them with all that hangs on them."""

from typing import TypeVar

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.identity.entities import (
    ApplicationCredential,
    Credential,
    Domain,
    Group,
    Project,
    Role,
    User,
)
from isotherm.localcloud.identity.faults import conflict, duplicate_name
from isotherm.localcloud.identity.state import Identity

N = TypeVar("N", User, Group)


def check_domain_name(identity: Identity, domain: Domain) -> None:
    if any(other.id != domain.id for other in identity.domains.find(name=domain.name)):
        refusal = "it is not permitted to have two projects acting as domains with the same name"
        raise conflict("project", f"{refusal}: {domain.name}")


def check_project_name(identity: Identity, project: Project) -> None:
    named = identity.projects.find(name=project.name, domain_id=project.domain_id)
    if any(other.id != project.id for other in named):
        refusal = (
            "it is not permitted to have two projects with either the same name or same id in "
            f"the same domain: name is {project.name}, project id {project.id}"
        )
        raise conflict("project", refusal)


def check_user_name(identity: Identity, user: User) -> None:
    _check_name(identity.users, user)


def check_group_name(identity: Identity, group: Group) -> None:
    _check_name(identity.groups, group)


def _check_name(named: Collection[N], entity: N) -> None:
    """Names of users and of groups are unique in their domain."""
    same = named.find(name=entity.name, domain_id=entity.domain_id)
    if any(other.id != entity.id for other in same):
        is_new = entity.id not in named
        raise duplicate_name(named.kind, entity.name, entity.domain_id if is_new else None)


def delete_domain(identity: Identity, domain: Domain) -> None:
    """Delete the domain with all in it. Raises Fault 403 if it is enabled."""
    if domain.enabled:
        raise Fault(403, "Cannot delete a domain that is enabled, please disable it first.")
    for project in identity.projects.find(domain_id=domain.id):
        _remove_project(identity, project)
    for user in identity.users.find(domain_id=domain.id):
        delete_user(identity, user)
    for group in identity.groups.find(domain_id=domain.id):
        delete_group(identity, group)
    for role in list(identity.roles):
        if role.domain_id == domain.id:
            delete_role(identity, role)
    _drop_assignments(identity, target_id=domain.id)
    identity.domains.remove(domain.id)
    identity.forget_callers()


def delete_project(identity: Identity, project: Project) -> None:
    """Raises Fault 403 if other projects are below it."""
    if any(other.parent_id == project.id for other in identity.projects):
        raise Fault(
            403,
            f"Cannot delete the project {project.id} since it is not a leaf in the hierarchy. "
            "Use the cascade option if you want to delete a whole subtree.",
        )
    _remove_project(identity, project)


def _remove_project(identity: Identity, project: Project) -> None:
    _drop_assignments(identity, target_id=project.id)
    for trust in list(identity.trusts):
        if trust.project_id == project.id:
            identity.trusts.remove(trust.id)
    _drop_credentials(identity.application_credentials, project_id=project.id)
    _drop_credentials(identity.credentials, project_id=project.id)
    identity.projects.remove(project.id)
    identity.forget_callers()


def delete_user(identity: Identity, user: User) -> None:
    _drop_assignments(identity, actor_id=user.id)
    for group in identity.groups:
        if user.id in group.user_ids:
            group.user_ids.remove(user.id)
            identity.groups.save(group)
    for trust in list(identity.trusts):
        if user.id in (trust.trustor_user_id, trust.trustee_user_id):
            identity.trusts.remove(trust.id)
    _drop_credentials(identity.application_credentials, user_id=user.id)
    _drop_credentials(identity.credentials, user_id=user.id)
    identity.users.remove(user.id)
    identity.forget_callers()


def delete_group(identity: Identity, group: Group) -> None:
    _drop_assignments(identity, actor_id=group.id)
    identity.groups.remove(group.id)
    identity.forget_callers()


def delete_role(identity: Identity, role: Role) -> None:
    _drop_assignments(identity, role_id=role.id)
    for other in identity.roles:
        if role.id in other.implies:
            other.implies.remove(role.id)
            identity.roles.save(other)
    identity.roles.remove(role.id)
    identity.forget_callers()


def _drop_assignments(identity: Identity, **fields: str) -> None:
    for assignment in identity.assignments.find(**fields):
        identity.assignments.remove(assignment.id)


def _drop_credentials(
    credentials: Collection[ApplicationCredential] | Collection[Credential],
    *,
    user_id: str | None = None,
    project_id: str | None = None,
) -> None:
    owned: list[ApplicationCredential | Credential] = [*credentials]
    for credential in owned:
        of_user = user_id is not None and credential.user_id == user_id
        of_project = project_id is not None and credential.project_id == project_id
        if of_user or of_project:
            credentials.remove(credential.id)
