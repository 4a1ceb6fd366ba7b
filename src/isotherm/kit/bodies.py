"""Between properties and the bodies of an API, both ways, as the properties are declared.

An empty text is as good as none: templates often have one as the default of a parameter.
So is, in a create call, what is encoded as None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from isotherm.core.values import Value
from isotherm.kit.declarations import KEEP
from isotherm.kit.properties import Field, Properties

Fields = Mapping[str, Any]
"""Fields of bodies and objects, by the API's names."""

_MISSING = object()


def create_fields(props: Properties) -> dict[str, Any]:
    """The fields of a create call: of all properties that are given."""
    return _fields(_given(props, beside=False))


def fields_beside(props: Properties) -> dict[str, Any]:
    """What stands next to the object in the body of a create call."""
    return _fields(_given(props, beside=True))


def update_fields(props: Properties, changed: Iterable[str]) -> dict[str, Any]:
    """The fields of an update call for the changed properties, given or not given any more.

    A field with others inside is sent whole, for the service takes it as it is.
    """
    pairs: list[tuple[Field, Any]] = []
    for name in _with_neighbours(props, changed):
        field = props.fields[name]
        value = getattr(props, field.attribute)
        told = field.declaration
        if told.by_call or told.beside:
            continue
        if not is_absent(value):
            pairs.append((field, _encoded(field, value)))
        elif told.clears is not KEEP:
            pairs.append((field, told.clears))
    return _fields(pairs)


def _with_neighbours(props: Properties, changed: Iterable[str]) -> list[str]:
    """The names, and those that are carried inside the same field and are given."""
    names = list(changed)
    shared = {_outer(props.fields[name]) for name in names} - {""}
    return names + [
        name
        for name, field in props.fields.items()
        if _outer(field) in shared
        and name not in names
        and not is_absent(getattr(props, field.attribute))
    ]


def _outer(field: Field) -> str:
    """The field that carries it inside; empty where none does."""
    outer, dot, _ = (field.sends or "").partition(".")
    return outer if dot else ""


def not_given(props: Properties, names: Iterable[str]) -> frozenset[str]:
    """Those of the named properties that have no value (any more)."""
    return frozenset(n for n in names if is_absent(getattr(props, props.fields[n].attribute)))


def live_properties(group: type[Properties], remote: Mapping[str, Any]) -> dict[str, Value]:
    """The properties that an object has now, as far as its fields tell."""
    found: dict[str, Value] = {}
    for name, field in group.fields.items():
        if field.reads is None or field.declaration.merges:
            continue
        value = _at(remote, field.reads.split("."))
        if value is not _MISSING and not is_absent(value):
            found[name] = _decoded(field, value)
    return found


def is_absent(value: Any) -> bool:
    return value is None or value == ""


def _given(props: Properties, *, beside: bool) -> Iterator[tuple[Field, Any]]:
    for field in props.fields.values():
        if field.declaration.beside is not beside:
            continue
        value = getattr(props, field.attribute)
        if not is_absent(value) and (encoded := _encoded(field, value)) is not None:
            yield field, encoded


def _fields(pairs: Iterable[tuple[Field, Any]]) -> dict[str, Any]:
    """``merges`` come last, so that they prevail."""
    body: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for field, value in pairs:
        if field.declaration.merges:
            merged |= value or {}
        elif field.sends is not None:
            *way, last = field.sends.split(".")
            place = body
            for step in way:
                place = place.setdefault(step, {})
            place[last] = value
    return {**body, **merged}


def _encoded(field: Field, value: Any) -> Any:
    if field.declaration.encodes:
        return field.declaration.encodes(value)
    if isinstance(value, Properties):
        return create_fields(value)
    if isinstance(value, list) and field.group:
        return [create_fields(each) for each in value]
    return value


def _decoded(field: Field, value: Any) -> Value:
    if field.declaration.decodes:
        return field.declaration.decodes(value)
    if field.group and isinstance(value, Mapping):
        return live_properties(field.group, value)
    if field.group and isinstance(value, list):
        return [live_properties(field.group, each) for each in value]
    return value


def _at(remote: Any, way: list[str]) -> Any:
    """``way`` may lead through lists, by position."""
    for step in way:
        if isinstance(remote, list) and step.isdigit():
            remote = remote[int(step)] if int(step) < len(remote) else _MISSING
        elif isinstance(remote, Mapping) and step in remote:
            remote = remote[step]
        else:
            return _MISSING
    return remote
