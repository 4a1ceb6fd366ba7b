"""Turns template values into what a schema asks for, or says why it cannot be done.

Unknown values pass every check (they are checked again once known); secrets are
checked by their content but stay wrapped, and never appear in a diagnostic.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from isotherm.core.constraints import first_violation, near_allowed
from isotherm.core.diagnostics import Diagnostic, Diagnostics, Severity
from isotherm.core.schema import ABSENT, PropertySchema, ValueType
from isotherm.core.suggestions import nearest
from isotherm.core.values import Secret, Unknown, Value, kind_of

UNKNOWN_PROPERTY = "Unknown property"
"""Begins the finding about a property whose name is wrong, not its value."""

NULLS: Mapping[ValueType, Value] = {
    ValueType.STRING: "",
    ValueType.INTEGER: 0,
    ValueType.NUMBER: 0,
    ValueType.LIST: [],
    ValueType.MAP: {},
    ValueType.BOOLEAN: False,
}
"""What null is where a value of a type must be."""

_TRUE = frozenset({"true", "t", "on", "y", "yes", "1"})
_FALSE = frozenset({"false", "f", "off", "n", "no", "0"})


class _Mismatch(Exception):
    """A value does not fit its type; the text is the reason."""


def coerce_properties(
    fields: Mapping[str, PropertySchema],
    values: Mapping[str, Value],
    path: str,
    diagnostics: Diagnostics,
) -> dict[str, Value]:
    """All properties of ``fields``: coerced, defaults filled in, findings added to ``diagnostics``.

    A property that is absent or null and has no default is left out; null is a value
    where any value will do.
    """
    meant = _refuse_unknown(fields, values, path, diagnostics)
    result: dict[str, Value] = {}
    for name, schema in fields.items():
        value = _given(schema, values, name)
        if value is None and schema.default is ABSENT and not schema.required:
            continue
        where = f"{path}.{name}"
        if value is None and schema.required and schema.type is ValueType.ANY and name in values:
            result[name] = None
        elif value is None:
            if schema.default is not ABSENT:
                result[name] = coerce(schema, _default(schema), where, diagnostics)
            elif name not in meant and not _given_by_former_name(fields, values, name):
                diagnostics.add(Diagnostic(f"Property {name} not assigned", path=where))
        elif not schema.implemented:
            diagnostics.add(Diagnostic(f"Property {name} not implemented yet", path=where))
        else:
            result[name] = coerce(schema, value, where, diagnostics)
    return result


def _refuse_unknown(
    fields: Mapping[str, PropertySchema],
    values: Mapping[str, Value],
    path: str,
    diagnostics: Diagnostics,
) -> set[str]:
    """Findings for names that ``fields`` do not have; the names that these may stand for."""
    meant: set[str] = set()
    for name in values:
        if name not in fields:
            near = nearest(name, [each for each in fields if each not in values])
            meant.add(near)
            hint = f"did you mean {near!r}?" if near else ""
            diagnostics.add(
                Diagnostic(f"{UNKNOWN_PROPERTY} {name}", path=f"{path}.{name}", hint=hint)
            )
    return meant


def _default(schema: PropertySchema) -> Value:
    """One that is empty is empty in the way of its type: lists have an empty map as well."""
    return NULLS.get(schema.type, {}) if schema.default == {} else schema.default


def _given(schema: PropertySchema, values: Mapping[str, Value], name: str) -> Value:
    value = values.get(name)
    if value is None and schema.null is not ABSENT and name in values:
        return schema.null
    return value


def _given_by_former_name(
    fields: Mapping[str, PropertySchema], values: Mapping[str, Value], name: str
) -> bool:
    return any(
        schema.renamed_to == name and values.get(former) is not None
        for former, schema in fields.items()
    )


def coerce(schema: PropertySchema, value: Value, path: str, diagnostics: Diagnostics) -> Value:
    """``value`` as ``schema`` wants it; where it cannot be, a diagnostic and the value itself."""
    if isinstance(value, Unknown) or value is None:
        return value
    if isinstance(value, Secret):
        hidden = Diagnostics()
        inner = coerce(schema, value.reveal(), path, hidden)
        if hidden.found:
            diagnostics.add(Diagnostic("the (hidden) value does not fit", path=path))
        return _hidden(schema, inner)
    try:
        result = _CONVERTERS[schema.type](schema, value, path, diagnostics)
    except _Mismatch as mismatch:
        diagnostics.add(Diagnostic(str(mismatch), path=path))
        return value
    if not _holds_marker(result) and (reason := first_violation(schema.constraints, result)):
        hint = near_allowed(schema.constraints, result)
        diagnostics.add(Diagnostic(reason, path=path, hint=hint))
    return Secret(result) if schema.secret else result


def _hidden(schema: PropertySchema, value: Value) -> Value:
    """A secret value of a form that everybody knows: what is in it is secret, its form is not."""
    if schema.fields and isinstance(value, dict) and value.keys() <= schema.fields.keys():
        return {name: _hidden(schema.fields[name], each) for name, each in value.items()}
    if schema.items and schema.items.fields and isinstance(value, list):
        return [_hidden(schema.items, each) for each in value]
    return Secret(value)


def _holds_marker(value: Value) -> bool:
    """Whether a shallow look shows something that constraints cannot judge yet."""
    return isinstance(value, list) and any(isinstance(each, (Unknown, Secret)) for each in value)


def to_boolean(value: Any) -> bool:
    """Truth as templates spell it; raises ValueError for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{value!r} is not a boolean")


