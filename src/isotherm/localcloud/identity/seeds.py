"""What identity has from the start."""

from isotherm.localcloud.identity.entities import (
    SYSTEM,
    Assignment,
    Domain,
    Project,
    Role,
    User,
)
from isotherm.localcloud.identity.secrets import hash_password
from isotherm.localcloud.identity.state import DEFAULT_DOMAIN, FIRST_USERS, Identity

_PROJECTS = ("admin", "demo", "service")
_IMPLIED = {"admin": "manager", "manager": "member", "member": "reader"}
_BASE_ROLES = ("admin", "manager", "member", "reader", "service")
_STACK_ROLES = ("heat_stack_owner", "heat_stack_user")
_GRANTS = {
    "admin": ("admin",),
    "demo": ("member", "heat_stack_owner"),
    "isotherm": ("admin", "service"),
}


class SeededIdentity(Identity):
    def seed(self) -> None:
        _plant(self)


def _plant(identity: Identity) -> None:
    """Make the default domain, the first projects, users and roles."""
    identity.domains.add(
        Domain(id=DEFAULT_DOMAIN, name="Default", description="The default domain")
    )
    projects = {name: _add_project(identity, name) for name in _PROJECTS}
    roles = _add_roles(identity)
    for name, project_name in FIRST_USERS.items():
        password = hash_password(identity.seed_passwords[name])
        user = User(name=name, domain_id=DEFAULT_DOMAIN, password_hash=password)
        user.default_project_id = projects[project_name].id
        identity.users.add(user)
        for role in _GRANTS[name]:
            _grant(identity, user, ("project", projects[project_name].id), roles[role])
        if name == "admin":
            _grant(identity, user, (SYSTEM, SYSTEM), roles["admin"])


def _add_project(identity: Identity, name: str) -> Project:
    return identity.projects.add(
        Project(name=name, domain_id=DEFAULT_DOMAIN, parent_id=DEFAULT_DOMAIN)
    )


def _add_roles(identity: Identity) -> dict[str, Role]:
    roles = {name: Role(name=name, options={"immutable": True}) for name in _BASE_ROLES}
    roles |= {name: Role(name=name) for name in _STACK_ROLES}
    for name, implied in _IMPLIED.items():
        roles[name].implies.append(roles[implied].id)
    for role in roles.values():
        identity.roles.add(role)
    return roles


def _grant(identity: Identity, user: User, target: tuple[str, str], role: Role) -> None:
    identity.assignments.add(
        Assignment(
            actor_kind="user",
            actor_id=user.id,
            target_kind=target[0],
            target_id=target[1],
            role_id=role.id,
        )
    )
