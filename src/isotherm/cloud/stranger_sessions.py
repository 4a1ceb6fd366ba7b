"""Sessions for addresses that users name: no credentials, no way into our own network."""

from __future__ import annotations

import aiohttp
from yarl import URL

from isotherm.cloud.guarded_sockets import SocketGuard
from isotherm.cloud.public_addresses import AllowedSources

_SCHEMES = frozenset({"http", "https"})


class StrangerSessions:
    """They have no credentials and remember nothing: neither cookies nor what the process's
    environment, a ``.netrc`` or a proxy's settings hold. Addresses that are not public are
    refused where a connection is made, so that no name can change its meaning in between.
    """

    def __init__(self, allowed: AllowedSources) -> None:
        self._guard = SocketGuard(allowed)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    def session(self, url: URL) -> aiohttp.ClientSession:
        """For one request to this address. Raises ValueError where it is none of the web."""
        if url.scheme not in _SCHEMES or not url.host:
            raise ValueError(f"not an address of the web: {url}")
        trusted = self._guard.allowed.allows_host(url.host)
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
