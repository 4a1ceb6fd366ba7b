"""Following a path of keys and indexes into a value.

The two ways differ in what is there at the end of a wrong path, and in whether
text that looks like a number may index a list.
"""

from __future__ import annotations

from isotherm.core.values import Secret, Unknown, Value


def select(value: Value, steps: list[Value], *, text_indexes: bool, missing: Value) -> Value:
    """What lies at the end of ``steps``, or ``missing``; markers on the way are respected."""
    for index, step in enumerate(steps):
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Secret):
            rest = select(value.reveal(), steps[index:], text_indexes=text_indexes, missing=missing)
            return rest if isinstance(rest, Unknown) else Secret(rest)
        value = _child(value, step, text_indexes)
        if value is _NOTHING:
            return missing
    return value


_NOTHING = object()


def _child(value: Value, step: Value, text_indexes: bool) -> Value:
    if isinstance(value, dict):
        return value.get(step, _NOTHING) if isinstance(step, str) else _NOTHING
    if not isinstance(value, (list, str)):
        return _NOTHING
    if text_indexes and isinstance(step, str) and step.removeprefix("-").isdecimal():
        step = int(step)
    if not isinstance(step, int) or not -len(value) <= step < len(value):
        return _NOTHING
    return value[step]
