"""str_replace and its stricter forms, Fn::Replace: placeholders in a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from isotherm.core.values import Value
from isotherm.template.expressions import EvaluationError, ListNode, Literal, MapNode
from isotherm.template.functions.calls import Computed, json_text, too_long
from isotherm.template.functions.registry import cfn, function, hot
from isotherm.template.limits import MAX_TEXT

_MOST_WORK = 2**29
"""Characters that are looked through for placeholders, counted once for each of these."""
_EFFORT = 64
"""What a piece of text costs, counted in characters."""


class Replacement(Computed):
    """Replaces all placeholders in one pass, longer names before shorter ones.

    What was put in is not searched again.
    """

    __slots__ = ()
    json_values: ClassVar[bool] = False
    every_name_used: ClassVar[bool] = False
    no_empty_values: ClassVar[bool] = False

    def apply(self, argument: Value) -> Value:
        template, params = self.split(argument)
        if not isinstance(template, str):
            raise EvaluationError(f'the template of "{self.name}" must be text')
        if not isinstance(params, Mapping):
            raise self.params_no_map()
        texts = {name: self._text(name, value) for name, value in params.items()}
        return self._replaced(template, texts)

    def split(self, argument: Value) -> tuple[Value, Value]:
        """Template and parameters; raises ``EvaluationError``."""
        if not isinstance(argument, Mapping) or not {"template", "params"} <= argument.keys():
            raise self.wrong_form()
        return argument["template"], argument["params"]

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, Literal):
            _, params = self.split(argument.value)
            if not isinstance(params, Mapping):
                raise self.params_no_map()
        elif isinstance(argument, (MapNode, ListNode)):
            # Their items are nodes, but lie where the values will lie.
            _, node = self.split(argument.items)
            if isinstance(node, ListNode) or (
                isinstance(node, Literal) and not isinstance(node.value, Mapping)
            ):
                raise self.params_no_map()

    def params_no_map(self) -> EvaluationError:
        return EvaluationError(f'the params of "{self.name}" must be a map')

    def _text(self, name: str, value: Value) -> str:
        if not name:
            raise EvaluationError(f'a placeholder of "{self.name}" has no name')
        if self.no_empty_values and not value and not isinstance(value, (bool, int, float)):
            raise EvaluationError(f'placeholder "{name}" of "{self.name}" has no value')
        if value is None:
            return ""
        if isinstance(value, (str, int, float)):
            return str(value)
        if self.json_values and isinstance(value, (Mapping, list)):
            return json_text(value, sort_keys=True)
        raise EvaluationError(f'the params of "{self.name}" must be text or numbers')

    def _replaced(self, template: str, texts: Mapping[str, str]) -> str:
        pieces = [template]
        unused: list[str] = []
        size, work = len(template), 0
        # Odd places of ``pieces`` are finished: a text that was put in.
        for name in sorted(texts, key=lambda each: (-len(each), each)):
            work += size + _EFFORT * len(pieces)
            if work > _MOST_WORK:
                raise EvaluationError("there are too many placeholders for so long a text")
            found: list[str] = []
            for index, piece in enumerate(pieces):
                if index % 2:
                    found.append(piece)
                    continue
                first, *others = piece.split(name)
                found.append(first)
                for other in others:
                    found += (texts[name], other)
                size += len(others) * (len(texts[name]) - len(name))
                if size > MAX_TEXT:
                    raise too_long()
            if len(found) == len(pieces):
                unused.append(name)
            pieces = found
        if unused and self.every_name_used:
            raise EvaluationError(f"placeholders not in the template: {', '.join(sorted(unused))}")
        return "".join(pieces)


@function("str_replace", hot(before="2015-10-15"))
class StrReplace(Replacement):
    """A text with placeholders replaced."""

    __slots__ = ()
    syntax = "str_replace: {template: TEXT, params: {NAME: VALUE, …}}"


@function("str_replace", hot("2015-10-15"))
class StrReplaceJson(Replacement):
    """A text with placeholders replaced; maps and lists are put in as JSON."""

    __slots__ = ()
    syntax = StrReplace.syntax
    json_values = True


@function("str_replace_strict", hot("2017-02-24"))
class StrReplaceStrict(Replacement):
    """A text with placeholders replaced; each of them must occur."""

    __slots__ = ()
    syntax = "str_replace_strict: {template: TEXT, params: {NAME: VALUE, …}}"
    json_values = True
    every_name_used = True


@function("str_replace_vstrict", hot("2017-09-01"))
class StrReplaceVeryStrict(Replacement):
    """A text with placeholders replaced; each must occur and have a value."""

    __slots__ = ()
    syntax = "str_replace_vstrict: {template: TEXT, params: {NAME: VALUE, …}}"
    json_values = True
    every_name_used = True
    no_empty_values = True


@function("Fn::Replace", cfn(), hot(before="2014-10-16"))
class FnReplace(Replacement):
    """A text with placeholders replaced."""

    __slots__ = ()
    syntax = "Fn::Replace: [{NAME: VALUE, …}, TEXT]"

    def split(self, argument: Value) -> tuple[Value, Value]:
        if not isinstance(argument, list) or len(argument) != 2:
            raise self.wrong_form()
        return argument[1], argument[0]
