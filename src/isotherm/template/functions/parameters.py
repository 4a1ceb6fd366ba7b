"""get_param: the value of a parameter, or what lies inside it."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.core.values import Value
from isotherm.template.expressions import ListNode, Literal, Surroundings
from isotherm.template.functions.calls import Lookup
from isotherm.template.functions.paths import select
from isotherm.template.functions.registry import condition_function, function, hot


@function("get_param", hot())
@condition_function("get_param", hot("2016-10-14"))
class GetParam(Lookup):
    """The value of a parameter, or what lies inside it."""

    __slots__ = ()
    syntax = "get_param: NAME or get_param: [NAME, KEY-OR-INDEX, …]"

    def read(self, around: Surroundings, argument: Value) -> Value:
        name, steps = self._split(argument)
        value = around.parameter(name)
        return select(value, steps, text_indexes=True, missing="") if steps else value

    def _split(self, argument: Value) -> tuple[str, list[Value]]:
        if isinstance(argument, list) and argument and not isinstance(argument[0], (list, Mapping)):
            return str(argument[0]), argument[1:]
        if isinstance(argument, str) and argument:
            return argument, []
        raise self.wrong_form()

    def static_name(self) -> str | None:
        """The parameter's name where it is written out."""
        first = self.argument
        if isinstance(first, ListNode) and first.items:
            first = first.items[0]
        if not isinstance(first, Literal):
            return None
        value = first.value
        name = value[0] if isinstance(value, list) and value else value
        return name if isinstance(name, str) else None
