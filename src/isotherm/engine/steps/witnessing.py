"""Whether anything in the cloud can have come of the calls of an attempt."""

from __future__ import annotations

from isotherm.core.errors import NoSuchService, RemoteError
from isotherm.kit.connection import Connection, Reply, Request

_REFUSALS = frozenset({400, 401, 403, 404, 405, 406, 410, 411, 414, 415, 422, 501})
"""Answers after which nothing has been done. Others, as 409, may tell of what a call did that
was sent twice on its way."""


class Witness(Connection):
    """Passes on what is sent, and sees what comes of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.saw_effect = False
        """Whether a request that changes something may have done so."""

    async def send(self, request: Request) -> Reply:
        if request.reads or self.saw_effect:
            return await self._connection.send(request)
        self.saw_effect = True
        try:
            return await self._connection.send(request)
        except RemoteError as error:
            self.saw_effect = not _is_no(error)
            raise

    async def address(self, service: str) -> str:
        return await self._connection.address(service)


def _is_no(error: RemoteError) -> bool:
    return isinstance(error, NoSuchService) or error.status in _REFUSALS
