"""Which properties are given, for rules that span several of them."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.core.values import Unknown, Value


def given(values: Mapping[str, Value]) -> set[str]:
    """Names that have a value or may get one."""
    return {name for name, value in values.items() if value is not None}


def surely_given(values: Mapping[str, Value]) -> set[str]:
    """Names that have a value or certainly get one: what a condition chooses may be nothing."""
    return {
        name
        for name in given(values)
        if not (isinstance(values[name], Unknown) and not values[name].after)
    }
