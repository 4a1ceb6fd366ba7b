"""str_split, Fn::Split: a text cut at a delimiter."""

from __future__ import annotations

from isotherm.core.values import Value
from isotherm.template.expressions import EvaluationError, ListNode, Literal, MapNode
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import cfn, function, hot


@function("str_split", hot("2015-10-15"))
class StrSplit(Computed):
    """A text cut at a delimiter, or one of the pieces."""

    __slots__ = ()
    syntax = "str_split: [DELIMITER, TEXT] or str_split: [DELIMITER, TEXT, INDEX]"

    def check(self) -> None:
        if isinstance(self.argument, Literal) and not isinstance(self.argument.value, list):
            raise self.wrong_form()

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list) or len(argument) < 2:
            raise self.wrong_form()
        delimiter, text, *index = argument
        if text is None:
            return None
        if not isinstance(text, str) or not isinstance(delimiter, (str, type(None))):
            raise self.wrong_form()
        if delimiter == "":
            raise EvaluationError(f'the delimiter of "{self.name}" is empty')
        pieces = text.split(delimiter)
        return pieces[self._index(index[0], len(pieces))] if index else pieces

    def _index(self, index: Value, count: int) -> int:
        try:
            number = int(index)
        except (TypeError, ValueError, OverflowError):
            raise self.wrong_form() from None
        if not -count <= number < count:
            raise EvaluationError(f"index {number} is not between 0 and {count - 1}")
        return number


@function("Fn::Split", cfn(), hot(before="2014-10-16"))
class FnSplit(Computed):
    """A text cut at a delimiter."""

    __slots__ = ()
    syntax = "Fn::Split: [DELIMITER, TEXT]"

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, Literal):
            self._check_pair(argument.value)
        elif isinstance(argument, (ListNode, MapNode)):
            self._check_pair(argument.items)

    def _check_pair(self, argument: object) -> None:
        if not isinstance(argument, list) or len(argument) != 2:
            raise self.wrong_form()

    def apply(self, argument: Value) -> Value:
        self._check_pair(argument)
        delimiter, text = argument
        if not isinstance(delimiter, str) or not delimiter or not isinstance(text, str):
            raise self.wrong_form()
        return text.split(delimiter)
