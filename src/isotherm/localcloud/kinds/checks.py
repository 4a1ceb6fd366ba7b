"""Checks of single values: what a client said, in the form in which it is stored.

A check raises ValueError with a reason in the words of JSON schema, which most services use; a
Misfit where a part of the value is wrong, which is named instead of the whole.
"""

import re
import uuid as uuids
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], Any]

_TRUE = (True, "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes")
_FALSE = (False, "False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no")


class Misfit(ValueError):
    """A part of the value is wrong: its name or position, and what it is."""

    def __init__(self, reason: str, part: str, value: object) -> None:
        super().__init__(reason)
        self.part, self.value = part, value


def _inside(part: object, value: object, check: Check) -> Any:
    """Check a part of a value."""
    try:
        return check(value)
    except Misfit:
        raise
    except ValueError as error:
        raise Misfit(str(error), str(part), value) from None


def as_is(value: Any) -> Any:
    return value


def _of_type(value: Any, known: type | tuple[type, ...], names: str) -> None:
    if not isinstance(value, known) or (isinstance(value, bool) and known is not bool):
        raise ValueError(f"{value!r} is not of type {names}")


def text(least: int = 0, most: int = 255, pattern: str = "") -> Check:
    def check(value: Any) -> str:
        _of_type(value, str, "'string'")
        if len(value) < least:
            raise ValueError(f"{value!r} should be non-empty" if not value else _short(value))
        if len(value) > most:
            raise ValueError(f"{value!r} is too long")
        if pattern and re.search(pattern, value) is None:
            raise ValueError(f"{value!r} does not match {pattern!r}")
        return str(value)

    return check


def _short(value: Any) -> str:
    return f"{value!r} is too short"


def integer(least: int | None = None, most: int | None = None, pattern: str = "^[0-9]+$") -> Check:
    """Also as text; `pattern` is what a refusal says that it must match."""

    def check(value: Any) -> int:
        _of_type(value, (int, str), "'integer', 'string'")
        if isinstance(value, str) and re.fullmatch("-?[0-9]+", value) is None:
            raise ValueError(f"{value!r} does not match {pattern!r}")
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


def _flag(true: tuple[Any, ...], false: tuple[Any, ...]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number or isinstance(value, list | dict) or value not in true + false:
            raise ValueError(f"{value!r} is not one of {[*true, *false]}")
        return value in true

    return check


flag = _flag(_TRUE, _FALSE)
"""A boolean, also as the texts that people use for one."""
short_flag = _flag((*_TRUE, "y", "t"), (*_FALSE, "n", "f"))
"""The same where one letter is enough."""


def one_of(*values: Any) -> Check:
    def check(value: Any) -> Any:
        if value not in values:
            raise ValueError(f"{value!r} is not one of {list(values)}")
        return value

    return check


def uuid(value: Any) -> str:
    """An id with or without dashes."""
    _of_type(value, str, "'string'")
    if not is_uuid(value):
        raise ValueError(f"{value!r} is not a 'uuid'")
    return str(value)


def is_uuid(value: str) -> bool:
    try:
        known = uuids.UUID(value)
    except ValueError:
        return False
    return value.lower() in (str(known), known.hex)


def or_none(check: Check) -> Check:
    def checked(value: Any) -> Any:
        try:
            return None if value is None else check(value)
        except Misfit:
            raise
        except ValueError as error:
            if str(error).startswith(f"{value!r} is not of type"):
                raise ValueError(f"{error}, 'null'") from None
            raise

    return checked


def list_of(check: Check, *, least: int = 0, most: int | None = None) -> Check:
    def checked(value: Any) -> list[Any]:
        _of_type(value, list, "'array'")
        if len(value) < least:
            raise ValueError(f"{value!r} should be non-empty" if not value else _short(value))
        if most is not None and len(value) > most:
            raise ValueError(f"{value!r} is too long")
        return [_inside(at, each, check) for at, each in enumerate(value)]

    return checked


def mapping(check: Check, keys: str = "") -> Check:
    """An object of any names that match the pattern `keys`, with values of one type."""

    def checked(value: Any) -> dict[str, Any]:
        _of_type(value, dict, "'object'")
        for key in value:
            if keys and re.search(keys, key) is None:
                raise ValueError(f"{key!r} does not match any of the regexes: {keys!r}")
        return {key: _inside(key, each, check) for key, each in value.items()}

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
        return {name: _inside(name, each, known[name]) for name, each in value.items()}

    return checked
