"""News of stacks that traversals of this process wait for."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class News:
    """A hint that a stack may have come to an end; who waits looks by itself, too."""

    def __init__(self) -> None:
        self._awaited: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def of(self, stack_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever there is news of the stack."""
        news = asyncio.Event()
        self._awaited[stack_id].add(news)
        try:
            yield news
        finally:
            self._awaited[stack_id].discard(news)
            if not self._awaited[stack_id]:
                del self._awaited[stack_id]

    def tell(self, stack_id: str) -> None:
        for news in self._awaited.get(stack_id, ()):
            news.set()
