"""What expressions are evaluated against: the current rows of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from isotherm.core.states import Status
from isotherm.core.values import Unknown, Value
from isotherm.engine.recording.ledger import Ledger
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import AnyType
from isotherm.ports.records import Resource
from isotherm.template import INSIDE, EvaluationError, inside


class LedgerScope:
    """What the steps of a traversal see of each other; what is not there is None.

    The empty attribute stands for all of them.
    """

    def __init__(self, ledger: Ledger, types: Registry) -> None:
        self._ledger = ledger
        self._types = types

    def reference(self, resource: str) -> Value:
        row = self._ledger.current(resource)
        return row.reference if row is not None else None

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        row = self._ledger.current(resource)
        if row is None:
            return None
        if not name:
            return {each: row.attributes[each] for each in own_attributes(row)}
        _require(row, name, self._types.get(row.type))
        try:
            return self._types[row.type].read(row.attributes, name, steps)
        except LookupError:
            return None


class RecordedScope:
    """What outputs and readers of a stack see; what is not there is unknown.

    Secrets stay wrapped: who shows a value decides what becomes of them. ``errors`` say of
    resource, attribute and first step into it (empty: the whole) why there is no value.
    """

    def __init__(
        self,
        rows: Mapping[str, Resource],
        types: Registry,
        errors: Mapping[tuple[str, str, str], str] | None = None,
    ) -> None:
        self._rows = rows
        self._types = types
        self._errors = errors or {}

    def reference(self, resource: str) -> Value:
        row = self._rows.get(resource)
        if row is None or row.reference is None:
            return Unknown(resource)
        return row.reference

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        row = self._rows.get(resource)
        if row is None:
            return Unknown(resource)
        for key in ("", *map(str, steps[:1])):
            if (error := self._errors.get((resource, name, key))) is not None:
                raise EvaluationError(error)
        if not name:
            return {each: row.attributes[each] for each in own_attributes(row)}
        with suppress(LookupError):
            return self._read(row, name, steps)
        known = self._types.get(row.type)
        _require(row, name, known)
        if row.status is Status.COMPLETE and (known is None or name.startswith(INSIDE)):
            # Of a template, and of what lies inside of a stack, it is known what there is.
            raise _incorrect(row, name)
        return Unknown(resource)

    def _read(self, row: Resource, name: str, steps: Sequence[Value]) -> Value:
        known = self._types.get(row.type)
        if known is None:
            return inside(row.attributes[name], steps)
        return known.read(row.attributes, name, steps)


def _require(row: Resource, name: str, known: AnyType | None) -> None:
    """An attribute of which only the object knows whether it has it is among those recorded, as
    soon as it has."""
    if row.status is not Status.COMPLETE or name in row.attributes:
        return
    if known is not None and not known.nests and known.has(name):
        raise _incorrect(row, name)


def _incorrect(row: Resource, name: str) -> EvaluationError:
    return EvaluationError(f"The Referenced Attribute ({row.name} {name}) is incorrect.")


def own_attributes(row: Resource) -> list[str]:
    """Names of the attributes that are recorded; not those that are read through a stack."""
    return [name for name in row.attributes if not name.startswith(INSIDE)]
