"""get_file: the content of a file that came with the template."""

from __future__ import annotations

from isotherm.core.values import Value
from isotherm.template.expressions import Surroundings
from isotherm.template.functions.calls import Lookup
from isotherm.template.functions.registry import function, hot


@function("get_file", hot())
class GetFile(Lookup):
    """The content of a file that came with the template."""

    __slots__ = ()
    syntax = "get_file: PATH-OR-URL"

    def read(self, around: Surroundings, argument: Value) -> Value:
        if not isinstance(argument, str):
            raise self.wrong_form()
        return around.file(argument)
