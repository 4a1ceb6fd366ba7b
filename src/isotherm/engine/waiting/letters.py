"""Messages for the steps that wait for them: the inbox is read once for all steps of a walk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from isotherm.ports.records import Message


class Letters:
    """What has come about one row, each message once, however often the inbox is read.

    Whoever takes some writes in one commit what they say and that they were taken in.
    """

    def __init__(self, news: asyncio.Event) -> None:
        self.news = news
        self._known: set[str] = set()
        self._new: list[Message] = []

    def put(self, message: Message) -> None:
        if message.id not in self._known:
            self._known.add(message.id)
            self._new.append(message)
            self.news.set()

    def take(self) -> Sequence[Message]:
        taken, self._new = self._new, []
        self.news.clear()
        return taken


class Letterboxes:
    """Of the rows whose steps wait for messages."""

    def __init__(self) -> None:
        self._open: dict[str, Letters] = {}

    @contextmanager
    def of(self, row_id: str, news: asyncio.Event | None = None) -> Iterator[Letters]:
        """What comes about the row for as long as the context is open; ``news`` tells of it."""
        letters = self._open[row_id] = Letters(news or asyncio.Event())
        try:
            yield letters
        finally:
            del self._open[row_id]

    def deliver(self, messages: Sequence[Message]) -> None:
        """Those that nobody waits for stay in the inbox, and so do all until they are taken in."""
        for message in messages:
            if letters := self._open.get(message.resource_id):
                letters.put(message)
