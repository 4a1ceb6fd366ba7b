"""The values that an option of a configuration file may have, in words."""

from __future__ import annotations

from oslo_config import cfg, types


def allowed(option: cfg.Opt) -> str:
    """The values an option may have, in words."""
    kind = option.type
    if choices := getattr(kind, "choices", None):
        return f"one of {', '.join(map(str, choices))}"
    match kind:
        case types.Boolean():
            return "true or false"
        case types.Integer():
            return f"a whole number{_bounds(kind)}"
        case types.Float():
            return f"a number{_bounds(kind)}"
        case types.List():
            return "a list (a,b,c)"
        case types.Dict():
            return f"name:value,name:value, each value {_values(kind)}"
    return "a text"


def _values(kind: types.Dict) -> str:
    value = kind.value_type
    return f"a number{_bounds(value)}" if isinstance(value, types.Float) else "a text"


def _bounds(kind: types.Number) -> str:
    return f" of {kind.min} or more" if kind.min is not None else ""
