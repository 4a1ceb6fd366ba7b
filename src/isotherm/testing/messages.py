"""What lies in the inboxes of stacks, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from isotherm.ports.records import Message
from isotherm.testing.copies import copied


class Messages:
    """In the order in which they came. Those that were taken in stay until they are purged: who
    posts one again has it taken in once."""

    def __init__(self) -> None:
        self._posted: dict[str, Message] = {}
        self._taken: set[str] = set()

    def post(self, message: Message) -> None:
        self._posted.setdefault(message.id, copied(message))

    def open(self) -> list[Message]:
        """Those that nobody has taken in yet."""
        return [each for each in self._posted.values() if each.id not in self._taken]

    def take(self, stack_id: str, message_ids: Iterable[str]) -> None:
        """Those of another stack stay."""
        of_stack = {k for k, message in self._posted.items() if message.stack_id == stack_id}
        self._taken |= of_stack.intersection(message_ids)

    def drop_with(self, stack_ids: Collection[str]) -> None:
        """Of stacks that are no more."""
        self._posted = {k: m for k, m in self._posted.items() if m.stack_id not in stack_ids}

    def purge(self, before: datetime) -> int:
        """Drop those that were taken in and are older; how many."""
        old = {k for k, m in self._posted.items() if m.at < before and k in self._taken}
        self._posted = {k: m for k, m in self._posted.items() if k not in old}
        return len(old)
