"""What signals tell a handle that somebody waits at, and what has come so far."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from isotherm import kit

SUCCESS, FAILURE = "SUCCESS", "FAILURE"


@dataclass(frozen=True, slots=True)
class Words:
    """How one family of types calls the parts of a signal. In the metadata of a handle each
    signal stands under its id with the other three."""

    status: str
    reason: str
    data: str
    id: str

    @property
    def all(self) -> frozenset[str]:
        return frozenset({self.status, self.reason, self.data, self.id})

    def note(self, metadata: kit.Values, told: kit.Values) -> kit.Received | None:
        """A signal noted with those before it, in the place of one with the same id; None where
        its status says nothing."""
        if told[self.status] not in (SUCCESS, FAILURE):
            return None
        noted = {self.status: told[self.status], self.reason: told[self.reason], self.data: told[self.data]}
        reason = f"Signal: status:{told[self.status]} reason:{told[self.reason]}"
        return kit.Received(reason, {**metadata, str(told[self.id]): noted})

    def count(self, metadata: kit.Values) -> int:
        """How many signals there are. Asked for with every one that comes."""
        status = self.status
        return len([1 for each in metadata.values() if type(each) is dict and status in each])

    def signals(self, metadata: kit.Values) -> Iterator[tuple[str, kit.Fields]]:
        """Id and content of the signals in a handle's metadata, which may hold more."""
        for name, each in metadata.items():
            if isinstance(each, (dict, Mapping)) and each.get(self.status) in (SUCCESS, FAILURE):
                yield name, each


NATIVE = Words("status", "reason", "data", "id")
AWS = Words("Status", "Reason", "Data", "UniqueId")


@dataclass(frozen=True, slots=True)
class Tally:
    """The signals at a handle."""

    successes: list[str]
    """Their reasons."""
    failures: list[str]
    brought: kit.Fields
    """By their ids."""

    @property
    def data(self) -> str:
        """What they brought, as JSON text."""
        return json.dumps(self.brought)

    @classmethod
    def of(cls, metadata: kit.Values, words: Words) -> Tally:
        signals = dict(words.signals(metadata))
        reasons: dict[str, list[str]] = {SUCCESS: [], FAILURE: []}
        for each in signals.values():
            reasons[each[words.status]].append(str(each.get(words.reason)))
        data = {name: each.get(words.data) for name, each in signals.items()}
        return cls(reasons[SUCCESS], reasons[FAILURE], data)
