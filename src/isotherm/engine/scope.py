"""What evaluation sees while a traversal runs."""

from __future__ import annotations

from isotherm.core.values import Value
from isotherm.engine.ledger import Ledger
from isotherm.engine.recorded_scope import own_attributes


class LedgerScope:
    """References and attributes as the current rows record them; what is not there is None.

    The empty attribute stands for all of them.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def reference(self, resource: str) -> Value:
        row = self._ledger.current(resource)
        return row.reference if row is not None else None

    def attribute(self, resource: str, name: str) -> Value:
        row = self._ledger.current(resource)
        if row is None:
            return None
        if name:
            return row.attributes.get(name)
        return {each: row.attributes[each] for each in own_attributes(row)}
