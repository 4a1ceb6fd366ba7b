"""Sends one request and says what became of it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from isotherm.cloud.endpoints import described
from isotherm.cloud.faults import classify, fault_message, request_id_of
from isotherm.cloud.guarded_sockets import HOW_TO_ALLOW, SocketGuard, is_refusal
from isotherm.cloud.settings import Settings
from isotherm.core.clock import Clock
from isotherm.core.errors import Busy, Lost, RemoteError, Unreachable
from isotherm.kit.connection import READS, Reply

log = logging.getLogger(__name__)

_NAMING_A_SECRET = re.compile(r"(/(?:OS-TRUST/trusts|credentials|OS-EC2)/)[^/]+")
"""Paths that tell what gives access: who knows a trust's id may use it."""

Counter = Callable[[str, str, int, float], None]
"""Called with service, method and HTTP status after each request; status 0: no answer."""

IDLE_SECONDS = 4.0
"""Connections idle for longer are closed: before servers do so (Apache: 5 s), because a
request that meets a closing connection is lost."""

FIRST_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request. ``url`` is complete and quoted; ``content`` is what the body holds,
    encoded already."""

    service: str
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    def reply(self) -> Reply:
        """With the parsed JSON; None without a body. Text as str, anything else as bytes.

        Raises Lost for JSON that is broken: there was an effect, but nobody knows which.
        """
        return Reply(self._body(), self.headers)

    def _body(self) -> Any:
        kind = self.headers.get("content-type", "")
        if not self.content:
            return None
        if "json" in kind:
            return _parsed(self)
        return self.content.decode(errors="replace") if kind.startswith("text/") else self.content


class Transport:
    """One pool of connections, to be used within one event loop. A ``guard`` watches over them
    where a user has named the cloud."""

    def __init__(
        self, settings: Settings, clock: Clock, count: Counter, guard: SocketGuard | None = None
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._clock = clock
        self._count = count
        self._ssl = settings.ssl_context()
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._limits: dict[str, aiohttp.ClientTimeout] = {}
        self._places: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(settings.max_connections)
        )

    async def send(self, request: Exchange) -> Reply:
        """Raises the RemoteError classes for every answer that is no success. Reads that are
        lost are tried again; whatever may have had an effect never is."""
        attempts = self._settings.read_attempts if request.method in READS else 1
        pause = FIRST_PAUSE
        for _ in range(attempts - 1):
            try:
                return await self._send_once(request)
            except Lost as error:
                log.info("Trying again in %.1f s: %s", pause, error)
            await self._clock.sleep(pause)
            pause *= 2
        return await self._send_once(request)

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def _send_once(self, request: Exchange) -> Reply:
        async with self._places[request.service]:
            started = self._clock.monotonic()
            try:
                answer = await self._exchange(request)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                trouble = _trouble(request.service, error)
                self._record(request, 0, started, type(trouble).__name__)
                raise trouble from error
        self._record(request, answer.status, started, request_id_of(answer.headers))
        if answer.status >= 300:
            message = fault_message(answer.status, answer.content, request.content)
            busy = described(request.service).is_busy(answer.status, message)
            raise classify(answer.status, message, answer.headers, busy=busy)
        return answer.reply()

    async def _exchange(self, request: Exchange) -> Answer:
        url = URL(request.url, encoded=True)
        async with self._session_for(url).request(
            request.method,
            url,
            headers=request.headers,
            data=request.content,
            timeout=self._time_limits(request.service),
            allow_redirects=request.method in READS and self._guard is None,
        ) as response:
            return Answer(response.status, response.headers, await response.read())

    def _time_limits(self, service: str) -> aiohttp.ClientTimeout:
        if service not in self._limits:
            self._limits[service] = aiohttp.ClientTimeout(
                total=self._settings.timeout_for(service),
                sock_connect=self._settings.connect_timeout,
            )
        return self._limits[service]

    def _session_for(self, url: URL) -> aiohttp.ClientSession:
        guard = self._guard
        guarded = guard is not None and not guard.allowed.allows_host(url.host or "")
        if guarded not in self._sessions:
            self._sessions[guarded] = aiohttp.ClientSession(
                # The semaphores bound the connections, by service: many share one host.
                connector=aiohttp.TCPConnector(
                    limit=0,
                    keepalive_timeout=IDLE_SECONDS,
                    ssl=self._ssl,
                    socket_factory=guard.open_socket if guard is not None and guarded else None,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept": "application/json", "User-Agent": "isotherm"},
            )
        return self._sessions[guarded]

    def _record(self, request: Exchange, status: int, started: float, note: str) -> None:
        seconds = self._clock.monotonic() - started
        self._count(request.service, request.method, status, seconds)
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s %s %s -> %s in %.0f ms (%s)",
                request.service,
                request.method,
                _NAMING_A_SECRET.sub(r"\1…", URL(request.url, encoded=True).path),
                status or "no answer",
                (self._clock.monotonic() - started) * 1000,
                note,
            )


def _parsed(answer: Answer) -> Any:
    try:
        return msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Lost(
            f"The reply cannot be read: {error}",
            status=answer.status,
            request_id=request_id_of(answer.headers),
        ) from error


def _trouble(service: str, error: Exception) -> RemoteError:
    """What it means that no answer came: nothing was done, or nobody knows."""
    if is_refusal(error):
        return Unreachable(f"{service} lies at an address that is not public; {HOW_TO_ALLOW}")
    match error:
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return Unreachable(f"The certificate of {service} is not trusted: {error}")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return Unreachable(f"The endpoint of {service} is no URL: {error}")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Busy(f"{service} cannot be reached: {error}")
        case TimeoutError():
            return Lost(f"{service} did not answer in time")
        case _:
            return Lost(f"The connection to {service} broke: {str(error) or type(error).__name__}")
