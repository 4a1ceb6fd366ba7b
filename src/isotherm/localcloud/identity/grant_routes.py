"""Routes of role assignments: roles of users and groups on projects, domains, the system."""

from collections.abc import Iterable
from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.identity import grants
from isotherm.localcloud.identity.entities import SYSTEM, Assignment
from isotherm.localcloud.identity.faults import invalid
from isotherm.localcloud.identity.grants import Holding
from isotherm.localcloud.identity.policies import require_admin
from isotherm.localcloud.identity.rendering import link, listing, show_linked_role
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3")

_TARGETS = {
    "project": "/projects/{project_id}",
    "domain": "/domains/{domain_id}",
    SYSTEM: "/system",
}
_INHERITED = "/inherited_to_projects"
_FALSE = ("false", "0")


def _register(target_kind: str, actor_kind: str, *, inherited: bool) -> None:
    """The five routes of one kind of grant."""
    prefix, suffix = ("/OS-INHERIT", _INHERITED) if inherited else ("", "")
    own = f"{prefix}{_TARGETS[target_kind]}/{actor_kind}s/{{{actor_kind}_id}}/roles"
    one = f"{own}/{{role_id}}{suffix}"

    def holding(identity: Identity, call: Call, rule: str) -> Holding:
        require_admin(call, rule)
        target = SYSTEM if target_kind == SYSTEM else call.params[f"{target_kind}_id"]
        actor = call.params[f"{actor_kind}_id"]
        found = Holding(actor_kind, actor, target_kind, target, inherited)
        grants.check(identity, found, call.params.get("role_id"))
        return found

    @routes.get(own + suffix, "grant.list")
    def list_grants(identity: Identity, call: Call) -> object:
        held = grants.of(identity, holding(identity, call, "list_grants"))
        shown = [show_linked_role(call, found(identity.roles, each.role_id)) for each in held]
        return listing(call, "roles", shown)

    @routes.put(one, "grant.create", status=204)
    def create_grant(identity: Identity, call: Call) -> None:
        grants.add(identity, holding(identity, call, "create_grant"), call.params["role_id"])

    @routes.get(one, "grant.check", status=204)
    def check_grant(identity: Identity, call: Call) -> None:
        grants.find(identity, holding(identity, call, "check_grant"), call.params["role_id"])

    @routes.delete(one, "grant.revoke")
    def revoke_grant(identity: Identity, call: Call) -> None:
        held = holding(identity, call, "revoke_grant")
        grants.remove(identity, grants.find(identity, held, call.params["role_id"]))


for _actor in ("user", "group"):
    for _target in _TARGETS:
        _register(_target, _actor, inherited=False)
    for _target in ("project", "domain"):
        _register(_target, _actor, inherited=True)


@routes.get("/role_assignments", "role_assignment.list")
def list_role_assignments(identity: Identity, call: Call) -> object:
    require_admin(call, "list_role_assignments")
    if call.argument("user.id") and call.argument("group.id"):
        raise invalid("Either user.id or group.id may be said.")
    effective = _flag(call, "effective")
    assignments = grants.effective(identity) if effective else list(identity.assignments)
    with_names = _flag(call, "include_names")
    shown = [
        _show(identity, call, each, with_names=with_names) for each in _matching(assignments, call)
    ]
    return listing(call, "role_assignments", shown)


@routes.get("/auth/system", "system.list_own")
def list_own_system(identity: Identity, call: Call) -> object:
    held = identity.roles_on(call.caller.user_id, SYSTEM)
    return {"system": [{"all": True}] if held else [], "links": {"self": call.url}}


def _flag(call: Call, name: str) -> bool:
    value = call.argument(name)
    return value is not None and value.lower() not in _FALSE


def _matching(assignments: Iterable[Assignment], call: Call) -> Iterable[Assignment]:
    wanted = {
        ("actor_kind", "user"): call.argument("user.id"),
        ("actor_kind", "group"): call.argument("group.id"),
        ("target_kind", "project"): call.argument("scope.project.id"),
        ("target_kind", "domain"): call.argument("scope.domain.id"),
    }
    role_id, system = call.argument("role.id"), call.argument("scope.system")
    inherited = call.argument("scope.OS-INHERIT:inherited_to") is not None
    for each in assignments:
        fits = all(
            value is None
            or (getattr(each, field), getattr(each, f"{field[:-5]}_id")) == (kind, value)
            for (field, kind), value in wanted.items()
        )
        fits = fits and role_id in (None, each.role_id)
        fits = fits and (system is None or each.target_kind == SYSTEM)
        if fits and (each.inherited or not inherited):
            yield each


def _show(
    identity: Identity, call: Call, assignment: Assignment, *, with_names: bool
) -> dict[str, Any]:
    scope: dict[str, Any] = {SYSTEM: {"all": True}}
    if assignment.target_kind != SYSTEM:
        target = _named(identity, assignment.target_kind, assignment.target_id, with_names)
        scope = {assignment.target_kind: target}
    if assignment.inherited:
        scope["OS-INHERIT:inherited_to"] = "projects"
    return {
        "links": {"assignment": link(call, _path(assignment))},
        "scope": scope,
        assignment.actor_kind: _named(
            identity, assignment.actor_kind, assignment.actor_id, with_names
        ),
        "role": _named(identity, "role", assignment.role_id, with_names),
    }


def _path(assignment: Assignment) -> str:
    target = f"{assignment.target_kind}s/{assignment.target_id}"
    target = SYSTEM if assignment.target_kind == SYSTEM else target
    actor = f"{assignment.actor_kind}s/{assignment.actor_id}"
    path = f"{target}/{actor}/roles/{assignment.role_id}"
    return f"OS-INHERIT/{path}{_INHERITED}" if assignment.inherited else path


def _named(identity: Identity, kind: str, entity_id: str, with_names: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": entity_id}
    entity = identity.collections[kind].get(entity_id)
    if not with_names or entity is None:
        return shown
    shown["name"] = entity.name
    domain = identity.domains.get(getattr(entity, "domain_id", None) or "")
    if domain is not None:
        shown["domain"] = {"id": domain.id, "name": domain.name}
    return shown
