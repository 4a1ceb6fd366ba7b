"""Runs yaql expressions within bounds of calls and time.

What one call does has no bounds here: whoever runs what strangers wrote does it where it can
be ended (``queries.run_queries_by``). The library is heavy and seldom needed, so it is loaded
at the first query.
"""

from __future__ import annotations

import collections.abc
import time
from functools import lru_cache
from typing import Any

from isotherm.core.values import key_text

MAX_ITEMS = 200
MAX_BYTES = 10_000
MAX_SECONDS = 2.0
MAX_CALLS = 200_000
MAX_EXPRESSION = 20_000


class QueryError(Exception):
    """An expression cannot be parsed, or has no value."""


class QuerySpent(QueryError):
    """A query took what time or memory there was; what it holds is not given back for sure."""


@lru_cache(maxsize=1)
def _factory() -> Any:
    from yaql.language.factory import YaqlFactory

    return YaqlFactory().create(
        options={
            "yaql.limitIterators": MAX_ITEMS,
            "yaql.memoryQuota": MAX_BYTES,
            "yaql.convertTuplesToLists": True,
            "yaql.convertSetsToLists": True,
        }
    )


@lru_cache(maxsize=512)
def parse(expression: str) -> Any:
    """The compiled expression; raises ``QueryError``."""
    from yaql.language.exceptions import YaqlException

    if len(expression) > MAX_EXPRESSION:
        raise QueryError(f"longer than {MAX_EXPRESSION} characters")
    try:
        return _factory()(expression)
    except YaqlException as error:
        raise QueryError(str(error)) from None
    except (RecursionError, ValueError, TypeError, OverflowError) as error:
        raise QueryError(f"not understood: {error}") from None


def run(expression: str, data: Any) -> Any:
    """The expression's value with ``$.data`` bound to ``data``; raises ``QueryError``."""
    from yaql.language.exceptions import YaqlException

    statement = parse(expression)
    try:
        result = statement.evaluate(data={"data": data}, context=_bounded_context())
        return _plain(result)
    except QueryError:
        raise
    except YaqlException as error:
        raise QueryError(str(error)) from None
    except RecursionError:
        raise QueryError("nested too deeply") from None
    except TimeoutError:
        raise QueryError("a pattern takes too long") from None
    except MemoryError:
        raise QuerySpent("the query takes too much memory") from None
    except Exception as error:  # noqa: BLE001 (functions of the library raise whatever Python raises)
        raise QueryError(f"{type(error).__name__}: {error}") from None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, collections.abc.Mapping):
        return {key_text(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f")
    return str(value)


class _Budget:
    """What a query may still use; asked at every call inside the expression."""

    def __init__(self) -> None:
        self.calls = MAX_CALLS
        self.deadline = time.thread_time() + MAX_SECONDS

    def spend(self) -> None:
        self.calls -= 1
        if self.calls < 0 or time.thread_time() > self.deadline:
            raise QuerySpent("the query takes too long")


@lru_cache(maxsize=1)
def _library() -> Any:
    import yaql

    from isotherm.template.functions.query_numbers import register_multiplications
    from isotherm.template.functions.query_patterns import register_patterns

    context = yaql.create_context(regex=False)
    register_patterns(context)
    bounded = context.create_child_context()
    register_multiplications(bounded)
    return bounded


def _bounded_context() -> Any:
    return _context_class()(_library(), _Budget())


@lru_cache(maxsize=1)
def _context_class() -> Any:
    from yaql.language.contexts import Context

    class BoundedContext(Context):  # type: ignore[misc]
        def __init__(self, parent: Any, budget: _Budget) -> None:
            super().__init__(parent, convention=parent.convention)
            self._budget = budget

        def create_child_context(self) -> Any:
            return BoundedContext(self, self._budget)

        def collect_functions(self, *args: Any, **options: Any) -> Any:
            self._budget.spend()
            return super().collect_functions(*args, **options)

    return BoundedContext
