"""An ASGI application behind a real listener."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from isotherm.localcloud import AbortableHttpProtocol


class _Server(uvicorn.Server):
    """Tells when it answers, and ends at once instead of at the next of its ticks."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()
        self.done = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()

    async def main_loop(self) -> None:
        await self.done.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for each in sockets or ():
            each.close()


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[str]:
    """The application's URL."""
    config = uvicorn.Config(app, log_level="error", http=AbortableHttpProtocol)
    server = _Server(config)
    # Saying that it is TCP makes asyncio turn off Nagle's delay of 40 ms a reply.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve([bound]))
        await server.answers.wait()
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.done.set()
