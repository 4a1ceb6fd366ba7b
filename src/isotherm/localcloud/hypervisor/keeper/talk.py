"""Messages to and from the service."""

import json
import os
import socket
from typing import Any

_LONGEST = 1 << 20


class Talk:
    """Messages to and from the service."""

    def __init__(self, descriptor: int) -> None:
        self.socket = socket.socket(fileno=descriptor)

    def tell(self, told: str, descriptors: tuple[int, ...] = (), **more: Any) -> None:
        message = json.dumps({"told": told, **more}).encode()
        socket.send_fds(self.socket, [message], descriptors)

    def hear(self) -> dict[str, Any]:
        """The next message; the end of the service is ours, too."""
        text = self.socket.recv(_LONGEST)
        if not text:
            os._exit(0)
        message: dict[str, Any] = json.loads(text)
        return message

    def close(self) -> None:
        self.socket.close()
