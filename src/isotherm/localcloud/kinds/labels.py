"""Metadata of objects, one pair at a time or all at once, below the object's own path."""

from collections.abc import Callable
from typing import Any, TypeVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.checks import Check
from isotherm.localcloud.kinds.kind import Kind
from isotherm.localcloud.service import Service

S = TypeVar("S", bound=Service)
E = TypeVar("E", bound=Entity)


class Metadata:
    """Routes for `attribute`, an object of texts, at `<path>/{id}/<name>`.

    `key` is that of a body with all pairs, where it is not the name; `one` that of a body with a
    single pair, and where it is empty, the body is the pair. Operations are `<operation>.list`,
    `.add`, `.replace`, `.show`, `.set` and `.delete`; `admins` is the prefix of the rules that
    keep others from changing it.
    """

    def __init__(
        self,
        kind: Kind[Any, Any],
        check: Check,
        *,
        name: str = "metadata",
        key: str = "",
        attribute: str = "",
        one: str = "meta",
        operation: str = "",
        admins: str = "",
        missing: Callable[[Entity, str], Fault] | None = None,
        delete_status: int = 200,
        before: Callable[[Any, Call, Any, dict[str, str]], None] | None = None,
        told: Callable[[Call, Any], dict[str, str]] | None = None,
    ) -> None:
        """`before` may refuse what the metadata would become, `told` says what of it the caller
        sees."""
        self.kind, self.check, self.name, self.one = kind, check, key or name, one
        self.attribute = attribute or name
        self.operation = operation or f"{kind.name}_{name}"
        self.admins, self.before = admins, before
        self.missing = missing or (
            lambda entity, key: kind.dialect.no_metadata(kind.noun, entity, key)
        )
        self.told = told or (lambda call, entity: getattr(entity, self.attribute))
        self._add_routes(f"{kind.one}/{name}", delete_status)

    def _add_routes(self, path: str, delete_status: int) -> None:
        routes, of = self.kind.routes, self.operation
        routes.get(path, f"{of}.list")(self._list)
        routes.post(path, f"{of}.add")(self._add)
        if self.one:
            routes.put(path, f"{of}.replace")(self._replace)
        routes.get(f"{path}/{{key}}", f"{of}.show")(self._show)
        routes.put(f"{path}/{{key}}", f"{of}.set")(self._set)
        routes.delete(f"{path}/{{key}}", f"{of}.delete", status=delete_status)(self._delete)

    def _list(self, service: Any, call: Call) -> object:
        return {self.name: self.told(call, self.kind.of(service, call))}

    def _add(self, service: Any, call: Call) -> object:
        self._require(call, "create")
        entity, new = self.kind.of(service, call), self._read(call, self.name)
        self._store(service, call, entity, {**getattr(entity, self.attribute), **new})
        return {self.name: self.told(call, entity) if self.one else new}

    def _replace(self, service: Any, call: Call) -> object:
        entity, new = self.kind.of(service, call), self._read(call, self.name)
        self._store(service, call, entity, new)
        return {self.name: new}

    def _show(self, service: Any, call: Call) -> object:
        key, entity = call.params["key"], self.kind.of(service, call)
        pair = {key: self._value(self.told(call, entity), entity, key)}
        return {self.one: pair} if self.one else pair

    def _set(self, service: Any, call: Call) -> object:
        self._require(call, "update")
        key, entity = call.params["key"], self.kind.of(service, call)
        new = self._read(call, self.one)
        if not self.one and len(new) > 1:
            raise Fault(400, f"{new} has too many properties")
        if not new:
            raise self.kind.dialect.invalid(self.one, new, ValueError("{} should be non-empty"))
        if key not in new:
            raise Fault(400, "Request body and URI mismatch")
        if len(new) > 1:
            raise Fault(400, "Request body contains too many items")
        self._store(service, call, entity, {**getattr(entity, self.attribute), **new})
        return {self.one: new} if self.one else new

    def _delete(self, service: Any, call: Call) -> None:
        self._require(call, "delete")
        key, entity = call.params["key"], self.kind.of(service, call)
        held = dict(getattr(entity, self.attribute))
        self._value(held, entity, key)
        del held[key]
        self._store(service, call, entity, held)

    def _require(self, call: Call, verb: str) -> None:
        if self.admins and not call.caller.is_admin:
            raise self.kind.dialect.forbidden(f"{self.admins}:{verb}")

    def _read(self, call: Call, key: str) -> dict[str, str]:
        dialect = self.kind.dialect
        said = dialect.body(call, key) if key else call.json
        checked: dict[str, str] = dialect.checked(key or self.name, said, self.check)
        return checked

    def _value(self, held: dict[str, str], entity: Entity, key: str) -> str:
        if key not in held:
            raise self.missing(entity, key)
        return held[key]

    def _store(self, service: Any, call: Call, entity: Any, new: dict[str, str]) -> None:
        if self.before is not None:
            self.before(service, call, entity, new)
        setattr(entity, self.attribute, new)
        self.kind.made(service).save(entity)
