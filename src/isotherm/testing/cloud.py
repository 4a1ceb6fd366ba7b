"""A cloud in memory behind the ``CloudApi`` port: keeps objects, records calls, fails on demand."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.core.errors import Gone, RemoteError
from isotherm.kit.context import CloudApi, Filter
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Remote


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it was made; ``what`` is an entity's key, or ``METHOD path`` of ``call``."""

    verb: str
    what: str
    physical_id: str = ""
    body: Any = None
    parent: str = ""
    microversion: str = ""


@dataclass(slots=True)
class RecordingCloud(CloudApi):
    """Objects keep the fields they were created with; nothing changes by itself: a test
    moves them with ``put``. Action and ``call`` replies are what ``replies`` says for
    ``ACTION`` or ``METHOD path`` (None where nothing is said), names are turned into
    ids by ``ids`` (``{("glance.image", "cirros"): "image-1"}``; others stay as they are).
    """

    time: str = "2026-01-01T00:00:00Z"
    calls: list[Call] = field(default_factory=list)
    replies: dict[str, Any] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    _objects: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)
    _errors: dict[tuple[str, str], list[RemoteError]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    # -- the test's side ---------------------------------------------------------

    def put(
        self, entity: Entity, physical_id: str, *, parent: str = "", **fields: Any
    ) -> dict[str, Any]:
        """Create an object, or change the fields of one that exists."""
        collection = self._collection(entity, parent)
        remote = collection.setdefault(physical_id, {entity.id_field: physical_id})
        remote.update(fields)
        return remote

    def remove(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        self._collection(entity, parent).pop(physical_id, None)

    def objects(self, entity: Entity, *, parent: str = "") -> dict[str, dict[str, Any]]:
        return self._collection(entity, parent)

    def fail(self, verb: str, what: str, *errors: RemoteError) -> None:
        """Answer the next calls of this kind with these errors, one each."""
        self._errors.setdefault((verb, what), []).extend(errors)

    def made(self, verb: str = "", what: str = "") -> list[Call]:
        """The recorded calls of one kind, or of all kinds but reads."""
        return [
            each
            for each in self.calls
            if (each.verb == verb if verb else each.verb not in ("show", "list", "find"))
            and (not what or each.what == what)
        ]

    # -- the port's side -----------------------------------------------------------

    async def create(self, entity: Entity, body: Mapping[str, Any], *, parent: str = "") -> Remote:
        what = entity.key or entity.plural
        self._record("create", what, body=body, parent=parent, microversion=entity.microversion)
        physical_id = str(body.get(entity.id_field) or self._next_id(what))
        fields = {**copy.deepcopy(dict(body)), "created_at": self.time}
        fields[entity.id_field] = physical_id
        return dict(self.put(entity, physical_id, parent=parent, **fields))

    async def show(self, entity: Entity, physical_id: str, *, parent: str = "") -> Remote:
        self._record("show", entity.key or entity.plural, physical_id, parent=parent)
        return copy.deepcopy(self._existing(entity, physical_id, parent))

    async def list(self, entity: Entity, *, parent: str = "", **filters: Filter) -> list[Remote]:
        self._record("list", entity.key or entity.plural, body=filters, parent=parent)
        return [
            copy.deepcopy(each)
            for each in self._collection(entity, parent).values()
            if all(str(wanted) in str(each.get(name, "")) for name, wanted in filters.items())
        ]

    async def update(
        self, entity: Entity, physical_id: str, body: Mapping[str, Any], *, parent: str = ""
    ) -> Remote:
        self._record("update", entity.key or entity.plural, physical_id, body, parent)
        remote = self._existing(entity, physical_id, parent)
        if isinstance(body, Mapping):
            remote.update(copy.deepcopy(dict(body)))
        return copy.deepcopy(remote)

    async def delete(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        self._record("delete", entity.key or entity.plural, physical_id, parent=parent)
        self._existing(entity, physical_id, parent)
        self.remove(entity, physical_id, parent=parent)

    async def act(
        self, entity: Entity, physical_id: str, action: str, arguments: Any = None
    ) -> Any:
        self._record("act", action, physical_id, arguments, microversion=entity.microversion)
        return copy.deepcopy(self.replies.get(action))

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        microversion: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        what = f"{method} {path}"
        self._record("call", what, body=body, microversion=microversion)
        return copy.deepcopy(self.replies.get(what))

    async def find(self, finder: str, name_or_id: str) -> str:
        self._record("find", finder, name_or_id)
        return self.ids.get((finder, name_or_id), name_or_id)

    # -- inside ------------------------------------------------------------------

    def _collection(self, entity: Entity, parent: str) -> dict[str, dict[str, Any]]:
        path = entity.path.replace("{parent}", parent)
        return self._objects.setdefault((entity.service, path), {})

    def _existing(self, entity: Entity, physical_id: str, parent: str) -> dict[str, Any]:
        try:
            return self._collection(entity, parent)[physical_id]
        except KeyError:
            raise Gone(f"{entity.operation} {physical_id} could not be found", status=404) from None

    def _record(
        self,
        verb: str,
        what: str,
        physical_id: str = "",
        body: Any = None,
        parent: str = "",
        *,
        microversion: str = "",
    ) -> None:
        self.calls.append(Call(verb, what, physical_id, copy.deepcopy(body), parent, microversion))
        if waiting := self._errors.get((verb, what)):
            raise waiting.pop(0)

    def _next_id(self, what: str) -> str:
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return f"{what}-{self._numbers[what]}"
