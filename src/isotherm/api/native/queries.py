"""Query parameters: which a route knows, and their values as types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from starlette.datastructures import QueryParams

from isotherm.usecases.refusals import BadRequest

_EVERYTHING = 2**31 - 1
"""Who asks for more of anything asks for all of it; not every database can count further."""


class Arity(Enum):
    """``SINGLE`` takes the last value given, ``MULTI`` and ``MIXED`` all of them."""

    SINGLE = "single"
    MULTI = "multi"
    MIXED = "mixed"


def arities(single: str = "", multi: str = "", mixed: str = "") -> Mapping[str, Arity]:
    """What a route knows; each text has names with spaces between them."""
    return {
        **dict.fromkeys(single.split(), Arity.SINGLE),
        **dict.fromkeys(multi.split(), Arity.MULTI),
        **dict.fromkeys(mixed.split(), Arity.MIXED),
    }


class Query:
    """The parameters of one request that its route knows."""

    def __init__(self, given: QueryParams, known: Mapping[str, Arity], *, strict: bool) -> None:
        """Raises BadRequest where ``strict`` and something unknown is given."""
        self._values: dict[str, list[str]] = {}
        unknown: list[str] = []
        for name, value in given.multi_items():
            if name in known:
                self._values.setdefault(name, []).append(value)
            elif name not in unknown:
                unknown.append(name)
        if strict and unknown:
            raise BadRequest(f"Invalid filter parameters {unknown}")

    def text(self, name: str) -> str | None:
        values = self._values.get(name)
        return values[-1] if values else None

    def all(self, name: str) -> Sequence[str]:
        return self._values.get(name, ())

    def words(self, name: str) -> Sequence[str]:
        """A comma-separated value."""
        return [word for word in (self.text(name) or "").split(",") if word]

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name)
        return default if value is None else strict_boolean(name, value)

    def number(self, name: str) -> int | None:
        value = self.text(name)
        return None if value is None else min(natural(name, value), _EVERYTHING)

    def descending(self) -> bool | None:
        """None where no direction is given."""
        direction = self.text("sort_dir")
        if direction is None:
            return None
        if direction not in ("asc", "desc"):
            raise BadRequest(f'Unknown sort direction "{direction}", use asc or desc.')
        return direction == "desc"

    def filters(self, names: frozenset[str]) -> dict[str, Sequence[str]]:
        return {name: values for name, values in self._values.items() if name in names}


def strict_boolean(name: str, value: Any) -> bool:
    """Raises BadRequest for anything but true and false, in any case."""
    word = str(value).strip().lower()
    if word not in ("true", "false"):
        raise BadRequest(
            f'Unrecognized value "{value}" for "{name}", acceptable values are: true, false.'
        )
    return word == "true"


def natural(name: str, value: Any) -> int:
    """A whole number from 0; raises BadRequest."""
    if isinstance(value, bool):
        raise BadRequest(f"Only integer is acceptable by '{name}'.")
    try:
        number = int(str(value))
    except ValueError:
        raise BadRequest(f"Only integer is acceptable by '{name}'.") from None
    if number < 0:
        raise BadRequest(
            f"Value '{value}' is invalid for '{name}' which only accepts non-negative integer."
        )
    return number
