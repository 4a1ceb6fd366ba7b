"""list_concat, list_concat_unique, filter, contains: lists."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from isotherm.core.values import Value
from isotherm.template.expressions import EvaluationError, ListNode, Literal
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import condition_function, function, hot


class _Concat(Computed):
    """Lists one after the other; null counts as an empty list."""

    __slots__ = ()
    unique: ClassVar[bool] = False

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list):
            raise self.wrong_form()
        result: list[Value] = []
        for index, each in enumerate(argument):
            if each is None:
                continue
            if not isinstance(each, list):
                raise EvaluationError(f"only lists can be put together, not {each!r}", at=(index,))
            result += each
        return _without_repeats(result) if self.unique else result


def _without_repeats(items: list[Value]) -> list[Value]:
    found: dict[Hashable, Value] = {}
    for each in items:
        found.setdefault(_frozen(each), each)
    return list(found.values())


def _frozen(value: Value) -> Hashable:
    """Something hashable that equals that of another value if the values are equal."""
    if isinstance(value, dict):
        return frozenset((key, _frozen(each)) for key, each in value.items())
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    found: Hashable = value
    return found


@function("list_concat", hot("2017-09-01"))
class ListConcat(_Concat):
    """Lists one after the other."""

    __slots__ = ()
    syntax = "list_concat: [LIST, …]"


@function("list_concat_unique", hot("2017-09-01"))
class ListConcatUnique(_Concat):
    """Lists one after the other, each item once."""

    __slots__ = ()
    syntax = "list_concat_unique: [LIST, …]"
    unique = True


class _Pair(Computed):
    """A function of exactly two values."""

    __slots__ = ()
    fixed_places = True

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, ListNode) and len(argument.items) != 2:
            raise self.wrong_form()
        if isinstance(argument, Literal):
            self.pair(argument.value)

    def pair(self, argument: Value) -> tuple[Value, Value]:
        if not isinstance(argument, list) or len(argument) != 2:
            raise self.wrong_form()
        return argument[0], argument[1]


@function("filter", hot("2017-02-24"))
class Filter(_Pair):
    """The list without the given values."""

    __slots__ = ()
    syntax = "filter: [VALUES, LIST]"

    def apply(self, argument: Value) -> Value:
        values, items = self.pair(argument)
        if not items:
            return items
        values = values or []
        if not isinstance(values, list) or not isinstance(items, list):
            raise self.wrong_form()
        left_out = {_frozen(each) for each in values}
        return [each for each in items if _frozen(each) not in left_out]


@function("contains", hot("2017-09-01"))
@condition_function("contains", hot("2017-09-01"))
class Contains(_Pair):
    """Whether a list or text contains a value."""

    __slots__ = ()
    syntax = "contains: [VALUE, LIST-OR-TEXT]"

    def apply(self, argument: Value) -> Value:
        value, items = self.pair(argument)
        if isinstance(items, str) and not isinstance(value, str):
            raise EvaluationError(f"a text contains texts, not {value!r}")
        if not isinstance(items, (list, str)):
            raise EvaluationError(
                f'"{self.name}" looks into a list or text, not into {items!r}', at=(1,)
            )
        return value in items
