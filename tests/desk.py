"""Services on fakes, for tests of use cases and doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oslo_config import cfg
from tests.claims import claim_one

from isotherm.bus.embedded import EmbeddedBus
from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.core.values import Value
from isotherm.engine.recording.stack_moves import stack_event
from isotherm.kit.plugins import load_registry
from isotherm.ports.records import Event, Resource, Snapshot, Stack, replace
from isotherm.ports.store import Fence, Writes
from isotherm.testing.hand_clock import HandClock
from isotherm.testing.pages import Pages
from isotherm.testing.store import MemoryStore
from isotherm.testing.token_cloud import TokenCloud, a_caller
from isotherm.usecases.policy import Policy
from isotherm.usecases.services import Services, Settings
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.delete import delete_stack

TEMPLATE: Mapping[str, Any] = {
    "heat_template_version": "2018-08-31",
    "parameters": {
        "p": {"type": "string", "default": "x"},
        "s": {"type": "string", "default": "hush", "hidden": True},
    },
    "resources": {
        "a": {"type": "OS::Heat::TestResource", "properties": {"value": {"get_param": "p"}}},
        "w": {"type": "OS::Heat::Value", "properties": {"value": {"get_attr": ["a", "output"]}}},
    },
    "outputs": {
        "o": {"description": "an output", "value": {"get_attr": ["w", "value"]}},
        "hidden": {"value": {"get_param": "s"}},
    },
}


class Desk:
    """``services`` as a process would have them, and an engine's hand to move stacks on."""

    def __init__(self, **settings: Any) -> None:
        self.clock = HandClock()
        self.store = MemoryStore(self.clock)
        callers = [a_caller("demo"), a_caller("other"), a_caller("guest", roles=("nobody",))]
        callers.append(a_caller("admin", roles=("admin", "member", "reader")))
        self.cloud = TokenCloud(
            {each.token: each for each in callers}, offered=frozenset({"block-storage"})
        )
        self.caller, self.other, self.guest, self.admin = callers
        self.bus = EmbeddedBus()
        self.pages = Pages()
        self.services = Services(
            store=self.store,
            bus=self.bus,
            cloud=self.cloud,
            registry=load_registry(),
            clock=self.clock,
            fetcher=self.pages,
            policy=Policy(_no_configuration()),
            settings=Settings(auth_url="http://identity.example/v3", **settings),
        )

    async def settle(
        self,
        stack_id: str,
        *rows: Resource,
        status: Status = Status.COMPLETE,
        snapshot: Snapshot | None = None,
        housed: str | None = None,
    ) -> Stack:
        """Do what an engine would: record rows and bring the stack to the end of its action;
        ``housed`` is the project of its users."""
        lease = await claim_one(self.store, "engine", stack_id, 40)
        stack, traversal = await self.store.stack(stack_id), await self.store.traversal(stack_id)
        assert lease is not None
        assert stack is not None
        assert traversal is not None
        word = "completed successfully" if status is Status.COMPLETE else "failed"
        done = replace(stack, status=status, status_reason=f"Stack {stack.action} {word}")
        if housed is not None:
            done = replace(done, stack_user_project_id=housed)
        if stack.action is Action.DELETE and status is Status.COMPLETE:
            done = replace(done, deleted_at=self.clock.now())
        writes = Writes(
            resources=rows,
            removed_resources=[each.id for each in await self.store.resources(stack_id)]
            if done.deleted_at
            else (),
            events=[stack_event(done, self.clock)],
            stack=done,
            traversal=replace(traversal, finished=True),
            snapshots=[snapshot] if snapshot else [],
        )
        await self.store.commit(Fence(lease=lease, traversal=traversal.number), writes)
        await self.store.release(lease)
        return done

    def event(self, row: Resource) -> Event:
        """What an engine would tell of a row's present state."""
        return Event(
            id=new_id(),
            stack_id=row.stack_id,
            at=self.clock.now(),
            resource_name=row.name,
            resource_type=row.type,
            physical_id=row.physical_id,
            action=row.action,
            status=row.status,
            status_reason=row.status_reason,
            properties=row.properties,
        )

    async def tell(self, stack_id: str, *events: Event) -> None:
        """Record events, with a check that an engine finished at once."""
        await run_action(self.services, self.caller, *await self._identity(stack_id), "check")
        lease = await claim_one(self.store, "engine", stack_id, 40)
        assert lease is not None
        await self.store.commit(Fence(lease=lease), Writes(events=events))
        await self.store.release(lease)
        await self.settle(stack_id)

    async def delete(self, stack_id: str) -> None:
        await delete_stack(self.services, self.caller, *await self._identity(stack_id))
        await self.settle(stack_id)

    async def _identity(self, stack_id: str) -> tuple[str, str]:
        stack = await self.store.stack(stack_id)
        assert stack is not None
        return stack.name, stack_id

    def row(self, stack_id: str, name: str, kind: str, **fields: Any) -> Resource:
        told: dict[str, Any] = {
            "action": Action.CREATE,
            "status": Status.COMPLETE,
            "status_reason": "state changed",
            "traversal": 1,
            "created_at": self.clock.now(),
            "updated_at": self.clock.now(),
        }
        row_id = f"{stack_id}-{name}"
        return Resource(id=row_id, stack_id=stack_id, name=name, type=kind, **(told | fields))

    def rows(self, stack_id: str, output: Value = "x") -> tuple[Resource, Resource]:
        """Rows for ``TEMPLATE``."""
        first = self.row(
            stack_id,
            "a",
            "OS::Heat::TestResource",
            physical_id="physical-a",
            reference="physical-a",
            properties={"value": output},
            attributes={"output": output},
        )
        second = self.row(
            stack_id,
            "w",
            "OS::Heat::Value",
            reference="w",
            properties={"value": output},
            attributes={"value": output},
            dependencies=(first.id,),
        )
        return first, second


def _no_configuration() -> cfg.ConfigOpts:
    conf = cfg.ConfigOpts()
    conf([], default_config_files=[], default_config_dirs=[])
    return conf
