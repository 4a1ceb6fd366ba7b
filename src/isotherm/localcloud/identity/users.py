"""Users and groups."""

from typing import Any

import msgspec

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.dialect import IdentityKind
from isotherm.localcloud.identity.entities import Group, User
from isotherm.localcloud.identity.faults import unauthorized
from isotherm.localcloud.identity.policies import require_admin, require_owner
from isotherm.localcloud.identity.rendering import listing, read
from isotherm.localcloud.identity.secrets import hash_password, is_password
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.kinds import Life, Listing, Wish, said_only
from isotherm.localcloud.kinds.checks import or_none, text
from isotherm.localcloud.routing import Routes


class PasswordChange(msgspec.Struct):
    password: str
    original_password: str


def _complete_user(identity: Identity, call: Call, wish: Wish) -> Wish:
    password = wish.pop("password", None)
    wish = _complete_group(identity, call, wish)
    return wish if password is None else {**wish, "password_hash": hash_password(password)}


def _complete_group(identity: Identity, call: Call, wish: Wish) -> Wish:
    """The domain named, else the caller's."""
    if call.method == "PATCH":
        return wish
    own = call.caller.project_domain_id or call.caller.domain_id or "default"
    return {**wish, "domain_id": found(identity.domains, wish.get("domain_id") or own).id}


def _may_show_user(call: Call, rule: str) -> None:
    require_owner(call, call.params["id"], rule)


def _more(identity: Identity, call: Call, user: User, view: str) -> dict[str, Any]:
    default = user.default_project_id
    known = {"default_project_id": default} if default else {}
    return {**known, "password_expires_at": None}


USERS = IdentityKind[User](
    name="user",
    entity=User,
    also={"password": said_only(or_none(text(most=4096)), secret=True)},
    life=Life(removed=people.delete_user),
    listing=Listing(filters=("name", "domain_id", "enabled")),
    complete=_complete_user,
    verify=people.check_user_name,
    may_show=_may_show_user,
    more=_more,
    tells_rest=True,
)
GROUPS = IdentityKind[Group](
    name="group",
    entity=Group,
    life=Life(removed=people.delete_group),
    listing=Listing(filters=("name", "domain_id")),
    complete=_complete_group,
    verify=people.check_group_name,
)
routes = Routes[Identity]("/v3")


@routes.post("/users/{user_id}/password", "user.change_password", status=204, open=True)
def change_password(identity: Identity, call: Call) -> None:
    user = found(identity.users, call.params["user_id"])
    change = read(call, "user", PasswordChange)
    if not is_password(change.original_password, user.password_hash):
        raise unauthorized()
    user.password_hash = hash_password(change.password)
    identity.users.save(user)


@routes.get("/users/{user_id}/groups", "group.list_of_user")
def list_groups_of_user(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "list_groups_for_user")
    user = found(identity.users, call.params["user_id"])
    shown = [
        {**GROUPS.show(identity, call, group), "membership_expires_at": None}
        for group in identity.groups
        if user.id in group.user_ids
    ]
    return listing(call, "groups", shown)


@routes.get("/groups/{group_id}/users", "user.list_of_group")
def list_users_of_group(identity: Identity, call: Call) -> object:
    require_admin(call, "list_users_in_group")
    group = found(identity.groups, call.params["group_id"])
    members = [found(identity.users, user_id) for user_id in group.user_ids]
    return listing(call, "users", [USERS.show(identity, call, each) for each in members])


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
    group = found(identity.groups, call.params["group_id"])
    return group, found(identity.users, call.params["user_id"])


def _require_member(group: Group, user: User) -> None:
    if user.id not in group.user_ids:
        raise Fault(404, f"User '{user.id}' not found in group '{group.id}'")
