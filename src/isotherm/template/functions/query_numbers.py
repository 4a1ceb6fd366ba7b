"""The functions of yaql that multiply: their results must not fill the memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

_MOST_BITS = 4096
_MOST_ITEMS = 100_000


class TooBig(ValueError):
    """A query makes a number or a list that nobody can use."""


def register_multiplications(context: Any) -> None:
    """Puts bounded functions before those of the library."""
    from yaql.language import specs
    from yaql.standard_library import collections, math

    sizes: dict[Any, Callable[[Any, Any], None]] = {
        math.multiplication: _check_product,
        math.pow_: _check_power,
        math.shift_bits_left: _check_shift,
        collections.list_by_int: _check_copies,
        collections.int_by_list: lambda count, items: _check_copies(items, count),
    }
    for function, check in sizes.items():
        definition = specs.get_function_definition(function, convention=context.convention)
        definition.payload = _checked(function, check)
        context.register_function(definition)


def _checked(function: Callable[..., Any], check: Callable[[Any, Any], None]) -> Callable[..., Any]:
    @wraps(function)
    def call(left: Any, right: Any, *others: Any, **options: Any) -> Any:
        check(left, right)
        return function(left, right, *others, **options)

    return call


def _check_product(left: Any, right: Any) -> None:
    _require(_bits(left) + _bits(right), _MOST_BITS)


def _check_power(base: Any, exponent: Any) -> None:
    _require(_bits(base) * max(abs(exponent), 1), _MOST_BITS)


def _check_shift(number: Any, count: Any) -> None:
    _require(_bits(number) + count, _MOST_BITS)


def _check_copies(items: Sequence[Any], count: Any) -> None:
    _require(len(items) * count, _MOST_ITEMS)


def _bits(number: Any) -> int:
    return number.bit_length() if isinstance(number, int) else 0


def _require(size: float, most: int) -> None:
    if size > most:
        raise TooBig("the result is too big")
