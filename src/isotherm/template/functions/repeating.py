"""repeat: a template filled in for every combination of values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import ClassVar

from isotherm.core.values import Value
from isotherm.template.expressions import EvaluationError, ListNode, Literal, MapNode
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import function, hot
from isotherm.template.limits import MAX_ITEMS, MAX_TEXT

_KEYS = {"for_each", "template"}
_EFFORT = 16
"""What a step costs, counted in characters of text."""


class _Repeat(Computed):
    """Placeholders are replaced in the template's *value*, one after the other."""

    __slots__ = ()
    fixed_places = True
    over_maps: ClassVar[bool] = False
    keys: ClassVar[frozenset[str]] = frozenset(_KEYS)

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, Literal):
            self._parts(argument.value)
        elif isinstance(argument, ListNode):
            raise self.wrong_form()
        elif isinstance(argument, MapNode):
            if not argument.items.keys() >= _KEYS:
                raise self.wrong_form()
            for_each = argument.items["for_each"]
            if isinstance(for_each, ListNode) or (
                isinstance(for_each, Literal) and not isinstance(for_each.value, Mapping)
            ):
                raise self.wrong_form()
            self._permutations(argument.items)

    def _permutations(self, items: Mapping[str, object]) -> None:
        flag = items.get("permutations", Literal(True))
        if "permutations" in self.keys and not (
            isinstance(flag, Literal) and isinstance(flag.value, bool)
        ):
            raise EvaluationError("permutations must be true or false", at=("permutations",))

    def _parts(self, argument: Value) -> tuple[Mapping[str, Value], Value, bool]:
        if not isinstance(argument, Mapping) or not argument.keys() >= _KEYS:
            raise self.wrong_form()
        for_each = argument["for_each"]
        nested = argument.get("permutations", True) if "permutations" in self.keys else True
        if not isinstance(for_each, Mapping) or not isinstance(nested, bool):
            raise self.wrong_form()
        return for_each, argument["template"], nested

    def apply(self, argument: Value) -> Value:
        for_each, template, nested = self._parts(argument)
        names = list(for_each)
        values = [self._values(name, for_each[name], nested) for name in names]
        if not names:
            raise EvaluationError("there is nothing to repeat over", at=("for_each",))
        if None in for_each.values():
            return []
        combinations = self._combinations(values, nested)
        filling = _Filling()
        return [
            filling.filled(template, list(zip(names, each, strict=True))) for each in combinations
        ]

    def _values(self, name: str, value: Value, nested: bool) -> list[Value]:
        if value is None:
            return []
        if isinstance(value, Mapping) and self.over_maps and nested:
            return list(value)
        if isinstance(value, list):
            return value
        kinds = "lists or maps" if self.over_maps and nested else "lists"
        raise EvaluationError(f"values to repeat over must be {kinds}", at=("for_each", name))

    def _combinations(self, values: list[list[Value]], nested: bool) -> Iterable[tuple[Value, ...]]:
        lengths = [len(each) for each in values]
        if math.prod(lengths) > MAX_ITEMS and nested:
            raise EvaluationError(f"there are more than {MAX_ITEMS} combinations", at=("for_each",))
        if nested:
            return itertools.product(*values)
        if len(set(lengths)) > 1:
            text = "without permutations all lists must be equally long"
            raise EvaluationError(text, at=("for_each",))
        return zip(*values, strict=True)


class _Filling:
    """Fills in placeholders; gives up when there is too much text or too much to do."""

    def __init__(self) -> None:
        self._left = MAX_TEXT

    def filled(self, template: Value, pairs: list[tuple[str, Value]]) -> Value:
        self._spend(_EFFORT)
        if isinstance(template, str):
            return self._text(template, pairs)
        if isinstance(template, list):
            return [self.filled(each, pairs) for each in template]
        if isinstance(template, Mapping):
            return {
                self._text(key, pairs): self.filled(each, pairs) for key, each in template.items()
            }
        return template

    def _text(self, text: str, pairs: list[tuple[str, Value]]) -> str:
        for name, value in pairs:
            if not isinstance(value, str):
                raise EvaluationError(
                    f"only texts can be filled in, not {value!r}", at=("for_each", name)
                )
            self._spend(_EFFORT + text.count(name) * len(value))
            text = text.replace(name, value)
        self._spend(len(text))
        return text

    def _spend(self, characters: int) -> None:
        self._left -= characters
        if self._left < 0:
            text = f"what is repeated comes to more than {MAX_TEXT} characters"
            raise EvaluationError(text, hint="repeat over fewer values")


@function("repeat", hot("2015-04-30", before="2016-10-14"))
class Repeat(_Repeat):
    """A template filled in for every combination of values."""

    __slots__ = ()
    syntax = "repeat: {for_each: {PLACEHOLDER: LIST, …}, template: ANY}"


@function("repeat", hot("2016-10-14", before="2017-09-01"))
class RepeatOverMaps(_Repeat):
    """A template filled in for every combination of values or keys."""

    __slots__ = ()
    syntax = "repeat: {for_each: {PLACEHOLDER: LIST-OR-MAP, …}, template: ANY}"
    over_maps = True


@function("repeat", hot("2017-09-01"))
class RepeatPermuting(_Repeat):
    """A template filled in for every combination of values, or item by item."""

    __slots__ = ()
    syntax = (
        "repeat: {for_each: {PLACEHOLDER: LIST-OR-MAP, …}, template: ANY, permutations: BOOLEAN}"
    )
    over_maps = True
    keys = frozenset({*_KEYS, "permutations"})
