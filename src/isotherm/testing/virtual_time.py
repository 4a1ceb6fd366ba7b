"""An event loop in which time passes only when nothing else is left to do.

Sleeping costs nothing, runs are repeatable, and a seed shuffles the order in which
ready callbacks run, so that a test can try many interleavings.
"""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class VirtualClock:
    """The clock port on the running virtual loop; starts at ``EPOCH``."""

    def __init__(self) -> None:
        self._set_forth = 0.0

    def set_forth(self, seconds: float) -> None:
        """Change the time of day, as people and time services do; negative: back."""
        self._set_forth += seconds

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.monotonic() + self._set_forth)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _SkippingSelector(selectors.SelectSelector):
    """Never waits: the time it was asked to wait for has passed when it returns."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everything waits and nothing can wake it")
            self.skipped += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, seed: int | None = None) -> None:
        self._skipping = _SkippingSelector()
        super().__init__(self._skipping)
        # Repeatable by its seed is the point; nothing is kept secret with it.
        self._random = random.Random(seed) if seed is not None else None  # noqa: S311

    def time(self) -> float:
        return self._skipping.skipped

    def _run_once(self) -> None:
        if self._random is not None:
            ready: Any = self._ready  # type: ignore[attr-defined]
            shuffled = list(ready)
            self._random.shuffle(shuffled)
            ready.clear()
            ready.extend(shuffled)
        super()._run_once()  # type: ignore[misc]


def run_virtually(
    main: Callable[[], Coroutine[Any, Any, T]], *, seed: int | None = None, limit: float = 1e6
) -> T:
    """Run ``main()`` to its end in virtual time; TimeoutError after ``limit`` virtual seconds."""

    async def bounded() -> T:
        async with asyncio.timeout(limit):
            return await main()

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(seed)) as runner:
        return runner.run(bounded())
