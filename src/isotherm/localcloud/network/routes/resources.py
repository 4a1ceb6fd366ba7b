"""List, show, create, change and delete: the same for every kind of object."""

from typing import Any, TypeVar

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.network import faults, tags
from isotherm.localcloud.network.entities import NetworkEntity
from isotherm.localcloud.network.kinds import Kind
from isotherm.localcloud.network.listing import Query, list_page, selected
from isotherm.localcloud.network.state import Networking
from isotherm.localcloud.routing import Routes

E = TypeVar("E", bound=NetworkEntity)

PREFIX = "/v2.0"


def resource_routes(kind: Kind[E]) -> Routes[Networking]:
    """The routes of a kind, operations `<kind>.list` and so on, and of its tags."""
    routes = Routes[Networking](PREFIX)
    one = f"{kind.path}/{{id}}"

    @routes.get(kind.path, f"{kind.name}.list")
    def list_all(networking: Networking, call: Call) -> object:
        return list_page(networking, call, kind)

    @routes.get(one, f"{kind.name}.show")
    def show(networking: Networking, call: Call) -> object:
        entity = kind.find(networking, call.caller, call.params["id"])
        shown = kind.show(networking, entity, call.caller)
        return {kind.name: selected(shown, Query.of(call))}

    @routes.post(kind.path, f"{kind.name}.create", status=201)
    def create(networking: Networking, call: Call) -> object:
        body = read_body(call)
        if kind.plural in body:
            return {kind.plural: _create_many(networking, call, kind, body[kind.plural])}
        if kind.name not in body:
            raise faults.refused(f"Unable to find '{kind.name}' in request body")
        wish = kind.schema.read_new(body[kind.name], call.caller)
        return {kind.name: _shown_new(networking, call, kind, kind.create(networking, call, wish))}

    @routes.put(one, f"{kind.name}.update")
    def update(networking: Networking, call: Call) -> object:
        body = read_body(call)
        if kind.name not in body:
            raise faults.refused(f"Unable to find '{kind.name}' in request body")
        entity = kind.find_own(networking, call.caller, call.params["id"], "update")
        wish = kind.schema.read_change(body[kind.name], call.caller)
        _check_revision(call, entity)
        kind.change(networking, call, entity, wish)
        return {kind.name: kind.show(networking, entity, call.caller)}

    @routes.delete(one, f"{kind.name}.delete")
    def delete(networking: Networking, call: Call) -> None:
        entity = kind.find_own(networking, call.caller, call.params["id"], "delete")
        _check_revision(call, entity)
        kind.delete(networking, call, entity)

    tags.add_routes(routes, kind)
    return routes


def read_body(call: Call) -> dict[str, Any]:
    """Raises Fault 400."""
    if not call.body:
        return {}
    try:
        return call.json
    except Fault as fault:
        raise faults.refused("Body contains invalid data") from fault


def _create_many(
    networking: Networking, call: Call, kind: Kind[E], given: object
) -> list[dict[str, Any]]:
    """All of them or none. Raises Fault."""
    if not isinstance(given, list) or not given:
        raise faults.refused("Resources required")
    wishes = [kind.schema.read_new(each, call.caller) for each in given]
    if kind.refuse_bulk is not None:
        kind.refuse_bulk(wishes)
    if kind.quota is not None:
        for project_id in {wish["project_id"] for wish in wishes}:
            more = sum(wish["project_id"] == project_id for wish in wishes)
            networking.require_quota(project_id, {kind.quota: more})
    made: list[E] = []
    try:
        made.extend(kind.create(networking, call, wish) for wish in wishes)
    except Fault:
        for entity in reversed(made):
            kind.delete(networking, call, entity)
        raise
    return [_shown_new(networking, call, kind, entity) for entity in made]


def _shown_new(networking: Networking, call: Call, kind: Kind[E], entity: E) -> dict[str, Any]:
    return (kind.show_new or kind.show)(networking, entity, call.caller)


def _check_revision(call: Call, entity: NetworkEntity) -> None:
    """A client may say which revision it means to change."""
    condition = call.headers.get("if-match", "")
    name, _, number = condition.partition("=")
    if name.strip() == "revision_number" and number.strip() != str(entity.revision_number):
        raise Fault(
            412,
            f"Constrained to {number.strip()}, but current revision is {entity.revision_number}",
            kind="RevisionNumberConstraintFailed",
        )
