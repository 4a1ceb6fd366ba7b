"""Fetches what a user names by address, as a stranger on the internet would."""

from __future__ import annotations

import asyncio

import aiohttp
from yarl import URL

from isotherm.cloud.guarded_sockets import HOW_TO_ALLOW, SocketGuard, is_refusal
from isotherm.cloud.public_addresses import PUBLIC_ONLY, AllowedSources
from isotherm.ports.fetcher import FetchError

_REDIRECTS = 5
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_SCHEMES = frozenset({"http", "https"})


class WebFetcher:
    """Implements ``ports.fetcher.Fetcher``.

    It has no credentials and remembers nothing: neither cookies nor what the process's
    environment, a ``.netrc`` or a proxy's settings hold. Addresses that are not public are
    refused where a connection is made, so that no name can change its meaning in between.
    """

    def __init__(self, allowed: AllowedSources = PUBLIC_ONLY) -> None:
        self._guard = SocketGuard(allowed)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

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
            if url.scheme not in _SCHEMES or not url.host:
                raise ValueError(f"not an address of the web: {url}")
            session = self._session(trusted=self._guard.allowed.allows_host(url.host))
            async with session.get(url, allow_redirects=False) as reply:
                if reply.status not in _REDIRECTED or "Location" not in reply.headers:
                    reply.raise_for_status()
                    return await _content(reply, limit)
                url = url.join(URL(reply.headers["Location"]))
        raise ValueError("too many redirects")

    def _session(self, *, trusted: bool) -> aiohttp.ClientSession:
        """The session for hosts that are allowed by name, or that for all others."""
        if trusted not in self._sessions:
            factory = None if trusted else self._guard.open_socket
            self._sessions[trusted] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=factory),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._sessions[trusted]

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()


async def _content(reply: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for part in reply.content.iter_any():
        content += part
        if len(content) > limit:
            raise FetchError(f"Template exceeds maximum allowed size ({limit} bytes)")
    return bytes(content)
