"""Fetches what lies at an address, as far as anybody may read it."""

from __future__ import annotations

import asyncio

import aiohttp

from isotherm.ports.fetcher import FetchError

_REDIRECTS = 5


class WebFetcher:
    """Implements ``ports.fetcher.Fetcher``. Proxies are those of the process's environment."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, url: str, *, limit: int, timeout: float) -> bytes:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout):
                return await self._read(url, limit)
        except TimeoutError:
            raise FetchError(f"No answer from {url} within {timeout:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError):
            # Why exactly is not told: an address may lie inside the service's own network.
            raise FetchError(f"Failed to retrieve template from {url}") from None

    async def _read(self, url: str, limit: int) -> bytes:
        if self._session is None:
            # No cookies: what one user's template sets must not be sent with another's.
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(cookie_jar=jar, trust_env=True)
        async with self._session.get(url, max_redirects=_REDIRECTS) as reply:
            reply.raise_for_status()
            content = bytearray()
            async for part in reply.content.iter_any():
                content += part
                if len(content) > limit:
                    raise FetchError(f"Template exceeds maximum allowed size ({limit} bytes)")
            return bytes(content)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
