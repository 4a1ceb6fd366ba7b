"""yaql: queries over data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from isotherm.core.values import Value
from isotherm.template.expressions import (
    EvaluationError,
    ListNode,
    Literal,
    MapNode,
    Surroundings,
)
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.query_engine import QueryError, parse, run
from isotherm.template.functions.registry import condition_function, function, hot

_EFFORT = 2**18
"""What a query costs, whatever it does, counted in characters of text."""

RunQuery = Callable[[str, Any], Any]
"""Gives the value of an expression over data; raises ``QueryError``."""


class _Queries:
    """How this process runs queries: here and now, until it is told better."""

    run: RunQuery = staticmethod(run)


def run_queries_by(runner: RunQuery) -> None:
    """From now on, all queries of this process are run by ``runner``, in whatever thread they
    are evaluated."""
    _Queries.run = staticmethod(runner)


@function("yaql", hot("2016-10-14"))
@condition_function("yaql", hot("2017-09-01"))
class Yaql(Computed):
    """The outcome of a query over data."""

    __slots__ = ()
    syntax = "yaql: {expression: TEXT, data: ANY}"

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, Literal):
            self._parts(argument.value)
        elif isinstance(argument, ListNode):
            raise self.wrong_form()
        elif isinstance(argument, MapNode):
            expression = argument.items.get("expression")
            if expression is None or not argument.items.keys() <= {"expression", "data"}:
                raise self.wrong_form()
            if isinstance(expression, Literal):
                self._parse(expression.value)

    def _parts(self, argument: Value) -> tuple[str, Value]:
        if not isinstance(argument, Mapping) or "expression" not in argument:
            raise self.wrong_form()
        if not argument.keys() <= {"expression", "data"}:
            raise self.wrong_form()
        self._parse(argument["expression"])
        return argument["expression"], argument.get("data")

    def _parse(self, expression: Value) -> None:
        if not isinstance(expression, str):
            raise EvaluationError("the expression must be text", at=("expression",))
        try:
            parse(expression)
        except QueryError as error:
            raise EvaluationError(f"Bad expression: {error}", at=("expression",)) from None

    def evaluate(self, around: Surroundings) -> Value:
        around.spend(_EFFORT)
        return super().evaluate(around)

    def apply(self, argument: Value) -> Value:
        expression, data = self._parts(argument)
        try:
            return _Queries.run(expression, data)
        except QueryError as error:
            raise EvaluationError(str(error), at=("expression",)) from None
