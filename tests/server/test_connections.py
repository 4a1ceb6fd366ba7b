"""How long a client may keep a connection open, and how long it may keep the service waiting.

The connection is one end of a real pair of sockets; time is virtual.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from isotherm.server.listener import Listener
from isotherm.testing.virtual_time import run_virtually

REQUEST = b"GET /stacks HTTP/1.1\r\nHost: here\r\n\r\n"
HUGE = 8 * 1024 * 1024


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    match request.url.path:
        case "/slow":
            await asyncio.sleep(600)
            text = "at last"
        case "/huge":
            text = "x" * HUGE
        case _:
            text = f"{len(await request.body())} bytes"
    await PlainTextResponse(text)(scope, receive, send)


@dataclass
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes = REQUEST) -> bytes:
        """The body of the answer."""
        self.writer.write(request)
        return await self.answer()

    async def answer(self) -> bytes:
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return await self.reader.readexactly(int(length))

    async def seconds_until_closed(self) -> float:
        """Until the service hangs up; whatever it still sends is thrown away."""
        begun = asyncio.get_running_loop().time()
        try:
            while await self.reader.read(65536):
                pass
        except ConnectionResetError:
            pass
        return asyncio.get_running_loop().time() - begun


@asynccontextmanager
async def connected(listener: Listener) -> AsyncIterator[Client]:
    """A client of the listener's application."""
    config = listener.configure(application)
    config.load()
    state = ServerState()
    ours, theirs = socket.socketpair()
    connection = config.http_protocol_class
    await asyncio.get_running_loop().connect_accepted_socket(
        lambda: connection(config=config, server_state=state, app_state={}),  # type: ignore[call-arg]
        ours,
    )
    reader, writer = await asyncio.open_connection(sock=theirs)
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()
        for task in state.tasks:
            task.cancel()


@pytest.fixture
def listener() -> Listener:
    return Listener("127.0.0.1", 0)


def run(listener: Listener, act: Callable[[Client], Awaitable[float]]) -> float:
    async def main() -> float:
        async with connected(listener) as client:
            return await act(client)

    try:
        return run_virtually(main, limit=3600)
    finally:
        listener.close()


def test_a_client_that_polls_for_minutes_keeps_its_connection(listener: Listener) -> None:
    async def act(client: Client) -> float:
        for pause in (5, 10, 30, 60, 74):
            assert await client.ask() == b"0 bytes"
            await asyncio.sleep(pause)
        assert await client.ask() == b"0 bytes"
        return await client.seconds_until_closed()

    assert run(listener, act) == pytest.approx(75)


def test_a_connection_that_never_asks_is_closed(listener: Listener) -> None:
    assert run(listener, Client.seconds_until_closed) == pytest.approx(75)


def test_a_head_that_drips_in_is_not_waited_for_without_end(listener: Listener) -> None:
    async def act(client: Client) -> float:
        begun = asyncio.get_running_loop().time()

        async def drip() -> None:
            client.writer.write(REQUEST[:-2])
            while True:
                await asyncio.sleep(1)
                client.writer.write(b"X: y\r\n")

        dripping = asyncio.create_task(drip())
        await client.seconds_until_closed()
        dripping.cancel()
        return asyncio.get_running_loop().time() - begun

    assert run(listener, act) == pytest.approx(60, abs=1)


@pytest.mark.parametrize("first", [b"", REQUEST], ids=["at once", "after a good request"])
def test_a_body_that_stops_half_way_ends_the_connection(listener: Listener, first: bytes) -> None:
    async def act(client: Client) -> float:
        if first:
            await client.ask(first)
        client.writer.write(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf")
        await asyncio.sleep(50)
        client.writer.write(b" a bit more")
        return await client.seconds_until_closed()

    assert run(listener, act) == pytest.approx(60)


def test_a_body_that_takes_its_time_arrives(listener: Listener) -> None:
    async def act(client: Client) -> float:
        client.writer.write(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n")
        for _ in range(10):
            await asyncio.sleep(50)
            client.writer.write(b"x")
        assert await client.answer() == b"10 bytes"
        return 0

    run(listener, act)


def test_an_answer_may_take_longer_than_any_patience_with_clients(listener: Listener) -> None:
    async def act(client: Client) -> float:
        assert await client.ask(b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n") == b"at last"
        return 0

    run(listener, act)


@pytest.mark.parametrize("last", [b"", b"Connection: close\r\n"], ids=["kept", "last answer"])
def test_a_client_that_does_not_read_its_answer_is_cut_off(listener: Listener, last: bytes) -> None:
    async def act(client: Client) -> float:
        client.reader._transport.pause_reading()  # type: ignore[attr-defined]
        client.writer.write(b"GET /huge HTTP/1.1\r\nHost: here\r\n" + last + b"\r\n")
        await asyncio.sleep(130)
        client.reader._transport.resume_reading()  # type: ignore[attr-defined]
        return await client.seconds_until_closed()

    assert run(listener, act) < 1


def test_a_client_that_reads_slowly_gets_all(listener: Listener) -> None:
    async def act(client: Client) -> float:
        client.writer.write(b"GET /huge HTTP/1.1\r\nHost: here\r\n\r\n")
        await client.reader.readuntil(b"\r\n\r\n")
        left = HUGE
        while left:
            await asyncio.sleep(10)
            left -= len(await client.reader.read(256 * 1024))
        return 0

    run(listener, act)
