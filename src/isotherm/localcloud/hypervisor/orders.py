"""Orders on their way to the keeper, which may be busy with an earlier one."""

import asyncio
import json
import socket
from collections import deque
from typing import Any


class Orders:
    """Sends them in order; what the socket has no room for is sent when it has."""

    def __init__(self, target: socket.socket) -> None:
        self._socket = target
        self._unsent: deque[bytes] = deque()
        self._waits = False

    def send(self, words: dict[str, Any]) -> None:
        """Raises OSError where nobody reads them any more."""
        self._unsent.append(json.dumps(words).encode())
        if not self._waits:
            self._flush()

    def close(self) -> None:
        self._unsent.clear()
        self._wait(False)

    def _flush(self) -> None:
        while self._unsent:
            try:
                self._socket.send(self._unsent[0])
            except BlockingIOError:
                self._wait(True)
                return
            except OSError:
                self.close()
                raise
            self._unsent.popleft()
        self._wait(False)

    def _wait(self, waits: bool) -> None:
        if waits == self._waits:
            return
        self._waits = waits
        loop = asyncio.get_running_loop()
        if waits:
            loop.add_writer(self._socket.fileno(), self._flush)
        else:
            loop.remove_writer(self._socket.fileno())
