"""Roles, and of what roles imply."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.identity import people
from isotherm.localcloud.identity.dialect import IdentityKind
from isotherm.localcloud.identity.entities import Role
from isotherm.localcloud.identity.faults import conflict, duplicate_name, invalid
from isotherm.localcloud.identity.policies import require_admin
from isotherm.localcloud.identity.rendering import link
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.kinds import Life, Listing, Wish
from isotherm.localcloud.routing import Routes


def _delete(identity: Identity, role: Role) -> None:
    _check_mutable(role, "delete")
    people.delete_role(identity, role)


def _check_change(role: Role, values: Wish) -> None:
    if "options" not in values:
        _check_mutable(role, "update")
    if values.get("domain_id", role.domain_id) != role.domain_id:
        raise invalid("Update of `domain_id` is not allowed.")


def _is_of_domain(call: Call, role: Role) -> bool:
    return role.domain_id == call.argument("domain_id")


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


ROLES = IdentityKind[Role](
    name="role",
    entity=Role,
    life=Life(removed=_delete),
    listing=Listing(filters=("name",)),
    verify=_check_name,
    check_change=_check_change,
    matches=_is_of_domain,
)
routes = Routes[Identity]("/v3")


@routes.get("/roles/{role_id}/implies", "role.list_implied")
def list_implied(identity: Identity, call: Call) -> object:
    require_admin(call, "list_implied_roles")
    role = found(identity.roles, call.params["role_id"])
    return {"role_inference": _inference(identity, call, role), "links": {"self": call.url}}


@routes.get("/roles/{role_id}/implies/{implied_id}", "role.show_implied")
def show_implied(identity: Identity, call: Call) -> object:
    require_admin(call, "get_implied_role")
    role, implied = _pair(identity, call)
    if implied.id not in role.implies:
        raise Fault(404, f"{role.id} does not imply {implied.id}.")
    return Reply(204) if call.method == "HEAD" else _rule(call, role, implied)


@routes.put("/roles/{role_id}/implies/{implied_id}", "role.add_implied", status=201)
def add_implied(identity: Identity, call: Call) -> object:
    require_admin(call, "create_implied_role")
    role, implied = _pair(identity, call)
    if implied.id in role.implies:
        raise conflict("implied_role", "Duplicate entry")
    role.implies.append(implied.id)
    identity.roles.save(role)
    identity.forget_callers()
    return _rule(call, role, implied)


@routes.delete("/roles/{role_id}/implies/{implied_id}", "role.remove_implied")
def remove_implied(identity: Identity, call: Call) -> Reply:
    require_admin(call, "delete_implied_role")
    role, implied = _pair(identity, call)
    if implied.id not in role.implies:
        raise Fault(404, f"{role.id} does not imply {implied.id}.")
    role.implies.remove(implied.id)
    identity.roles.save(role)
    identity.forget_callers()
    return Reply(204)


@routes.get("/role_inferences", "role.list_inferences")
def list_inferences(identity: Identity, call: Call) -> object:
    require_admin(call, "list_role_inference_rules")
    with_implied = [role for role in identity.roles if role.implies]
    return {"role_inferences": [_inference(identity, call, role) for role in with_implied]}


def _pair(identity: Identity, call: Call) -> tuple[Role, Role]:
    return found(identity.roles, call.params["role_id"]), found(
        identity.roles, call.params["implied_id"]
    )


def _brief(call: Call, role: Role) -> dict[str, Any]:
    links = {"self": link(call, f"roles/{role.id}")}
    return {"id": role.id, "links": links, "name": role.name}


def _inference(identity: Identity, call: Call, role: Role) -> dict[str, Any]:
    implied = [_brief(call, found(identity.roles, implied_id)) for implied_id in role.implies]
    return {"prior_role": _brief(call, role), "implies": implied}


def _rule(call: Call, role: Role, implied: Role) -> dict[str, Any]:
    inference = {"prior_role": _brief(call, role), "implies": _brief(call, implied)}
    return {"role_inference": inference, "links": {"self": call.url}}
