"""Fn::Select, Fn::FindInMap, Fn::GetAZs: picking from lists and maps."""

from __future__ import annotations

import json
from collections.abc import Mapping

from isotherm.core.diagnostics import suggest
from isotherm.core.values import Value
from isotherm.template.expressions import (
    Computed,
    EvaluationError,
    ListNode,
    Literal,
    Lookup,
    MapNode,
    Surroundings,
)
from isotherm.template.functions.registry import AWS, cfn, condition_function, function, hot


@function("Fn::Select", cfn(), hot(before="2015-10-15"))
class FnSelect(Computed):
    """An item of a list or map; what is not there gives an empty text."""

    __slots__ = ()
    syntax = "Fn::Select: [INDEX-OR-KEY, LIST-OR-MAP]"

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, ListNode) and len(argument.items) != 2:
            raise self.wrong_form()
        if isinstance(argument, MapNode) or (
            isinstance(argument, Literal)
            and (not isinstance(argument.value, list) or len(argument.value) != 2)
        ):
            raise self.wrong_form()

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list) or len(argument) != 2:
            raise self.wrong_form()
        index, items = argument
        if isinstance(items, str):
            items = self._from_json(items)
        if items is None:
            return ""
        if isinstance(items, Mapping):
            if not isinstance(index, str):
                raise EvaluationError("a key of a map must be text", at=(0,))
            return items.get(index, "")
        if not isinstance(items, list):
            raise self.wrong_form()
        try:
            number = int(index)
        except (TypeError, ValueError, OverflowError):
            raise EvaluationError("an index of a list must be a whole number", at=(0,)) from None
        return items[number] if -len(items) <= number < len(items) else ""

    def _from_json(self, text: str) -> Value:
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise EvaluationError("the text to select from is not JSON", at=(1,)) from None


@function("Fn::FindInMap", cfn())
@condition_function("Fn::FindInMap", cfn(AWS))
class FnFindInMap(Lookup):
    """A value of the template's mappings."""

    __slots__ = ()
    syntax = "Fn::FindInMap: [MAPPING, KEY, KEY]"

    def check(self) -> None:
        if isinstance(self.argument, Literal):
            self._keys(self.argument.value)
        elif isinstance(self.argument, MapNode) or (
            isinstance(self.argument, ListNode) and len(self.argument.items) != 3
        ):
            raise self.wrong_form()

    def _keys(self, argument: Value) -> list[str]:
        if not isinstance(argument, list) or len(argument) != 3:
            raise self.wrong_form()
        if not all(isinstance(each, (str, int)) for each in argument):
            raise self.wrong_form()
        return [str(each) for each in argument]

    def read(self, around: Surroundings, argument: Value) -> Value:
        name, *keys = self._keys(argument)
        value = around.mapping(name)
        for index, key in enumerate(keys, start=1):
            if not isinstance(value, Mapping) or key not in value:
                known = value if isinstance(value, Mapping) else {}
                raise EvaluationError(
                    f'mapping "{name}" has no key "{key}"', hint=suggest(key, known), at=(index,)
                )
            value = value[key]
        return value


@function("Fn::GetAZs", cfn(), hot(before="2014-10-16"))
class FnGetAZs(Lookup):
    """The availability zones of a region."""

    __slots__ = ()
    syntax = "Fn::GetAZs: REGION"

    def read(self, around: Surroundings, argument: Value) -> Value:
        return around.availability_zones()
