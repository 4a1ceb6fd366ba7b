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
    """The maps in the list of that name, as far as they are known, each with its path."""
    listed = values.get(name)
    for index, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, Mapping):
            yield f"{name}.{index}", each


Groups = tuple[tuple[str, ...], ...]
"""Groups of names of properties."""


def together(groups: Groups, sure: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong where more than one of a group is given."""
    for group in groups:
        first, *others = [name for name in group if name in sure] or [""]
        for name in others[:1]:
            yield name, f"cannot be used together with {first}"


def missing(groups: Groups, given: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong where none of a group is given."""
    for first, *others in groups:
        if not given & {first, *others}:
            named = f"one of {', '.join(others)}" if others[1:] else "".join(others)
            yield first, f"must be given unless {named} is"
