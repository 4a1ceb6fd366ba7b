"""The fetcher port: templates that a request or a template names by address."""

from __future__ import annotations

from typing import Protocol


class FetchError(Exception):
    """There is nothing to be had at an address; the text says why."""


class Fetcher(Protocol):
    async def fetch(self, url: str, *, limit: int, timeout: float) -> bytes:  # noqa: ASYNC109
        """What lies at an http or https address: at most ``limit`` bytes, within ``timeout``
        seconds. Raises FetchError.
        """
        ...

    async def close(self) -> None: ...
