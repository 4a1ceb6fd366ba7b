"""One client's connection: kept open between requests, closed when its client goes silent."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

IDLE = 75.0
"""Seconds for which a connection waits for the next request. Clients that poll come back every
few seconds; one that sends just as its connection is closed sees it reset."""
HEAD = 60.0
"""Seconds in which the head of a request has to be complete, however slowly it drips in."""
SILENCE = 60.0
"""Seconds for which a client may send nothing of a body it owes, or read nothing of an answer."""


class ClientConnection(HttpToolsProtocol):
    """Has one deadline at a time: for what its client owes. While the service is at work on a
    request there is none."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self._head_due: float | None = None
        self._unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._set_deadline(None)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_due = self.loop.time() + HEAD

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._head_due = None

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # The deadline here is the only one: that of the base class ends with the next byte.
        self._unset_keepalive_if_required()
        self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._watch()

    # -- what the client owes ------------------------------------------------------------

    def _watch(self) -> None:
        """Wait for what is owed now, from now on."""
        self._unread = self.transport.get_write_buffer_size()
        self._set_deadline(self._patience())

    def _patience(self) -> float | None:
        """Seconds to wait for the client; None while it waits for us."""
        if self.flow.write_paused or self.transport.is_closing():
            return SILENCE
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None and not cycle.response_complete:
            return SILENCE if cycle.more_body else None
        if self._head_due is not None:
            return max(self._head_due - self.loop.time(), 0.0)
        return IDLE

    def _set_deadline(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        give_up = self._give_up
        self._deadline = None if seconds is None else self.loop.call_later(seconds, give_up)

    def _give_up(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread < self._unread or self.flow.read_paused:
            # It reads, if slowly; or it is we who have not taken what it sent.
            self._watch()
        elif unread or self.transport.is_closing():
            self.transport.abort()
        else:
            self.transport.close()
