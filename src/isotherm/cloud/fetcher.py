"""Fetches what a user names by address, as a stranger on the internet would."""

from __future__ import annotations

import asyncio

import aiohttp
from yarl import URL

from isotherm.cloud.guarded_sockets import HOW_TO_ALLOW, is_refusal
from isotherm.cloud.public_addresses import PUBLIC_ONLY, AllowedSources
from isotherm.cloud.stranger_sessions import StrangerSessions
from isotherm.ports.fetcher import FetchError

_REDIRECTS = 5
_REDIRECTED = frozenset({301, 302, 303, 307, 308})


class WebFetcher:
    """Implements ``ports.fetcher.Fetcher``."""

    def __init__(self, allowed: AllowedSources = PUBLIC_ONLY) -> None:
        self._sessions = StrangerSessions(allowed)

    async def fetch(self, url: str, *, limit: int, timeout: float) -> bytes:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout):
                return await self._read(URL(url), limit)
        except TimeoutError:
            raise FetchError(f"No answer from {url} within {timeout:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if is_refusal(error):
                raise FetchError(
                    f"{url} is or leads to an address that is not public; {HOW_TO_ALLOW}"
                ) from None
            # Why exactly is not told: an address may lie inside the service's own network.
            raise FetchError(f"Failed to retrieve template from {url}") from None

    async def _read(self, url: URL, limit: int) -> bytes:
        for _ in range(_REDIRECTS + 1):
            session = self._sessions.session(url)
            async with session.get(url, allow_redirects=False) as reply:
                if reply.status not in _REDIRECTED or "Location" not in reply.headers:
                    reply.raise_for_status()
                    return await _content(reply, limit)
                url = url.join(URL(reply.headers["Location"]))
        raise ValueError("too many redirects")

    async def close(self) -> None:
        await self._sessions.close()


async def _content(reply: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for part in reply.content.iter_any():
        content += part
        if len(content) > limit:
            raise FetchError(f"Template exceeds maximum allowed size ({limit} bytes)")
    return bytes(content)
