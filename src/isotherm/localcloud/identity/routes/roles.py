"""Routes of roles and of what roles imply."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.entities import Role
from isotherm.localcloud.identity.faults import duplicate_name, not_found
from isotherm.localcloud.identity.policies import require_admin
from isotherm.localcloud.identity.rendering import (
    filtered,
    link,
    listing,
    read,
    required,
    update,
)
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3")


class RoleFields(msgspec.Struct, kw_only=True):
    name: str | UnsetType = UNSET
    domain_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    options: dict[str, Any] | UnsetType = UNSET


@routes.post("/roles", "role.create", status=201)
def create_role(identity: Identity, call: Call) -> object:
    require_admin(call, "create_role")
    role = Role(**required(read(call, "role", RoleFields), "role", "name"))
    _check_name(identity, role)
    return {"role": show(call, identity.roles.add(role))}


@routes.get("/roles", "role.list")
def list_roles(identity: Identity, call: Call) -> object:
    require_admin(call, "list_roles")
    found = filtered(identity.roles, call, "name")
    domain_id = call.argument("domain_id")
    return listing(call, "roles", [show(call, r) for r in found if r.domain_id == domain_id])


@routes.get("/roles/{role_id}", "role.show")
def get_role(identity: Identity, call: Call) -> object:
    require_admin(call, "get_role")
    return {"role": show(call, find(identity, call.params["role_id"]))}


@routes.patch("/roles/{role_id}", "role.update")
def update_role(identity: Identity, call: Call) -> object:
    require_admin(call, "update_role")
    role = find(identity, call.params["role_id"])
    fields = read(call, "role", RoleFields)
    if fields.options is UNSET:
        _check_mutable(role, "update")
    fields.domain_id = UNSET
    changed = msgspec.structs.replace(role)
    update(changed, fields)
    _check_name(identity, changed)
    identity.roles.save(changed)
    identity.forget_callers()
    return {"role": show(call, changed)}


@routes.delete("/roles/{role_id}", "role.delete")
def delete_role(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_role")
    role = find(identity, call.params["role_id"])
    _check_mutable(role, "delete")
    people.delete_role(identity, role.id)


@routes.get("/roles/{role_id}/implies", "role.list_implied")
def list_implied(identity: Identity, call: Call) -> object:
    require_admin(call, "list_implied_roles")
    role = find(identity, call.params["role_id"])
    return {"role_inference": _inference(identity, call, role), "links": {"self": call.url}}


@routes.get("/roles/{role_id}/implies/{implied_id}", "role.show_implied")
def show_implied(identity: Identity, call: Call) -> object:
    require_admin(call, "get_implied_role")
    role, implied = _pair(identity, call)
    if implied.id not in role.implies:
        raise not_found("role", f"{role.id} does not imply {implied.id}")
    return _rule(call, role, implied)


@routes.put("/roles/{role_id}/implies/{implied_id}", "role.add_implied", status=201)
def add_implied(identity: Identity, call: Call) -> object:
    require_admin(call, "create_implied_role")
    role, implied = _pair(identity, call)
    if implied.id not in role.implies:
        role.implies.append(implied.id)
        identity.roles.save(role)
        identity.forget_callers()
    return _rule(call, role, implied)


@routes.delete("/roles/{role_id}/implies/{implied_id}", "role.remove_implied")
def remove_implied(identity: Identity, call: Call) -> Reply:
    require_admin(call, "delete_implied_role")
    role, implied = _pair(identity, call)
    if implied.id not in role.implies:
        raise not_found("role", f"{role.id} does not imply {implied.id}")
    role.implies.remove(implied.id)
    identity.roles.save(role)
    identity.forget_callers()
    return Reply(204)


@routes.get("/role_inferences", "role.list_inferences")
def list_inferences(identity: Identity, call: Call) -> object:
    require_admin(call, "list_role_inference_rules")
    with_implied = [role for role in identity.roles if role.implies]
    return {"role_inferences": [_inference(identity, call, role) for role in with_implied]}


def find(identity: Identity, role_id: str) -> Role:
    role = identity.roles.get(role_id)
    if role is None:
        raise not_found("role", role_id)
    return role


def show(call: Call, role: Role) -> dict[str, Any]:
    return {
        "id": role.id,
        "name": role.name,
        "domain_id": role.domain_id,
        "description": role.description,
        "options": role.options,
        "links": {"self": link(call, f"roles/{role.id}")},
    }


def _pair(identity: Identity, call: Call) -> tuple[Role, Role]:
    return find(identity, call.params["role_id"]), find(identity, call.params["implied_id"])


def _brief(call: Call, role: Role) -> dict[str, Any]:
    links = {"self": link(call, f"roles/{role.id}")}
    return {"id": role.id, "links": links, "name": role.name}


def _inference(identity: Identity, call: Call, role: Role) -> dict[str, Any]:
    implied = [_brief(call, find(identity, implied_id)) for implied_id in role.implies]
    return {"prior_role": _brief(call, role), "implies": implied}


def _rule(call: Call, role: Role, implied: Role) -> dict[str, Any]:
    inference = {"prior_role": _brief(call, role), "implies": _brief(call, implied)}
    return {"role_inference": inference, "links": {"self": call.url}}


def _check_name(identity: Identity, role: Role) -> None:
    for other in identity.roles.find(name=role.name):
        if other.id != role.id and other.domain_id == role.domain_id:
            raise duplicate_name("role", role.name)


def _check_mutable(role: Role, verb: str) -> None:
    if role.options.get("immutable"):
        raise Fault(
            403,
            f"Unable to {verb} immutable role resource: `{role.id}. "
            'Set resource option "immutable" to false first.',
        )
