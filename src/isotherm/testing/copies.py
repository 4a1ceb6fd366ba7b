"""Copies of records, as a database would give them: nothing in them is shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import NoneType
from typing import Any, TypeVar

from msgspec import Struct

from isotherm.core.states import Action, Status
from isotherm.core.values import Secret, Unknown

R = TypeVar("R", bound=Struct)

_SCALARS = frozenset({str, int, float, bool, NoneType, datetime, Action, Status})


def copied(record: R) -> R:
    """A copy that shares nothing that can change; raises TypeError for an ``Unknown`` inside."""
    values = {name: _copied(getattr(record, name)) for name in record.__struct_fields__}
    return type(record)(**values)


def _copied(value: Any) -> Any:
    if type(value) in _SCALARS:
        return value
    if isinstance(value, Unknown):
        raise TypeError(f"an unknown value cannot be stored: {value}")
    if isinstance(value, Secret):
        return Secret(_copied(value.reveal()))
    if isinstance(value, Mapping):
        return {str(key): _copied(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_copied(each) for each in value)
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return value


def revealed(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(f"{type(value).__name__} cannot be stored")
