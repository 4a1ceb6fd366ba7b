"""get_attr, Fn::GetAtt: attributes of resources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isotherm.core.values import Value, first_unknown, has_marker, reveal
from isotherm.template.expressions import Literal, Reference, Surroundings
from isotherm.template.functions.calls import Lookup
from isotherm.template.functions.paths import select
from isotherm.template.functions.references import missing_resource
from isotherm.template.functions.registry import cfn, function, hot

INSIDE = "resource."
"""``resource.NAME`` is the reference of a resource in a nested stack, ``resource.NAME.X`` its
attribute."""


class _Attribute(Lookup):
    """Reads an attribute, then follows the rest of the argument into it."""

    __slots__ = ()

    def read(self, around: Surroundings, argument: Value) -> Value:
        resource, attribute, steps = self.split(argument)
        if around.switches_off(resource):
            return None
        if not around.has_resource(resource):
            raise missing_resource(resource)
        value = around.scope.attribute(resource, attribute, steps)
        if has_marker(value):
            around.markers += 1
        return value

    def check(self) -> None:
        if isinstance(self.argument, Literal):
            self.split(self.argument.value)

    def references(self, around: Surroundings) -> Iterator[Reference]:
        if isinstance(self.argument, Literal):
            resource, attribute, steps = self.split(self.argument.value)
            yield Reference(resource, attribute, _key(steps))
            return
        argument = reveal(self.argument.evaluate(around))
        # The path may be unknown as long as resource and attribute are not.
        head = argument[:3] if isinstance(argument, list) else argument
        if first_unknown(argument[:2] if isinstance(argument, list) else argument) is None:
            resource, attribute, steps = self.split(head)
            yield Reference(resource, attribute, _key(steps))

    def split(self, argument: Value) -> tuple[str, str, list[Value]]:
        """Resource, attribute and path; raises ``EvaluationError``."""
        if not isinstance(argument, list) or len(argument) < 2:
            raise self.wrong_form()
        resource, attribute, *steps = argument
        if not isinstance(resource, str) or not isinstance(attribute, str) or not attribute:
            raise self.wrong_form()
        inside = attribute.startswith(INSIDE) and "." not in attribute.removeprefix(INSIDE)
        if inside and steps and isinstance(steps[0], str):
            # Of a nested stack: [resource.NAME, ATTRIBUTE] is [resource.NAME.ATTRIBUTE].
            attribute, steps = f"{attribute}.{steps[0]}", steps[1:]
        return resource, attribute, steps


def inside(attribute: Value, steps: Sequence[Value]) -> Value:
    """What lies at the end of ``steps`` inside the value of an attribute."""
    return select(attribute, list(steps), text_indexes=False, missing=None)


def _key(steps: Sequence[Value]) -> str:
    return steps[0] if steps and isinstance(steps[0], str) else ""


@function("get_attr", hot(before="2015-10-15"))
class GetAttr(_Attribute):
    """An attribute of a resource, or what lies inside it."""

    __slots__ = ()
    syntax = "get_attr: [RESOURCE, ATTRIBUTE, KEY-OR-INDEX, …]"


@function("get_attr", hot("2015-10-15"))
class GetAttrOrAll(_Attribute):
    """An attribute of a resource, what lies inside it, or the map of all attributes."""

    __slots__ = ()
    syntax = "get_attr: [RESOURCE] or get_attr: [RESOURCE, ATTRIBUTE, KEY-OR-INDEX, …]"

    def split(self, argument: Value) -> tuple[str, str, list[Value]]:
        if isinstance(argument, str) and argument:
            return argument, "", []
        if isinstance(argument, list) and len(argument) == 1 and isinstance(argument[0], str):
            return argument[0], "", []
        return super().split(argument)


@function("Fn::GetAtt", cfn())
class FnGetAtt(_Attribute):
    """An attribute of a resource."""

    __slots__ = ()
    syntax = "Fn::GetAtt: [RESOURCE, ATTRIBUTE]"

    def split(self, argument: Value) -> tuple[str, str, list[Value]]:
        if isinstance(argument, str) and "." in argument:
            argument = argument.split(".", 1)
        resource, attribute, steps = super().split(argument)
        if steps:
            raise self.wrong_form()
        return resource, attribute, []
