"""The metrics port: figures of a process, for whoever watches over it."""

from __future__ import annotations

from typing import Final, Protocol


class Metrics(Protocol):
    """Every method may be called from any thread, and returns at once."""

    def called_cloud(self, service: str, method: str, status: int, seconds: float) -> None:
        """A request to the cloud was answered, in so many seconds; status 0: it was not."""
        ...

    def ended_step(self, kind: str, outcome: str, seconds: float) -> None:
        """A step of a plan ended, after so many seconds: done, failed, timed out, overtaken or
        broken off."""
        ...

    def polled(self, objects: int) -> None:
        """One look at the cloud told of so many waiting objects."""
        ...

    def committed(self, changes: int, seconds: float) -> None:
        """A batch of changes was written, in so many seconds."""
        ...


class _NoMetrics:
    def called_cloud(self, service: str, method: str, status: int, seconds: float) -> None:
        pass

    def ended_step(self, kind: str, outcome: str, seconds: float) -> None:
        pass

    def polled(self, objects: int) -> None:
        pass

    def committed(self, changes: int, seconds: float) -> None:
        pass


NO_METRICS: Final[Metrics] = _NoMetrics()
