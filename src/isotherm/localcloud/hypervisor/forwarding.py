"""Bytes from one connection to another, both ways, and the small HTTP of the metadata."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_CHUNK = 64 * 1024
_WITHIN = 30.0


def forward_to(connect: Connect) -> Client:
    """Serves a connection by another one. Raises nothing: who cannot be reached, closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError):
                there, back = await connect()
                try:
                    async with asyncio.TaskGroup() as both:
                        both.create_task(_pump(reader, back))
                        both.create_task(_pump(there, writer))
                finally:
                    back.close()
        finally:
            writer.close()

    return serve


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
        target.write_eof()


def answer_by(read: Callable[[str], bytes | None]) -> Client:
    """Serves one GET a connection with the document at its path."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(_WITHIN):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(_reply(head.decode("latin-1"), read))
                    await writer.drain()
        except asyncio.LimitOverrunError:
            return
        finally:
            writer.close()

    return serve


def _reply(head: str, read: Callable[[str], bytes | None]) -> bytes:
    method, _, rest = head.partition(" ")
    body = read(rest.partition(" ")[0]) if method in ("GET", "HEAD") else None
    if body is None:
        status, body = ("404 Not Found" if method in ("GET", "HEAD") else "405 Not Allowed"), b""
    else:
        status = "200 OK"
    lines = (f"HTTP/1.1 {status}", "Content-Type: text/plain", f"Content-Length: {len(body)}")
    text = "\r\n".join((*lines, "Connection: close", "", ""))
    return text.encode() + (b"" if method == "HEAD" else body)
