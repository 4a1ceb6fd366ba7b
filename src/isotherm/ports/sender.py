"""The sender port: messages to addresses that users name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Sender(Protocol):
    async def post(self, url: str, body: Mapping[str, Any], *, key: str) -> None:
        """Send JSON to an http or https address. ``key`` is the same each time that one message
        is sent, so that who listens can leave out what came before.

        Raises RemoteError; what it tells shows the host alone, and nothing of the answer.
        """
        ...

    async def close(self) -> None: ...
