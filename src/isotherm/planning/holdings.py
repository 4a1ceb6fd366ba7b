"""Which rows have something to do with the same object: a stack may have thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic

from isotherm.core.values import Value
from isotherm.kit.registry import Registry
from isotherm.planning.links import R, claims_of, links_of, whole_link
from isotherm.planning.recorded import Recorded

_ID, _LINK, _CLAIM = range(3)
_Key = tuple[int, Value]


class Holdings(Generic[R]):
    """The rows of a stack by what they name or hold: ids of objects, links, and what only one
    can have. Rows come in the order in which they were first put in.

    They are looked into when somebody asks: most operations never do."""

    def __init__(self, types: Registry) -> None:
        self._types = types
        self._rows: dict[str, R] = {}
        self._unread: dict[str, R] = {}
        self._keys: dict[str, frozenset[_Key]] = {}
        self._of_key: defaultdict[_Key, dict[str, None]] = defaultdict(dict)

    def put(self, row: R) -> None:
        """A row as it is now."""
        self._rows[row.id] = self._unread[row.id] = row

    def drop(self, row_id: str) -> None:
        """A row that is no more."""
        self._rows.pop(row_id, None)
        self._unread.pop(row_id, None)
        for key in self._keys.pop(row_id, frozenset()):
            del self._of_key[key][row_id]

    def same_as(self, row: Recorded) -> list[R]:
        """Rows that may stand for what ``row`` stands for, itself included."""
        resource_type = self._types.get(row.type)
        link = whole_link(resource_type, row) if resource_type is not None else None
        if link is not None:
            return list(self._with([(_LINK, link)]))
        return self.naming(row.physical_id) if row.physical_id is not None else []

    def naming(self, *physical_ids: Value) -> list[R]:
        """Rows with objects that have one of these ids."""
        return list(self._with((_ID, each) for each in physical_ids))

    def claiming(self, claims: Iterable[Value]) -> list[R]:
        """Rows that ask for one of what only one can have."""
        return list(self._with((_CLAIM, each) for each in claims))

    def _with(self, keys: Iterable[_Key]) -> Iterator[R]:
        self._read()
        found = dict.fromkeys(row_id for key in keys for row_id in self._of_key.get(key, ()))
        return (self._rows[row_id] for row_id in found)

    def _read(self) -> None:
        for row in self._unread.values():
            before, now = self._keys.get(row.id, frozenset()), self._keys_of(row)
            self._keys[row.id] = now
            for key in before - now:
                del self._of_key[key][row.id]
            for key in now - before:
                self._of_key[key][row.id] = None
        self._unread.clear()

    def _keys_of(self, row: R) -> frozenset[_Key]:
        keys: set[_Key] = {(_ID, row.physical_id)} if row.physical_id is not None else set()
        resource_type = self._types.get(row.type)
        if resource_type is not None and resource_type.links:
            keys.update((_LINK, each) for each in links_of(resource_type, row))
        if resource_type is not None and resource_type.claims:
            keys.update((_CLAIM, each) for each in claims_of(resource_type, row))
        return frozenset(keys)
