"""The property-level difference between what is recorded and what is desired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from isotherm.core.values import Value


@dataclass(frozen=True, slots=True)
class Change:
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Changes(Mapping[str, Change]):
    """Changed top-level properties by name."""

    properties: Mapping[str, Change] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Change:
        return self.properties[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.properties)

    def __len__(self) -> int:
        return len(self.properties)


NO_CHANGES = Changes()
