"""Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn: what rules assert about lists."""

from __future__ import annotations

from isotherm.core.values import Value
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import AWS, cfn, condition_function


class _Assertion(Computed):
    __slots__ = ()

    def pair(self, argument: Value) -> tuple[list[Value], Value]:
        if (
            not isinstance(argument, list)
            or len(argument) != 2
            or not isinstance(argument[0], list)
        ):
            raise self.wrong_form()
        return argument[0], argument[1]


@condition_function("Fn::Contains", cfn(AWS), extension=True)
class FnContains(_Assertion):
    """Whether a list has an item."""

    __slots__ = ()
    syntax = "Fn::Contains: [LIST, VALUE]"

    def apply(self, argument: Value) -> Value:
        items, value = self.pair(argument)
        return value in items


@condition_function("Fn::EachMemberEquals", cfn(AWS), extension=True)
class FnEachMemberEquals(_Assertion):
    """Whether every item of a list equals a value."""

    __slots__ = ()
    syntax = "Fn::EachMemberEquals: [LIST, VALUE]"

    def apply(self, argument: Value) -> Value:
        items, value = self.pair(argument)
        return all(each == value for each in items)


@condition_function("Fn::EachMemberIn", cfn(AWS), extension=True)
class FnEachMemberIn(_Assertion):
    """Whether every item of a list is in another list."""

    __slots__ = ()
    syntax = "Fn::EachMemberIn: [LIST, LIST]"

    def apply(self, argument: Value) -> Value:
        items, others = self.pair(argument)
        if not isinstance(others, list):
            raise self.wrong_form()
        return all(each in others for each in items)
