"""list_join, Fn::Join: texts with a delimiter between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from isotherm.core.values import Value, kind_of
from isotherm.template.document import Path
from isotherm.template.expressions import EvaluationError, ListNode, Literal, MapNode
from isotherm.template.functions.calls import Computed, json_text, too_long
from isotherm.template.functions.registry import cfn, function, hot
from isotherm.template.limits import MAX_TEXT


class _Join(Computed):
    __slots__ = ()
    json_items: ClassVar[bool] = False
    most_lists: ClassVar[int] = 1
    empty_is_none: ClassVar[bool] = False
    """Whether whatever is empty counts as an empty list."""

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, ListNode):
            self._check_count(len(argument.items))
        elif isinstance(argument, Literal):
            if not isinstance(argument.value, list):
                raise self.wrong_form()
            self._check_count(len(argument.value))
        elif isinstance(argument, MapNode):
            raise self.wrong_form()

    def _check_count(self, count: int) -> None:
        if not 2 <= count <= self.most_lists + 1:
            raise self.wrong_form()

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list) or not argument:
            raise self.wrong_form()
        # A list that a conditional left out is an empty one.
        self._check_count(max(len(argument), 2))
        delimiter, *lists = argument
        if not isinstance(delimiter, str):
            raise EvaluationError(f'the delimiter of "{self.name}" must be text', at=(0,))
        texts = [
            self._text(item, (place, index))
            for place, each in enumerate(lists, start=1)
            for index, item in enumerate(self._items(each, place))
        ]
        if len(delimiter) * len(texts) + sum(map(len, texts)) > MAX_TEXT:
            raise too_long()
        return delimiter.join(texts)

    def _items(self, value: Value, place: int) -> list[Value]:
        if value is None or (self.empty_is_none and not value):
            return []
        if not isinstance(value, list):
            raise EvaluationError(
                f'"{self.name}" must work on a list, not on {kind_of(value)}', at=(place,)
            )
        return value

    def _text(self, item: Value, at: Path) -> str:
        if item is None:
            return ""
        if isinstance(item, str):
            return item
        if self.json_items and isinstance(item, (Mapping, list)):
            return json_text(item, sort_keys=True)
        allowed = "text, maps or lists" if self.json_items else "text"
        raise EvaluationError(f'items of "{self.name}" must be {allowed}, not {item!r}', at=at)


@function("list_join", hot(before="2015-10-15"))
class ListJoin(_Join):
    """The items of a list as one text with a delimiter between them."""

    __slots__ = ()
    syntax = "list_join: [DELIMITER, LIST]"


@function("list_join", hot("2015-10-15"))
class ListJoinMultiple(_Join):
    """The items of lists as one text with a delimiter between them."""

    __slots__ = ()
    syntax = "list_join: [DELIMITER, LIST, …]"
    json_items = True
    most_lists = 1_000_000
    empty_is_none = True


@function("Fn::Join", cfn(), hot(before="2014-10-16"))
class FnJoin(_Join):
    """The items of a list as one text with a delimiter between them."""

    __slots__ = ()
    syntax = "Fn::Join: [DELIMITER, LIST]"
