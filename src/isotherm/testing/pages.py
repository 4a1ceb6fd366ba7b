"""A web of a few pages, for tests."""

from __future__ import annotations

from isotherm.ports.fetcher import FetchError


class Pages:
    """Implements ``ports.fetcher.Fetcher``: ``contents`` by address, ``fetched`` what was read."""

    def __init__(self, **contents: str) -> None:
        self.contents: dict[str, str] = contents
        self.fetched: list[str] = []

    async def fetch(self, url: str, *, limit: int, timeout: float) -> bytes:  # noqa: ASYNC109
        self.fetched.append(url)
        if url not in self.contents:
            raise FetchError(f"Failed to retrieve template from {url}")
        content = self.contents[url].encode()
        if len(content) > limit:
            raise FetchError(f"Template exceeds maximum allowed size ({limit} bytes)")
        return content

    async def close(self) -> None: ...
