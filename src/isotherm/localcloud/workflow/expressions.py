"""Expressions in definitions: YAQL between <% and %>, alone or inside of a text."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

_EXPRESSION = re.compile(r"<%(.*?)%>", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LIMITS = {"yaql.limitIterators": 10_000, "yaql.memoryQuota": 20_000_000}


class ExpressionError(Exception):
    """It cannot be evaluated."""


@cache
def _engine() -> Any:
    # Loaded where a workflow first says something.
    from yaql.language import factory

    return factory.YaqlFactory().create(options=_LIMITS)


def evaluate(value: Any, data: Any, functions: Mapping[str, Any]) -> Any:
    """The value with all expressions in it evaluated. Raises ExpressionError."""
    if isinstance(value, Mapping):
        return {key: evaluate(each, data, functions) for key, each in value.items()}
    if isinstance(value, list):
        return [evaluate(each, data, functions) for each in value]
    if not isinstance(value, str):
        return value
    whole = _EXPRESSION.fullmatch(value.strip())
    if whole and "<%" not in whole[1]:
        return _evaluate(whole[1], data, functions)
    return _EXPRESSION.sub(lambda match: _text(_evaluate(match[1], data, functions)), value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _evaluate(expression: str, data: Any, functions: Mapping[str, Any]) -> Any:
    import yaql

    context = yaql.create_context()
    for name, function in functions.items():
        context.register_function(function, name=name)
    try:
        found = _engine()(expression.strip()).evaluate(data=data, context=context)
    except Exception as error:
        text = f"Can not evaluate YAQL expression [expression={expression.strip()}, error={error}]"
        raise ExpressionError(text) from error
    return list(found) if hasattr(found, "__next__") else found
