"""A connection that answers what a test tells it to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from isotherm.core.errors import Gone
from isotherm.kit import CloudApi
from isotherm.kit.connection import Connection, Reply, Request


@dataclass
class Scripted(Connection):
    """``script`` holds bodies, or errors to raise, by ``METHOD path`` with or without its
    query; whatever is not there is Gone."""

    script: dict[str, Any] = field(default_factory=dict)
    sent: list[Request] = field(default_factory=list)

    @property
    def api(self) -> CloudApi:
        return CloudApi(self)

    def paths(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.sent]

    async def send(self, request: Request) -> Reply:
        self.sent.append(request)
        what = f"{request.method} {request.path}"
        answer = self.script.get(what, self.script.get(what.partition("?")[0], Gone("not here")))
        if isinstance(answer, Exception):
            raise answer
        return Reply(answer, {"X-Count": "7"})
