"""Fn::Select, Fn::FindInMap, Fn::GetAZs: picking from lists and maps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

from isotherm.core.suggestions import near_or_all
from isotherm.core.values import Value, kind_of
from isotherm.template.expressions import (
    OMITTED,
    EvaluationError,
    ListNode,
    Literal,
    MapNode,
    Surroundings,
)
from isotherm.template.functions.calls import Computed, Lookup
from isotherm.template.functions.registry import (
    AWS,
    HEAT_CFN,
    cfn,
    condition_function,
    function,
    hot,
)

_DEFAULT = "DefaultValue"


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


@function("Fn::FindInMap", cfn(HEAT_CFN))
class FnFindInMap(Lookup):
    """A value of the template's mappings."""

    __slots__ = ()
    syntax = "Fn::FindInMap: [MAPPING, KEY, KEY]"
    most_arguments: ClassVar[int] = 3

    def check(self) -> None:
        if isinstance(self.argument, Literal):
            self._check_written(self.argument.value)
        elif isinstance(self.argument, ListNode):
            self._check_count(len(self.argument.items))
        elif isinstance(self.argument, MapNode):
            raise self.wrong_form()

    def _check_written(self, argument: Value) -> None:
        if not isinstance(argument, list):
            raise self.wrong_form()
        self._check_count(len(argument))
        if not all(isinstance(each, (str, int)) for each in argument[:3]):
            # It has no value, which only matters to who looks at it.
            wrong = self.wrong_form()
            wrong.slip = True
            raise wrong

    def _check_count(self, count: int) -> None:
        if not 3 <= count <= self.most_arguments:
            raise self.wrong_form()

    def _keys(self, argument: Value) -> list[str]:
        if not isinstance(argument, list):
            raise self.wrong_form()
        self._check_count(len(argument))
        keys = argument[:3]
        if not all(isinstance(each, (str, int)) for each in keys):
            raise self.wrong_form()
        return [str(each) for each in keys]

    def read(self, around: Surroundings, argument: Value) -> Value:
        return self._found(around, self._keys(argument))

    def _found(self, around: Surroundings, names: list[str]) -> Value:
        name, *keys = names
        try:
            value = around.mapping(name)
        except EvaluationError as error:
            raise error.inside(0) from None
        for index, key in enumerate(keys, start=1):
            if not isinstance(value, Mapping):
                raise EvaluationError(
                    f'mapping "{name}" is not a map but {kind_of(value)}', at=(0,)
                )
            if key not in value:
                text = f'mapping "{name}" has no key "{key}"'
                raise EvaluationError(text, hint=near_or_all(key, value), at=(index,))
            value, name = value[key], f"{name}.{key}"
        return value


@function("Fn::FindInMap", cfn(AWS))
@condition_function("Fn::FindInMap", cfn(AWS))
class FnFindInMapOrDefault(FnFindInMap):
    """A value of the template's mappings, or a default where there is none."""

    __slots__ = ()
    syntax = "Fn::FindInMap: [MAPPING, KEY, KEY] or [MAPPING, KEY, KEY, {DefaultValue: VALUE}]"
    most_arguments = 4
    omits = True

    def check(self) -> None:
        super().check()
        if isinstance(self.argument, ListNode) and len(self.argument.items) == 4:
            last = self.argument.items[3]
            if isinstance(last, ListNode):
                raise self.wrong_form()
            if isinstance(last, (Literal, MapNode)):
                self._check_default(last.value if isinstance(last, Literal) else last.items)
        elif isinstance(self.argument, Literal) and len(self.argument.value) == 4:
            self._check_default(self.argument.value[3])

    def _check_default(self, written: object) -> None:
        if not isinstance(written, Mapping) or set(written) != {_DEFAULT}:
            raise self.wrong_form()

    def read(self, around: Surroundings, argument: Value) -> Value:
        keys = self._keys(argument)
        if len(argument) < 4:
            return self._found(around, keys)
        if not isinstance(argument[3], Mapping):
            raise self.wrong_form()
        try:
            return self._found(around, keys)
        except EvaluationError:
            # A default that is AWS::NoValue has left its place already.
            return argument[3].get(_DEFAULT, OMITTED)


@function("Fn::GetAZs", cfn(), hot(before="2014-10-16"))
class FnGetAZs(Lookup):
    """The availability zones of a region."""

    __slots__ = ()
    syntax = "Fn::GetAZs: REGION"

    def read(self, around: Surroundings, argument: Value) -> Value:
        return around.availability_zones()
