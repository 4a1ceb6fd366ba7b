"""The users of one stack, made by whoever owns it; their project is recorded with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from isotherm.core.arns import resource_arn
from isotherm.core.errors import Refused
from isotherm.engine.leasing.guarded_connection import guarded
from isotherm.engine.leasing.tenure import Tenure
from isotherm.engine.recording.ledger import Ledger
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.signed_addresses import KeyPair, Purpose, signed_address
from isotherm.kit.stack_users import NoStackUsers
from isotherm.ports.cloud import Cloud, StackDomain
from isotherm.ports.records import Stack


class UsersInSight(NoStackUsers):
    """Those of a stack that is only looked at: their addresses are known."""

    def __init__(self, cloud: Cloud, stack: Stack) -> None:
        self._cloud = cloud
        self._stack = stack

    async def signed_address(
        self,
        resource: str,
        pair: KeyPair,
        purpose: Purpose,
        *,
        at: datetime | None = None,
        about: str = "",
    ) -> str:
        stack = self._stack
        arn = resource_arn(stack.project_id, stack.name, stack.id, resource)
        base = await self._cloud.cloudformation()
        return signed_address(base, arn, pair, purpose, at=at, about=about)

    async def signal_address(self, resource: str, *, by_owner: bool = False) -> str:
        stack = self._stack
        project_id = stack.project_id if by_owner else await self._project()
        base = await self._cloud.orchestration(project_id)
        return f"{base}/stacks/{stack.name}/{stack.id}/resources/{resource}/signal"

    async def metadata_server(self) -> str:
        return await self._cloud.metadata_server()

    async def _project(self) -> str:
        """Raises Refused where nobody lives in one."""
        if self._stack.stack_user_project_id is None:
            raise Refused("There are no users of the stack.")
        return self._stack.stack_user_project_id


class UsersOfStack(UsersInSight):
    """See ``StackUsers``. What changes something also raises Fenced, and Overtaken where a newer
    traversal came before the project was recorded."""

    def __init__(self, cloud: Cloud, ledger: Ledger, tenure: Tenure) -> None:
        super().__init__(cloud, ledger.stack)
        self._ledger = ledger
        self._tenure = tenure
        self._housing = asyncio.Lock()

    async def make(self, name: str, password: str) -> tuple[str, str]:
        project_id = await self._project()
        await self._tenure.secure()
        return await self._domain.make_user(project_id, name, password), project_id

    async def find(self, name: str) -> str | None:
        return await self._domain.find_user(name)

    async def exists(self, user_id: str) -> bool:
        return await self._domain.has_user(user_id)

    async def token(self, user_id: str, password: str) -> str:
        return await self._domain.token(await self._project(), user_id, password)

    async def connect(self, user_id: str, password: str) -> CloudApi:
        api = await self._domain.connect(await self._project(), user_id, password)
        return guarded(api, self._tenure)

    async def remove(self, user_id: str) -> None:
        # Known again where it was not recorded: it goes with the stack.
        await self._project()
        await self._tenure.secure()
        await self._domain.remove_user(user_id)

    async def enable(self, user_id: str, enabled: bool) -> None:
        await self._tenure.secure()
        await self._domain.enable_user(user_id, enabled)

    async def give_key(self, user_id: str, pair: KeyPair) -> None:
        project_id = await self._project()
        await self._tenure.secure()
        await self._domain.give_key(project_id, user_id, pair.access, pair.secret)

    async def take_key(self, access: str) -> None:
        await self._tenure.secure()
        await self._domain.take_key(access)

    async def surroundings(self) -> Mapping[str, str]:
        return {**await self._domain.surroundings(), "region_name": await self._cloud.region()}

    @property
    def _domain(self) -> StackDomain:
        return self._cloud.stack_domain()

    async def _project(self) -> str:
        async with self._housing:
            if (known := self._ledger.stack.stack_user_project_id) is not None:
                return known
            await self._tenure.secure()
            root_id = self._ledger.stack.root_id or self._ledger.stack.id
            project_id = await self._domain.make_project(root_id)
            await self._ledger.house_users(project_id)
            return project_id
