"""Which properties are given, for rules that span several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.values import Unknown, Value


def given(values: Mapping[str, Value]) -> set[str]:
    """Names that have a value or may get one; an empty text is none."""
    return {name for name, value in values.items() if value is not None and value != ""}


def surely_given(values: Mapping[str, Value]) -> set[str]:
    """Names that have a value or certainly get one: what a condition chooses may be nothing."""
    return {
        name
        for name in given(values)
        if not (isinstance(values[name], Unknown) and not values[name].after)
    }


def maps_in(values: Mapping[str, Value], name: str) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """The maps in the list of that name, as far as they are known, each with its path; or the map
    of that name."""
    listed = values.get(name)
    if isinstance(listed, Mapping):
        yield name, listed
    for index, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, Mapping):
            yield f"{name}.{index}", each
