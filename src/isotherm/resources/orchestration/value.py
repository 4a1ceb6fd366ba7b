"""OS::Heat::Value: gives a value a name."""

from collections.abc import Callable, Mapping
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, register, supported


def _is_number(value: Any) -> bool:
    try:
        return float(value) is not None
    except (TypeError, ValueError):
        return False


_NULLS: kit.Values = {"string": "", "number": 0, "comma_delimited_list": [], "json": {}, "boolean": False}
"""What null is as a value of a type."""
_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "string": (lambda value: isinstance(value, (str, int, float)), "a string"),
    "number": (_is_number, "a number"),
    "comma_delimited_list": (lambda value: isinstance(value, list), "a list"),
    "json": (lambda value: isinstance(value, Mapping), "a map"),
    "boolean": (lambda value: str(value).lower() in ("true", "false"), "a boolean"),
}


class ValueProperties(Properties):
    value: Any = changeable("What the attribute 'value' gives.")
    type: str | None = changeable(
        "What the value must be; by default anything.",
        allowed=("string", "number", "comma_delimited_list", "json", "boolean"),
    )


@register("OS::Heat::Value", support=supported("7.0.0"))
class ValueResource(kit.NamedType[ValueProperties]):
    """A value computed once and used in many places."""

    attributes = (
        attr("value", None, "The value as it was given.", reads=lambda ctx, _: _typed(ctx.props.value, ctx.props.type)),
    )

    def problems(self, properties: kit.Values) -> kit.Problems:
        value, kind = properties.get("value"), properties.get("type")
        if isinstance(value, kit.Unknown) or not isinstance(kind, str) or kind not in _CHECKS:
            return
        check, expected = _CHECKS[kind]
        if value is not None and not check(value.reveal() if isinstance(value, kit.Secret) else value):
            yield "value", f"Value must be {expected}"

    def foreseen(self, properties: kit.Values) -> kit.Values:
        return {"value": _typed(properties.get("value"), properties.get("type"))}


def _typed(value: kit.Value, kind: kit.Value) -> kit.Value:
    return _NULLS[kind] if value is None and isinstance(kind, str) else value
