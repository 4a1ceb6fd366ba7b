"""Many who want the same answer at the same time cause one piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class SingleFlight(Generic[K, T]):
    def __init__(self) -> None:
        self._under_way: dict[K, asyncio.Future[T]] = {}

    async def run(self, key: K, work: Callable[[], Awaitable[T]]) -> T:
        """What ``work`` gives or raises; shared with everybody who asks for ``key`` meanwhile.

        If whoever does the work is cancelled, one of those who wait does it anew.
        """
        while (pending := self._under_way.get(key)) is not None:
            await asyncio.wait([pending])
            if not pending.cancelled():
                return pending.result()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._under_way[key] = future
        try:
            result = await work()
        except Exception as error:
            future.set_exception(error)
            future.exception()  # told to the loop as seen, even if nobody else waits
            raise
        else:
            future.set_result(result)
            return result
        finally:
            del self._under_way[key]
            future.cancel()  # no effect on one that is done
