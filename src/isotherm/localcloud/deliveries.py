"""Requests that the cloud itself sends: notifications, actions of alarms, steps of workflows."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from isotherm.localcloud.clock import Clock

_log = logging.getLogger(__name__)

ATTEMPTS = 3
PAUSE = 1.0
"""Seconds before the second attempt; each further one waits twice as long."""
_WITHIN = 30.0


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    method: str = "POST"
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Answered(msgspec.Struct, frozen=True):
    """Status 0: nobody answered, and `body` says why."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


Sender = Callable[[Outgoing], Awaitable[Answered]]
"""Sends one request. Raises OSError where nobody answers."""


async def send_by_http(request: Outgoing) -> Answered:
    # Loaded where something is sent, which most clouds never do.
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=_WITHIN)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(
                request.method, request.url, headers=request.headers, data=request.body
            ) as reply,
        ):
            return Answered(reply.status, dict(reply.headers), await reply.read())
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise OSError(str(error) or type(error).__name__) from error


class Deliveries:
    """Sends in the background, again where nobody answers or the other side is in trouble.

    What `post` is told `then` is called with the answer, or with the last failure.
    """

    def __init__(self, clock: Clock, sender: Sender = send_by_http) -> None:
        self.sender = sender
        self.settle: Callable[[], None] = lambda: None
        """Keeps what an answer changed."""
        self._clock = clock
        self._waiting: list[tuple[Outgoing, Callable[[Answered], None] | None]] = []
        self._under_way: set[asyncio.Task[None]] = set()

    def post(self, request: Outgoing, then: Callable[[Answered], None] | None = None) -> None:
        self._waiting.append((request, then))
        self.start()

    def start(self) -> None:
        """Begin with what waits; without a running loop it goes on waiting."""
        if not self._waiting:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        waiting, self._waiting = self._waiting, []
        for request, then in waiting:
            task = loop.create_task(self._deliver(request, then))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def done(self) -> None:
        """Wait until nothing is under way, answers to answers included."""
        self.start()
        while self._under_way:
            await asyncio.wait(self._under_way)
            self.start()

    def close(self) -> None:
        for task in self._under_way:
            task.cancel()

    async def _deliver(self, request: Outgoing, then: Callable[[Answered], None] | None) -> None:
        answer = await self._send(request)
        for attempt in range(1, ATTEMPTS):
            if 0 < answer.status < 500:
                break
            await self._clock.sleep(PAUSE * 2 ** (attempt - 1))
            answer = await self._send(request)
        if not 0 < answer.status < 400:
            _log.warning("%s was not taken: %s", request.method, answer.status)
        if then is not None:
            then(answer)
            self.settle()

    async def _send(self, request: Outgoing) -> Answered:
        try:
            return await self.sender(request)
        except OSError as error:
            return Answered(0, {}, str(error).encode())
