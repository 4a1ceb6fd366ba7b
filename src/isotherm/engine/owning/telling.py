"""Servers that do not ask for their metadata: whoever looks first sends them.

What there is to be sent is noted with each change of it, so nothing is left out when a worker
dies; several changes may be sent as one. One worker at a time tells a server, so that it is not
told something old after something new.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from isotherm.core.errors import RemoteError
from isotherm.engine.recording.server_metadata import own_metadata
from isotherm.engine.steps.contexts import context_of
from isotherm.engine.tools import Tools
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.context import Context
from isotherm.kit.nested_stacks import NoNestedStacks
from isotherm.kit.stack_users import NoStackUsers
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Resource, Stack
from isotherm.ports.software import ToldServer
from isotherm.ports.store import StoreUnavailable

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
_AT_ONCE = 50
_PATIENCE = 20.0
"""Seconds for one server; after that it is told again later."""
_BUSY = timedelta(seconds=3 * _PATIENCE)


class Teller:
    """Tells servers for one worker."""

    def __init__(self, tools: Tools, cloud: Cloud) -> None:
        self._tools = tools
        self._cloud = cloud

    async def run(self) -> None:
        """Look for what is to be told, for ever."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as away:
                log.warning("no server can be told anything: %s", away)
            await self._tools.clock.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Tell what there is now. Raises StoreUnavailable."""
        store, now = self._tools.store.software, self._tools.clock.now()
        claimed = await store.claim_servers(now, now + _BUSY, _AT_ONCE)
        for told in await asyncio.gather(*(self._told(each) for each in claimed)):
            if told is not None:
                await store.server_told(told)

    async def _told(self, server: ToldServer) -> ToldServer | None:
        """None: it may work when it is somebody's turn again."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._tell(server)
        except (RemoteError, TimeoutError) as error:
            log.warning("server %s was not told its metadata: %s", server.server_id, error)
            return None
        except StoreUnavailable:
            return None
        except Exception:
            # A fault of one type shall not keep other servers from being told.
            log.exception("server %s was not told its metadata", server.server_id)
            return None
        return server

    async def _tell(self, server: ToldServer) -> None:
        store = self._tools.store
        stack = await store.stack(server.stack_id)
        rows = await store.resources(server.stack_id)
        row = next((each for each in rows if each.physical_id == server.server_id), None)
        if stack is None or row is None:
            return  # it is gone, and nobody listens any more
        resource_type = self._tools.types.get(row.type)
        if resource_type is None:
            return
        deployed = await store.software.configs_of_server(server.server_id)
        own = own_metadata(row, resource_type, deployed, stack.project_id)
        await resource_type.tell(await self._context(stack, row), {**row.present_metadata, **own})

    async def _context(self, stack: Stack, row: Resource) -> Context[Any]:
        ctx = context_of(
            stack,
            row,
            self._tools.types[row.type],
            api=await self._cloud.connect(stack.credentials),
            now=self._tools.clock.now(),
            stacks=NoNestedStacks(),
        )
        ctx.users = _UsersWithoutLease(self._cloud, stack.stack_user_project_id or "")
        return ctx


class _UsersWithoutLease(NoStackUsers):
    """Users of a stack as whoever tells its servers needs them: to act as one."""

    def __init__(self, cloud: Cloud, project_id: str) -> None:
        self._cloud = cloud
        self._project_id = project_id

    async def connect(self, user_id: str, password: str) -> CloudApi:
        return await self._cloud.stack_domain().connect(self._project_id, user_id, password)
