"""Filtered and sorted lists, read page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    false,
    func,
    literal,
    select,
    tuple_,
)

from isotherm.store.types import Instant

_MORE_THAN_ANY = 2**31
"""No number in a column is so big, and no database takes all that are."""
_EPOCH = datetime.fromtimestamp(0, UTC)
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: what comes after the row whose id is ``marker``."""

    sort_keys: Sequence[str]
    descending: bool
    limit: int | None
    marker: str | None


class Listing:
    """How one kind of record is listed.

    ``fields`` are what can be filtered and sorted by. Equal rows are told apart by
    ``tie_breaker``, so that no row is missed or comes twice.
    """

    def __init__(
        self,
        identity: ColumnElement[str],
        fields: Mapping[str, ColumnElement[Any]],
        *,
        default_sort: Sequence[str],
        tie_breaker: ColumnElement[Any] | None = None,
    ) -> None:
        self._identity = identity
        self._fields = fields
        self._default_sort = default_sort
        self._tie_breaker = identity if tie_breaker is None else tie_breaker

    def filtered(self, statement: Select[Any], filters: Mapping[str, Sequence[Any]]) -> Select[Any]:
        """Keep rows whose fields have one of the accepted values."""
        for name, accepted in filters.items():
            column = self._fields.get(name)
            if column is None:
                return statement.where(false())  # What no row has, has none of the values.
            values = [value for each in accepted if (value := _typed(column, each)) is not None]
            statement = statement.where(column.in_(values) if values else false())
        return statement

    def page(self, connection: Connection, statement: Select[Any], page: Page) -> Select[Any]:
        """Sort and cut; an unknown marker counts as none."""
        keys = [_total(self._field(name)) for name in page.sort_keys or self._default_sort]
        keys.append(self._tie_breaker)
        if page.marker is not None:
            after = select(*keys).where(self._identity == page.marker)
            values = connection.execute(after).one_or_none()
            if values is not None:
                here = tuple_(*keys)
                there = tuple_(*(literal(v, k.type) for v, k in zip(values, keys, strict=True)))
                statement = statement.where(here < there if page.descending else here > there)
        order = [key.desc() for key in keys] if page.descending else keys
        return statement.order_by(*order).limit(page.limit)

    def _field(self, name: str) -> ColumnElement[Any]:
        try:
            return self._fields[name]
        except KeyError:
            raise ValueError(f"no field {name!r} to filter or sort by") from None


def _total(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column with nulls as its least value: databases do not agree where nulls go."""
    if isinstance(column.type, Instant):
        return func.coalesce(column, literal(_EPOCH, column.type), type_=column.type)
    if isinstance(column.type, (Boolean, Integer)):
        return func.coalesce(column, literal(-1, Integer()), type_=Integer())
    return func.coalesce(column, literal("", column.type), type_=column.type)


def _typed(column: ColumnElement[Any], value: Any) -> Any:
    """The value as the column has it; None where it cannot have such a value."""
    if isinstance(column.type, Boolean):
        return _TRUTH.get(str(value).lower())
    if isinstance(column.type, Integer):
        try:
            number = int(value)
        except (TypeError, ValueError):
            return None
        return number if abs(number) < _MORE_THAN_ANY else None
    return value if isinstance(column.type, Instant) else str(value)
