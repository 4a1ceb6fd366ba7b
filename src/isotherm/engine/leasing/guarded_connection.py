"""The cloud for a run that may lose its lease: nothing is changed without one."""

from __future__ import annotations

from isotherm.engine.leasing.tenure import Tenure
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.connection import Connection, Reply, Request


class GuardedConnection(Connection):
    """See ``Connection``. Requests that may have an effect also raise Fenced, without any."""

    def __init__(self, connection: Connection, tenure: Tenure) -> None:
        self._connection = connection
        self._tenure = tenure

    async def send(self, request: Request) -> Reply:
        if not request.reads:
            await self._tenure.secure()
        return await self._connection.send(request)

    async def address(self, service: str) -> str:
        return await self._connection.address(service)


def guarded(api: CloudApi, tenure: Tenure) -> CloudApi:
    return CloudApi(GuardedConnection(api.connection, tenure))
