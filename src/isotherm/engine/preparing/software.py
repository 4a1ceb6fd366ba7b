"""Software configurations and deployments as types of one stack reach them."""

from __future__ import annotations

from isotherm.core.clock import Clock
from isotherm.core.errors import Busy, Refused
from isotherm.engine.leasing.tenure import Tenure
from isotherm.kit.software import Deployment, NoSoftware, SoftwareConfig
from isotherm.ports.records import Stack
from isotherm.ports.software import SoftwareStore, ToldServer
from isotherm.ports.store import NoRoom


class SoftwareInSight(NoSoftware):
    """That of a project, to look at."""

    def __init__(self, store: SoftwareStore, project_id: str) -> None:
        self._store = store
        self._project_id = project_id

    async def config(self, config_id: str) -> SoftwareConfig | None:
        found = await self._store.config(config_id)
        return found if found is not None and found.project_id == self._project_id else None

    async def deployment(self, deployment_id: str) -> Deployment | None:
        return await self._store.deployment(deployment_id)


class SoftwareOfStack(SoftwareInSight):
    """That of the stack's project, for whoever owns the stack. What changes something also
    raises Fenced."""

    def __init__(
        self,
        store: SoftwareStore,
        clock: Clock,
        stack: Stack,
        tenure: Tenure,
        *,
        limits: tuple[int, int],
    ) -> None:
        super().__init__(store, stack.project_id)
        self._clock = clock
        self._stack_id = stack.id
        self._tenure = tenure
        self._most_configs, self._most_deployments = limits

    async def keep_config(self, config: SoftwareConfig) -> None:
        await self._tenure.secure()
        try:
            await self._store.put_config(config, most=self._most_configs)
        except NoRoom:
            raise _too_many("configs", self._most_configs) from None

    async def remove_config(self, config_id: str) -> None:
        await self._tenure.secure()
        await self._store.remove_config(config_id)

    async def keep_deployment(self, deployment: Deployment) -> None:
        await self._tenure.secure()
        try:
            await self._store.put_deployment(deployment, most=self._most_deployments)
        except NoRoom:
            raise _too_many("deployments", self._most_deployments) from None

    async def conclude_deployment(self, deployment: Deployment) -> bool:
        await self._tenure.secure()
        return await self._store.conclude_deployment(deployment)

    async def remove_deployment(self, deployment_id: str) -> None:
        await self._tenure.secure()
        await self._store.remove_deployment(deployment_id)

    async def tell_server(self, server_id: str, resource: str) -> None:
        await self._tenure.secure()
        server = ToldServer(server_id=server_id, stack_id=self._stack_id, resource=resource)
        await self._store.tell_server(server)

    async def forget_server(self, server_id: str) -> None:
        await self._tenure.secure()
        if not await self._store.forget_server(server_id, self._clock.now()):
            raise Busy(f"Server {server_id} is being told something", after=1.0)


def _too_many(kind: str, most: int) -> Refused:
    return Refused(f"The project has {most} software {kind} already, which is the maximum.")
