"""get_resource, Ref: what stands for a resource, usually its physical id.

Ref reads parameters as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from isotherm.core.values import Unknown, Value, has_marker, reveal
from isotherm.template.expressions import OMITTED, EvaluationError, Literal, Reference, Surroundings
from isotherm.template.functions.calls import Lookup
from isotherm.template.functions.registry import AWS, cfn, condition_function, function, hot

_NO_VALUE = "AWS::NoValue"


def missing_resource(name: str) -> EvaluationError:
    return EvaluationError(
        f'The specified reference "{name}" is incorrect.', error="InvalidTemplateReference"
    )


def read_reference(around: Surroundings, name: str) -> Value:
    if around.switches_off(name):
        return None
    if not around.has_resource(name):
        raise missing_resource(name)
    value = around.scope.reference(name)
    if has_marker(value):
        around.markers += 1
    return value


def read_parameter(around: Surroundings, name: str) -> Value:
    if not around.has_parameter(name):
        raise missing_resource(name)
    return around.parameter(name)


class _Named(Lookup):
    """A function whose argument is one name."""

    __slots__ = ()

    def target(self, around: Surroundings) -> str | None:
        """The name; None while it is unknown."""
        if (name := self.static_name()) is None:
            name = reveal(self.argument.evaluate(around))
        if isinstance(name, Unknown):
            return None
        return self.named(name)

    def named(self, argument: Value) -> str:
        if isinstance(argument, (dict, list)):
            raise self.wrong_form()
        return str(argument)

    def check(self) -> None:
        if isinstance(self.argument, Literal):
            self.named(self.argument.value)

    def static_name(self) -> str | None:
        """The name where it is written out."""
        return self.named(self.argument.value) if isinstance(self.argument, Literal) else None


@function("get_resource", hot())
class GetResource(_Named):
    """What stands for a resource, usually its physical id."""

    __slots__ = ()
    syntax = "get_resource: RESOURCE"

    def read(self, around: Surroundings, argument: Value) -> Value:
        return read_reference(around, self.named(argument))

    def references(self, around: Surroundings) -> Iterator[Reference]:
        if (name := self.target(around)) is not None:
            yield Reference(name)


@function("Ref", cfn(), hot(before="2014-10-16"))
class Ref(_Named):
    """A parameter's value, or what stands for a resource."""

    __slots__ = ()
    syntax = "Ref: RESOURCE-OR-PARAMETER"
    omits = True

    def read(self, around: Surroundings, argument: Value) -> Value:
        name = self.named(argument)
        if name == _NO_VALUE and not around.has_parameter(name):
            return OMITTED
        if around.has_resource(name) or around.switches_off(name):
            return read_reference(around, name)
        return read_parameter(around, name)

    def references(self, around: Surroundings) -> Iterator[Reference]:
        name = self.target(around)
        if name not in (None, _NO_VALUE) and not around.has_parameter(name):
            yield Reference(name)


@condition_function("Ref", cfn(AWS))
class ConditionRef(_Named):
    """A parameter's value."""

    __slots__ = ()
    syntax = "Ref: PARAMETER"

    def read(self, around: Surroundings, argument: Value) -> Value:
        return read_parameter(around, self.named(argument))
