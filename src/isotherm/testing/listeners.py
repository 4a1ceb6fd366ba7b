"""Who listens at addresses that users name, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.errors import Lost, RemoteError


class Listeners:
    """Implements ``ports.sender.Sender``: ``heard`` is what came, with its address and key;
    ``answers`` are the errors that the next messages get; one that is ``Lost`` was heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, Mapping[str, Any]]] = []
        self.answers: list[RemoteError] = []

    async def post(self, url: str, body: Mapping[str, Any], *, key: str) -> None:
        error = self.answers.pop(0) if self.answers else None
        if error is None or isinstance(error, Lost):
            self.heard.append((url, key, body))
        if error is not None:
            raise error

    async def close(self) -> None: ...
