"""Routes of users and groups."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.entities import Group, User
from isotherm.localcloud.identity.faults import unauthorized
from isotherm.localcloud.identity.policies import require_admin, require_owner
from isotherm.localcloud.identity.rendering import (
    filtered,
    link,
    listing,
    read,
    required,
    unknown_fields,
    update,
)
from isotherm.localcloud.identity.secrets import hash_password, is_password
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3")


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


@routes.post("/users", "user.create", status=201)
def create_user(identity: Identity, call: Call) -> object:
    require_admin(call, "create_user")
    values = required(read(call, "user", UserBody), "user", "name")
    password = values.pop("password", None)
    user = User(
        **{**values, "domain_id": _domain_of(identity, call, values)},
        password_hash=hash_password(password) if password is not None else None,
        extra=unknown_fields(call, "user", UserBody),
    )
    people.check_name(identity.users, "user", user)
    return {"user": show_user(call, identity.users.add(user))}


def _domain_of(identity: Identity, call: Call, values: dict[str, Any]) -> str:
    """The domain named, else the caller's."""
    own = call.caller.project_domain_id or call.caller.domain_id or "default"
    return people.find_domain(identity, values.get("domain_id") or own).id


@routes.get("/users", "user.list")
def list_users(identity: Identity, call: Call) -> object:
    require_admin(call, "list_users")
    found = filtered(identity.users, call, "name", "domain_id", "enabled")
    return listing(call, "users", [show_user(call, each) for each in found])


@routes.get("/users/{user_id}", "user.show")
def get_user(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "get_user")
    return {"user": show_user(call, people.find_user(identity, call.params["user_id"]))}


@routes.patch("/users/{user_id}", "user.update")
def update_user(identity: Identity, call: Call) -> object:
    require_admin(call, "update_user")
    user = people.find_user(identity, call.params["user_id"])
    body = read(call, "user", UserBody)
    changed = msgspec.structs.replace(user)
    if isinstance(body.password, str):
        changed.password_hash = hash_password(body.password)
    body.password = body.domain_id = UNSET
    update(changed, body)
    people.check_name(identity.users, "user", changed)
    changed.extra = {**user.extra, **unknown_fields(call, "user", UserBody)}
    identity.users.save(changed)
    identity.forget_callers()
    return {"user": {**show_user(call, changed), "extra": changed.extra}}


@routes.post("/users/{user_id}/password", "user.change_password", status=204, open=True)
def change_password(identity: Identity, call: Call) -> None:
    user = people.find_user(identity, call.params["user_id"])
    change = read(call, "user", PasswordChange)
    if not is_password(change.original_password, user.password_hash):
        raise unauthorized()
    user.password_hash = hash_password(change.password)
    identity.users.save(user)


@routes.delete("/users/{user_id}", "user.delete")
def delete_user(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_user")
    people.delete_user(identity, people.find_user(identity, call.params["user_id"]))


@routes.get("/users/{user_id}/groups", "group.list_of_user")
def list_groups_of_user(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "list_groups_for_user")
    user = people.find_user(identity, call.params["user_id"])
    shown = [
        {**show_group(call, group), "membership_expires_at": None}
        for group in identity.groups
        if user.id in group.user_ids
    ]
    return listing(call, "groups", shown)


@routes.post("/groups", "group.create", status=201)
def create_group(identity: Identity, call: Call) -> object:
    require_admin(call, "create_group")
    values = required(read(call, "group", GroupFields), "group", "name")
    group = Group(**{**values, "domain_id": _domain_of(identity, call, values)})
    people.check_name(identity.groups, "group", group)
    return {"group": show_group(call, identity.groups.add(group))}


@routes.get("/groups", "group.list")
def list_groups(identity: Identity, call: Call) -> object:
    require_admin(call, "list_groups")
    found = filtered(identity.groups, call, "name", "domain_id")
    return listing(call, "groups", [show_group(call, each) for each in found])


@routes.get("/groups/{group_id}", "group.show")
def get_group(identity: Identity, call: Call) -> object:
    require_admin(call, "get_group")
    return {"group": show_group(call, people.find_group(identity, call.params["group_id"]))}


@routes.patch("/groups/{group_id}", "group.update")
def update_group(identity: Identity, call: Call) -> object:
    require_admin(call, "update_group")
    group = people.find_group(identity, call.params["group_id"])
    changed = msgspec.structs.replace(group)
    fields = read(call, "group", GroupFields)
    fields.domain_id = UNSET
    update(changed, fields)
    people.check_name(identity.groups, "group", changed)
    return {"group": show_group(call, identity.groups.save(changed))}


@routes.delete("/groups/{group_id}", "group.delete")
def delete_group(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_group")
    people.delete_group(identity, people.find_group(identity, call.params["group_id"]))


@routes.get("/groups/{group_id}/users", "user.list_of_group")
def list_users_of_group(identity: Identity, call: Call) -> object:
    require_admin(call, "list_users_in_group")
    group = people.find_group(identity, call.params["group_id"])
    members = [people.find_user(identity, user_id) for user_id in group.user_ids]
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
    group = people.find_group(identity, call.params["group_id"])
    return group, people.find_user(identity, call.params["user_id"])


def _require_member(group: Group, user: User) -> None:
    if user.id not in group.user_ids:
        raise Fault(404, f"User '{user.id}' not found in group '{group.id}'")


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
