"""Network's ways: refusals, lists, tags, several objects at once, revisions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import (
    FULL,
    NEW,
    Dialect,
    Field,
    Kind,
    Life,
    Wish,
    said_only,
)
from isotherm.localcloud.network import faults, sharing
from isotherm.localcloud.network.checks import Unconvertible, boolean, text
from isotherm.localcloud.network.entities import NetworkEntity
from isotherm.localcloud.network.lists import NetworkLists, query_of, selected
from isotherm.localcloud.network.state import Networking

E = TypeVar("E", bound=NetworkEntity)

PREFIX = "/v2.0"
_LATER = ("network", "subnet", "subnetpool", "port")
"""What a younger part of the service answers for; it words some refusals otherwise."""
_TENANT = Field(name="tenant_id", attribute="project_id", check=text(), create=True)


def computed(*names: str) -> dict[str, Field]:
    """Fields that are shown and may be filtered by, but are stored nowhere."""
    return dict.fromkeys(names, Field(shown=False))


class NetworkDialect(Dialect[Networking]):
    lists = NetworkLists()
    prefixes = (PREFIX,)

    def body(self, call: Call, key: str) -> Any:
        body = read_body(call)
        if not body and key not in _LATER:
            raise faults.refused("Resource body required")
        if key not in body:
            raise self.no_object(key, None)
        return body[key]

    def settled(self, caller: Caller, wish: Wish, verb: str) -> Wish:
        """Whose a new object is to be. Raises Fault 400."""
        if verb != "create":
            return wish
        wanted = wish.get("project_id") or caller.project_id
        if wanted != caller.project_id and not caller.is_admin:
            raise faults.refused(
                "Specifying 'project_id' other than the authenticated project in request is not "
                "allowed for the current user."
            )
        if wanted is None:
            raise faults.refused(
                "Running without keystone AuthN requires that tenant_id is specified"
            )
        return {**wish, "project_id": wanted}

    def sees(self, call: Call, project_id: str | None) -> bool:
        return True

    def missing(self, noun: str, entity_id: str) -> Fault:
        return faults.not_found(noun, entity_id)

    def required(self, where: str, name: str, said: object = None) -> Fault:
        return faults.refused(f"Failed to parse request. Required attribute '{name}' not specified")

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        if isinstance(reason, Unconvertible):
            return faults.invalid_input(str(reason))
        return faults.invalid_value(name, str(reason))

    def no_object(self, where: str, value: object) -> Fault:
        return faults.refused(f"Unable to find '{where}' in request body")

    def unknown(self, where: str, names: list[str], value: object) -> Fault:
        return faults.refused(f"Unrecognized attribute(s) '{', '.join(names)}'")

    def unsettable(self, where: str, name: str, verb: str, said: object) -> Fault:
        if verb == "create":
            return faults.refused(f"Attribute '{name}' not allowed in POST")
        return faults.refused(f"Cannot update read-only attribute {name}")

    def forbidden(self, rule: str) -> Fault:
        return faults.forbidden(rule)

    def reserved(self, field: Field, given: object, verb: str, where: str) -> Fault | None:
        if verb == "create" and given == field.default:
            return None
        rule = f"rule:{verb}_{where}"
        return faults.forbidden(f"({rule} and {rule}:{field.name})")

    def ownership(self, service: Networking, caller: Caller, type_: type[Entity]) -> dict[str, Any]:
        now = service.timestamp()
        return {"created_at": now, "updated_at": now}

    def touch(self, service: Networking, entity: Entity) -> None:
        """Its next revision."""
        assert isinstance(entity, NetworkEntity)
        entity.updated_at = service.timestamp()
        entity.revision_number += 1


DIALECT = NetworkDialect()
SHARED = said_only(boolean, default=False, admins=("create", "update"))
BUILT: Life[Networking, Any] = Life(creating="BUILD", passing=True)
"""The life of what is built where its operation takes time."""


def read_body(call: Call) -> dict[str, Any]:
    """Raises Fault 400."""
    if not call.body:
        return {}
    try:
        return call.json
    except Fault as fault:
        raise faults.refused("Body contains invalid data") from fault


@dataclass(kw_only=True, eq=False)
class NetworkKind(Kind[Networking, E]):
    """`quota` names the limit that counts these objects; `shared_as` is what policies of sharing
    call them, where they can be shared; `refuse_bulk` looks at all that are wished for at once,
    `before_list` makes what a list must show."""

    dialect: Dialect[Networking] = DIALECT
    quota: str | None = None
    shared_as: str = ""
    refuse_bulk: Callable[[list[Wish]], None] | None = None
    before_list: Callable[[Networking, Caller], None] | None = None

    def __post_init__(self) -> None:
        self.noun = self.name
        self.also = {"tenant_id": _TENANT, **self.also}
        if self.shared_as:
            self.also = {"shared": SHARED, **self.also}
            self.ties = replace(self.ties, along={**self.ties.along, "rbac_policy": "object_id"})
            self.visible = self.visible or sharing.is_usable
        super().__post_init__()
        if "tags" in self.fields:
            self._route_tags(f"{self.one}/tags")

    def find_own(self, networking: Networking, caller: Caller, entity_id: str, verb: str) -> E:
        """As `find`; Fault 403 where it is another project's."""
        entity = self.find(networking, caller, entity_id)
        if not caller.sees(entity.project_id):
            raise faults.forbidden(f"rule:{verb}_{self.name}")
        return entity

    def of_own(self, service: Networking, call: Call, verb: str) -> E:
        entity = self.find_own(service, call.caller, call.params["id"], verb)
        _check_revision(call, entity)
        return entity

    def assign(self, service: Networking, entity: E, wish: Wish) -> E:
        """There is no new revision where nothing changes."""
        self._share(service, entity, wish)
        if all(getattr(entity, name) == value for name, value in self.stored(wish).items()):
            return entity
        return super().assign(service, entity, wish)

    def _share(self, networking: Networking, entity: E, wish: Wish) -> None:
        if self.shared_as and "shared" in wish:
            sharing.set_shared(networking, entity, self.shared_as, shared=wish["shared"])

    def show(self, service: Networking, call: Call, entity: E, view: str = FULL) -> dict[str, Any]:
        shown = super().show(service, call, entity, view)
        if self.shared_as:
            shown["shared"] = sharing.is_shared(service, call.caller, entity)
        return shown

    def list_seen(self, service: Networking, call: Call, view: str = FULL) -> object:
        if self.before_list is not None:
            self.before_list(service, call.caller)
        if (ids := query_of(call).get("id")) is None:
            return super().list_seen(service, call, view)
        named = [each for each in map(self.made(service).get, ids) if each is not None]
        seen = [each for each in named if self.sees(service, call.caller, each)]
        return self.list_these(service, call, seen, view)

    def reply(self, service: Networking, call: Call, entity: E, view: str = FULL) -> object:
        shown = self.show(service, call, entity, view)
        return {self.name: selected(shown, query_of(call)) if call.method == "GET" else shown}

    def _route_create(self) -> None:
        @self.routes.post(self.path, f"{self.name}.create", status=201)
        def create(networking: Networking, call: Call) -> object:
            body = read_body(call)
            if self.plural in body:
                return {self.plural: self._make_many(networking, call, body[self.plural])}
            self.require(call, "create")
            wish = self.read(call, "create")
            return self.reply(networking, call, self._make(networking, call, wish), NEW)

    def _make(self, networking: Networking, call: Call, wish: Wish) -> E:
        self.require_named(networking, call, wish)
        if self.create is not None:
            entity = self.create(networking, call, wish)
        else:
            entity = self.add(networking, call.caller, wish)
        self._share(networking, entity, wish)
        self.begin(networking, call, entity, "create")
        return entity

    def _make_many(self, networking: Networking, call: Call, said: object) -> list[dict[str, Any]]:
        """All of them or none. Raises Fault."""
        if not isinstance(said, list) or not said:
            raise faults.refused("Resources required")
        wishes = [self.wish(call, each, "create") for each in said]
        if self.refuse_bulk is not None:
            self.refuse_bulk(wishes)
        if self.quota is not None:
            for project_id in {wish["project_id"] for wish in wishes}:
                more = sum(wish["project_id"] == project_id for wish in wishes)
                networking.require_quota(project_id, {self.quota: more})
        made: list[E] = []
        try:
            made.extend(self._make(networking, call, wish) for wish in wishes)
        except Fault:
            for entity in reversed(made):
                self.end(networking, call, entity)
            raise
        return [self.show(networking, call, entity, NEW) for entity in made]

    def _route_tags(self, path: str) -> None:
        """Operations `<name>.list_tags`, `.replace_tags`, `.add_tags`, `.remove_tags`; for a
        single one `.show_tag`, `.add_tag` and `.remove_tag`."""
        routes, one = self.routes, f"{path}/{{tag}}"
        routes.get(path, f"{self.name}.list_tags")(self._list_tags)
        routes.put(path, f"{self.name}.replace_tags")(self._replace_tags)
        routes.post(path, f"{self.name}.add_tags")(self._add_tags)
        routes.delete(path, f"{self.name}.remove_tags")(self._remove_tags)
        routes.get(one, f"{self.name}.show_tag", status=204)(self._show_tag)
        routes.put(one, f"{self.name}.add_tag", status=201)(self._add_tag)
        routes.delete(one, f"{self.name}.remove_tag")(self._remove_tag)

    def _list_tags(self, networking: Networking, call: Call) -> object:
        return {"tags": self.of(networking, call).tags}

    def _replace_tags(self, networking: Networking, call: Call) -> object:
        return self._keep_tags(networking, call, _read_tags(call))

    def _add_tags(self, networking: Networking, call: Call) -> object:
        return self._keep_tags(networking, call, _read_tags(call), add=True)

    def _remove_tags(self, networking: Networking, call: Call) -> None:
        self._keep_tags(networking, call, [])

    def _show_tag(self, networking: Networking, call: Call) -> None:
        if call.params["tag"] not in self.of(networking, call).tags:
            raise _no_tag(call.params["tag"])

    def _add_tag(self, networking: Networking, call: Call) -> None:
        self._keep_tags(networking, call, [_checked_tag(call.params["tag"])], add=True)

    def _remove_tag(self, networking: Networking, call: Call) -> None:
        entity = self.of_own(networking, call, "update")
        if call.params["tag"] not in entity.tags:
            raise _no_tag(call.params["tag"])
        entity.tags.remove(call.params["tag"])
        self.touch(networking, entity)

    def _keep_tags(
        self, networking: Networking, call: Call, tags: list[str], *, add: bool = False
    ) -> object:
        entity = self.of_own(networking, call, "update")
        entity.tags = list(dict.fromkeys([*(entity.tags if add else []), *tags]))
        self.touch(networking, entity)
        return {"tags": tags}


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


def _read_tags(call: Call) -> list[str]:
    body: Mapping[str, Any] = call.json
    if "tags" not in body:
        raise faults.invalid_input("Invalid tags body")
    tags = body["tags"]
    if not isinstance(tags, list):
        raise faults.invalid_input(f"'{tags}' is not a list")
    for position, tag in enumerate(tags):
        if tag in tags[:position]:
            raise faults.invalid_input(f"Duplicate items in the list: '{tag}'")
    return [_checked_tag(tag) for tag in tags]


def _checked_tag(tag: object) -> str:
    try:
        return str(text()(tag))
    except ValueError as error:
        raise faults.invalid_input(str(error)) from error


def _no_tag(tag: str) -> Fault:
    return faults.missing("TagNotFound", f"Tag {tag} could not be found.")
