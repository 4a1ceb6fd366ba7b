"""Checks of single values: what a client said, in the form in which it is stored.

A check raises ValueError with a reason in the words of JSON schema, which most services use.
"""

import re
import uuid as uuids
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], Any]

_TRUE = ("1", "t", "true", "on", "y", "yes")
_FALSE = ("0", "f", "false", "off", "n", "no")


def as_is(value: Any) -> Any:
    return value


def _of_type(value: Any, known: type | tuple[type, ...], names: str) -> None:
    if not isinstance(value, known) or (isinstance(value, bool) and known is not bool):
        raise ValueError(f"{value!r} is not of type {names}")


def text(least: int = 0, most: int = 255, pattern: str = "") -> Check:
    def check(value: Any) -> str:
        _of_type(value, str, "'string'")
        if len(value) < least:
            raise ValueError(f"{value!r} should be non-empty" if value == "" else _short(value))
        if len(value) > most:
            raise ValueError(f"{value!r} is too long")
        if pattern and re.search(pattern, value) is None:
            raise ValueError(f"{value!r} does not match {pattern!r}")
        return str(value)

    return check


def _short(value: Any) -> str:
    return f"{value!r} is too short"


def integer(least: int | None = None, most: int | None = None) -> Check:
    """Also as text."""

    def check(value: Any) -> int:
        _of_type(value, (int, str), "'integer', 'string'")
        if isinstance(value, str) and re.fullmatch("-?[0-9]+", value) is None:
            raise ValueError(f"{value!r} does not match '^[0-9]+$'")
        number = int(value)
        if least is not None and number < least:
            raise ValueError(f"{number} is less than the minimum of {least}")
        if most is not None and number > most:
            raise ValueError(f"{number} is greater than the maximum of {most}")
        return number

    return check


def boolean(value: Any) -> bool:
    """A real one."""
    _of_type(value, bool, "'boolean'")
    return bool(value)


def flag(value: Any) -> bool:
    """A boolean, also as the texts and numbers that people use for one."""
    known = str(value).lower()
    if known not in _TRUE + _FALSE:
        raise ValueError(f"{value!r} is no boolean")
    return known in _TRUE


def one_of(*values: Any) -> Check:
    def check(value: Any) -> Any:
        if value not in values:
            raise ValueError(f"{value!r} is not one of {list(values)}")
        return value

    return check


def uuid(value: Any) -> str:
    """An id with or without dashes."""
    _of_type(value, str, "'string'")
    try:
        uuids.UUID(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a 'uuid'") from None
    return str(value)


def or_none(check: Check) -> Check:
    def checked(value: Any) -> Any:
        try:
            return None if value is None else check(value)
        except ValueError as error:
            own = str(error).startswith(f"{value!r} is not of type")
            raise ValueError(f"{error}, 'null'" if own else str(error)) from None

    return checked


def list_of(check: Check, *, least: int = 0, most: int | None = None) -> Check:
    def checked(value: Any) -> list[Any]:
        _of_type(value, list, "'array'")
        if len(value) < least:
            raise ValueError(_short(value))
        if most is not None and len(value) > most:
            raise ValueError(f"{value!r} is too long")
        return [check(each) for each in value]

    return checked


def mapping(check: Check, keys: str = "") -> Check:
    """An object of any names that match the pattern `keys`, with values of one type."""

    def checked(value: Any) -> dict[str, Any]:
        _of_type(value, dict, "'object'")
        for key in value:
            if keys and re.fullmatch(keys, key) is None:
                raise ValueError(f"{key!r} does not match any of the regexes: {keys!r}")
        return {key: check(each) for key, each in value.items()}

    return checked


def shape(known: Mapping[str, Check], *required: str) -> Check:
    """An object with these names and no others."""

    def checked(value: Any) -> dict[str, Any]:
        _of_type(value, dict, "'object'")
        for name in required:
            if name not in value:
                raise ValueError(f"{name!r} is a required property")
        for name in value:
            if name not in known:
                raise ValueError(f"Additional properties are not allowed ({name!r} was unexpected)")
        return {name: known[name](each) for name, each in value.items()}

    return checked
