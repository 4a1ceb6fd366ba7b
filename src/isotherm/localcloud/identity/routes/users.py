"""Routes of users and groups."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.entities import Group, User
from isotherm.localcloud.identity.faults import unauthorized
from isotherm.localcloud.identity.policies import require_admin, require_owner
from isotherm.localcloud.identity.rendering import link, listing, read
from isotherm.localcloud.identity.routes.resources import Kind, Values
from isotherm.localcloud.identity.secrets import hash_password, is_password
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.routing import Routes


class UserBody(msgspec.Struct, kw_only=True):
    name: str | UnsetType = UNSET
    domain_id: str | UnsetType | None = UNSET
    default_project_id: str | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    options: dict[str, Any] | UnsetType = UNSET
    password: str | UnsetType | None = UNSET


class PasswordChange(msgspec.Struct):
    password: str
    original_password: str


class GroupFields(msgspec.Struct, kw_only=True):
    name: str | UnsetType = UNSET
    domain_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET


def _complete_user(identity: Identity, values: Values) -> Values:
    password = values.pop("password", None)
    return values if password is None else {**values, "password_hash": hash_password(password)}


def _make_user(identity: Identity, call: Call, values: Values) -> User:
    return User(**{**values, "domain_id": _domain_of(identity, call, values)})


def _make_group(identity: Identity, call: Call, values: Values) -> Group:
    return Group(**{**values, "domain_id": _domain_of(identity, call, values)})


def _domain_of(identity: Identity, call: Call, values: Values) -> str:
    """The domain named, else the caller's."""
    own = call.caller.project_domain_id or call.caller.domain_id or "default"
    return found(identity.domains, values.get("domain_id") or own).id


def _may_show_user(call: Call, rule: str) -> None:
    require_owner(call, call.params["user_id"], rule)


def show_user(call: Call, user: User) -> dict[str, Any]:
    default = user.default_project_id
    return {
        **user.extra,
        "id": user.id,
        "name": user.name,
        "domain_id": user.domain_id,
        "enabled": user.enabled,
        **({"default_project_id": default} if default else {}),
        "password_expires_at": None,
        "options": user.options,
        "links": {"self": link(call, f"users/{user.id}")},
    }


def show_group(call: Call, group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "domain_id": group.domain_id,
        "description": group.description,
        "links": {"self": link(call, f"groups/{group.id}")},
    }


USERS = Kind[User](
    name="user",
    plural="users",
    collection=lambda identity: identity.users,
    fields=UserBody,
    make=_make_user,
    show=show_user,
    delete=people.delete_user,
    fixed=("domain_id",),
    filters=("name", "domain_id", "enabled"),
    complete=_complete_user,
    check=people.check_user_name,
    may_show=_may_show_user,
)
GROUPS = Kind[Group](
    name="group",
    plural="groups",
    collection=lambda identity: identity.groups,
    fields=GroupFields,
    make=_make_group,
    show=show_group,
    delete=people.delete_group,
    fixed=("domain_id",),
    filters=("name", "domain_id"),
    check=people.check_group_name,
)
routes = Routes[Identity]("/v3")


@routes.post("/users/{user_id}/password", "user.change_password", status=204, open=True)
def change_password(identity: Identity, call: Call) -> None:
    user = USERS.find(identity, call)
    change = read(call, "user", PasswordChange)
    if not is_password(change.original_password, user.password_hash):
        raise unauthorized()
    user.password_hash = hash_password(change.password)
    identity.users.save(user)


@routes.get("/users/{user_id}/groups", "group.list_of_user")
def list_groups_of_user(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "list_groups_for_user")
    user = USERS.find(identity, call)
    shown = [
        {**show_group(call, group), "membership_expires_at": None}
        for group in identity.groups
        if user.id in group.user_ids
    ]
    return listing(call, "groups", shown)


@routes.get("/groups/{group_id}/users", "user.list_of_group")
def list_users_of_group(identity: Identity, call: Call) -> object:
    require_admin(call, "list_users_in_group")
    group = GROUPS.find(identity, call)
    members = [found(identity.users, user_id) for user_id in group.user_ids]
    return listing(call, "users", [show_user(call, each) for each in members])


@routes.put("/groups/{group_id}/users/{user_id}", "group.add_user", status=204)
def add_user_to_group(identity: Identity, call: Call) -> None:
    require_admin(call, "add_user_to_group")
    group, user = _membership(identity, call)
    if user.id not in group.user_ids:
        group.user_ids.append(user.id)
        identity.groups.save(group)
        identity.forget_callers()


@routes.get("/groups/{group_id}/users/{user_id}", "group.check_user", status=204)
def check_user_in_group(identity: Identity, call: Call) -> None:
    require_owner(call, call.params["user_id"], "check_user_in_group")
    _require_member(*_membership(identity, call))


@routes.delete("/groups/{group_id}/users/{user_id}", "group.remove_user")
def remove_user_from_group(identity: Identity, call: Call) -> None:
    require_admin(call, "remove_user_from_group")
    group, user = _membership(identity, call)
    _require_member(group, user)
    group.user_ids.remove(user.id)
    identity.groups.save(group)
    identity.forget_callers()


def _membership(identity: Identity, call: Call) -> tuple[Group, User]:
    group = GROUPS.find(identity, call)
    return group, USERS.find(identity, call)


def _require_member(group: Group, user: User) -> None:
    if user.id not in group.user_ids:
        raise Fault(404, f"User '{user.id}' not found in group '{group.id}'")