def to_number(value: Any) -> int | float:
    """An int where the text is whole, else a float; raises ValueError."""
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")
    if isinstance(value, (int, float)):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a number")
    try:
        return int(value)
    except ValueError:
        number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is not a finite number")
    return number


def _string(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    if isinstance(value, (str, int, float)):
        return str(value)
    raise _Mismatch(f"Value must be a string, not {kind_of(value)}")


def _integer(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    text = f"Value {value!r} is not an integer"
    try:
        # In text, only what looks like an integer is one.
        number = int(value) if isinstance(value, str) else int(_plain_number(value))
    except (TypeError, ValueError, OverflowError):
        raise _Mismatch(text) from None
    if isinstance(value, bool) or (isinstance(value, float) and value != number):
        _pass_over(text, number, path, found)
    return number


def _number(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    text = f"Value {value!r} is not a number"
    if isinstance(value, bool):
        _pass_over(text, int(value), path, found)
        return int(value)
    try:
        number = to_number(value)
    except ValueError:
        raise _Mismatch(text) from None
    if not math.isfinite(number):
        raise _Mismatch(text)
    return number


def _plain_number(value: Any) -> int | float:
    if isinstance(value, (int, float)):
        return value
    raise TypeError


def _pass_over(text: str, number: int, path: str, found: Diagnostics) -> None:
    hint = f"it counts as {number}"
    found.add(Diagnostic(text, path=path, hint=hint, severity=Severity.SLIP))


def _boolean(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise _Mismatch(f"Value {value!r} is not a valid boolean")


def _map(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    if isinstance(value, str):
        value = _parsed_json(value)
    if not isinstance(value, Mapping):
        raise _Mismatch(f"Value must be a map, not {kind_of(value)}")
    if schema.fields is None:
        return dict(value)
    return coerce_properties(schema.fields, value, path, found)


def _list(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, (list, tuple)):
        raise _Mismatch(f"Value must be a list, not {kind_of(value)}")
    if schema.items is None:
        return list(value)
    return [_item(schema.items, each, f"{path}.{i}", found) for i, each in enumerate(value)]


def _item(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    if value is None and schema.type in NULLS:
        found.add(Diagnostic("an item is null", path=path, severity=Severity.SLIP))
        value = NULLS[schema.type]
    return coerce(schema, value, path, found)


def _any(schema: PropertySchema, value: Any, path: str, found: Diagnostics) -> Value:
    return value


def _parsed_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _Mismatch("Value must be a map, not a string that is not JSON") from None


_CONVERTERS = {
    ValueType.STRING: _string,
    ValueType.INTEGER: _integer,
    ValueType.NUMBER: _number,
    ValueType.BOOLEAN: _boolean,
    ValueType.MAP: _map,
    ValueType.LIST: _list,
    ValueType.ANY: _any,
}
