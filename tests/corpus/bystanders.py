"""Who acts while a stack is made: servers that report, people who let go on what waits for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from isotherm.core.states import Status
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.pauses import clearing_message, waits_at
from isotherm.engine.recording.signals import signal_message
from isotherm.ports.records import Resource
from isotherm.ports.store import StackQuery
from isotherm.template import HOOKS
from isotherm.testing.local_world import LocalWorld
from isotherm.testing.stage import Stage
from isotherm.usecases.software import take_report

_EVERY = 5.0
_SIGNALS = 3
"""As many as the most demanding condition of the corpus waits for."""
_HANDLES = ("OS::Heat::WaitConditionHandle", "AWS::CloudFormation::WaitConditionHandle")
_OBJECTS = "OS::Heat::SwiftSignalHandle"


@asynccontextmanager
async def bystanders(stage: Stage, world: LocalWorld) -> AsyncIterator[None]:
    async def watch() -> None:
        seen = _Bystanders(stage, world)
        while True:
            await stage.clock.sleep(_EVERY)
            await seen.look()

    task = asyncio.get_running_loop().create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Bystanders:
    def __init__(self, stage: Stage, world: LocalWorld) -> None:
        self._stage, self._world = stage, world
        self._told: set[str] = set()

    async def look(self) -> None:
        store = self._stage.store
        query = StackQuery(project_id=self._stage.project_id, show_nested=True)
        for stack in await store.stacks(query):
            for row in await store.resources(stack.id):
                await self._let_go_on(row)
                if row.status is Status.IN_PROGRESS:
                    await self._report(row)
                elif row.status is Status.COMPLETE and row.id not in self._told:
                    await self._signal(row)

    async def _let_go_on(self, row: Resource) -> None:
        for hook in HOOKS:
            if waits_at(row, hook):
                message = clearing_message(row, hook, self._stage.clock.now())
                await post(self._stage.store, self._stage.bus, message)

    async def _report(self, row: Resource) -> None:
        """What a server's agent tells when it has applied a configuration."""
        stage = self._stage
        outputs = {"deploy_status_code": 0}
        details = await take_report(stage.store.software, row, outputs, stage.clock.now())
        if details is not None:
            await post(stage.store, stage.bus, signal_message(row, details, stage.clock.now()))

    async def _signal(self, row: Resource) -> None:
        """What scripts on servers tell once they are through."""
        stage = self._stage
        for number in map(str, range(_SIGNALS)):
            if row.type in _HANDLES:
                told = _told(row.type, number)
                await post(stage.store, stage.bus, signal_message(row, told, stage.clock.now()))
            elif row.type == _OBJECTS:
                api = await self._world.connect_as("demo")
                content = json.dumps({"status": "SUCCESS", "id": number}).encode()
                path = f"/{row.stack_id}/{row.physical_id}"
                await api.call("object-store", "PUT", path, content)
                await stage.clock.sleep(1)
        self._told.add(row.id)


def _told(handle: str, number: str) -> Mapping[str, str]:
    if handle.startswith("AWS"):
        return {"Status": "SUCCESS", "UniqueId": number, "Reason": "through", "Data": "done"}
    return {"status": "SUCCESS", "id": number, "data": "done"}
