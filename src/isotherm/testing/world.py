"""A simulated world: a cloud of things that take time, fail on demand and are counted.

``Thing`` is a resource type with every kind of property; ``World`` implements the cloud
port. Objects live in the world, outside the service, so a test can stop the service dead
and look at what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from isotherm.core.clock import Clock
from isotherm.core.errors import Gone, Lost, RemoteError
from isotherm.core.values import Value
from isotherm.kit import (
    CloudApi,
    Context,
    Entity,
    EntityType,
    Properties,
    Registry,
    Remote,
    attr,
    prop,
)
from isotherm.kit.connection import Connection, Reply, Request
from isotherm.kit.resource_type import AnyType
from isotherm.ports.cloud import Caller, NotAuthenticated, SignedRequest, StackDomain
from isotherm.testing.far_stacks import FarStacks
from isotherm.testing.memory_domain import MemoryDomain

THING = Entity("world", "thing", "/things", "things")


class ThingProperties(Properties):
    size: int | None = prop("Changes in place.", update_allowed=True, default=1)
    colour: str | None = prop("Fixed for life.")
    uses: Any = prop("Whatever it refers to.", update_allowed=True, default=None)
    fixed_uses: Any = prop("What it refers to for life.", default=None)
    name: str | None = prop("A name of the author's choice.")
    password: str | None = prop("Never shown.", secret=True, update_allowed=True)


class Thing(EntityType[ThingProperties]):
    """A thing: BUILDING for a while, then ACTIVE."""

    name = "Test::Thing"
    entity = THING
    service = "world"
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    attributes = (
        attr("size", int),
        attr("serial", int),
        attr("address", str),
        attr("console", str, fetched=True),
        attr("mood", str, volatile=True),
    )

    async def fetch(self, ctx: Context[ThingProperties], attribute: str) -> Value:
        return f"console of {ctx.physical_id}"


def world_types(*more: AnyType) -> Registry:
    return Registry({each.name: each for each in (Thing(), *more)})


@dataclass(slots=True)
class Fault:
    """What happens to the next ``count`` calls of an operation after ``skip`` good ones.

    ``error`` is raised; with ``applied`` the call has had its effect by then (a lost reply).
    ``status`` lets the call succeed, but its object goes to that status.
    """

    error: RemoteError | None = None
    applied: bool = False
    status: str = ""
    count: int = 1
    skip: int = 0
    named: str = ""


@dataclass
class World:
    """Times in seconds: ``latency`` of each call, ``building`` and ``removing`` of a thing.

    ``calls`` are all calls that were begun, ``made`` counts the things that ever were.
    """

    clock: Clock
    latency: float = 0.05
    building: float = 2.0
    removing: float = 1.0
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    trusts: set[str] = field(default_factory=set)
    made: int = 0
    domain: MemoryDomain = field(default_factory=MemoryDomain)
    far: FarStacks = field(init=False)
    _taken: dict[str, datetime] = field(default_factory=dict)
    _serial: int = 0
    _under_way: int = 0

    def __post_init__(self) -> None:
        self.far = FarStacks(self.clock, self.answer)

    def inject(self, operation: str, fault: Fault) -> None:
        self.faults.setdefault(operation, []).append(fault)

    def named(self, prefix: str) -> list[dict[str, Any]]:
        """Things whose resource is ``prefix``; names are ``stack-resource-token``."""
        return [each for each in self.things.values() if f"-{prefix}-" in each["name"]]

    def count(self, operation: str) -> int:
        return sum(1 for each, _ in self.calls if each == operation)

    # -- ports.cloud.Cloud -----------------------------------------------------------

    async def authenticate(self, token: str) -> Caller:
        return Caller(
            user_id="user",
            username="demo",
            project_id="project",
            roles=("member",),
            token=token,
        )

    async def delegate(self, caller: Caller) -> Value:
        self._serial += 1
        trust = f"trust-{self._serial}"
        self.trusts.add(trust)
        self._taken[trust] = self.clock.now()
        return {"trust_id": trust}

    async def gives_access(self, credentials: Value) -> bool:
        return credentials["trust_id"] in self.trusts

    async def revoke(self, credentials: Value) -> None:
        self.trusts.discard(credentials["trust_id"])

    async def delegations(self, before: datetime) -> list[Value]:
        old = [each for each in self.trusts if self._taken[each] < before]
        return [{"trust_id": each} for each in sorted(old)]

    async def connect(self, credentials: Value) -> CloudApi:
        return CloudApi(_Things(self))

    async def connect_caller(self, caller: Caller) -> CloudApi:
        return CloudApi(_Things(self))

    async def services(self) -> frozenset[str]:
        return frozenset({"world"})

    async def extensions(self, service: str) -> frozenset[str]:
        return frozenset()

    async def region(self) -> str:
        return "RegionOne"

    async def orchestration(self, project_id: str) -> str:
        return f"http://isotherm.test/v1/{project_id}"

    async def metadata_server(self) -> str:
        return await self.cloudformation()

    async def cloudformation(self) -> str:
        return "http://isotherm.test/cfn/v1"

    async def authenticate_signed(self, request: SignedRequest) -> Caller:
        raise NotAuthenticated

    def stack_domain(self) -> StackDomain:
        return self.domain

    async def close(self) -> None:
        pass

    # -- what calls do -----------------------------------------------------------------

    async def answer(self, operation: str, name: str) -> Fault | None:
        """Take the time of a call; raises the fault's error where it strikes first."""
        self.calls.append((operation, name))
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            await self.clock.sleep(self.latency)
        finally:
            self._under_way -= 1
        fault = self._next_fault(operation, name)
        if fault is not None and fault.error is not None and not fault.applied:
            raise fault.error
        return fault

    def _next_fault(self, operation: str, name: str) -> Fault | None:
        for fault in self.faults.get(operation, ()):
            if fault.named and fault.named not in name:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                return None
            if fault.count > 0:
                fault.count -= 1
                return fault
        return None

    def make(self, body: Mapping[str, Any], status: str) -> dict[str, Any]:
        self._serial += 1
        self.made += 1
        thing = {
            "size": None,
            **body,
            "id": f"thing-{self._serial}",
            "serial": self._serial,
            "address": f"10.0.0.{self._serial}",
            "created_at": self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "_ready_at": self.clock.monotonic() + self.building,
            "_status": status or "ACTIVE",
            "_gone_at": None,
        }
        self.things[thing["id"]] = thing
        return thing

    def seen(self, physical_id: str) -> Remote:
        """The thing as a client sees it now; raises Gone."""
        self._bury()
        thing = self.things.get(physical_id)
        if thing is None:
            raise Gone(f"no thing {physical_id}", status=404)
        if thing["_gone_at"] is not None:
            status = "REMOVING"
        elif self.clock.monotonic() < thing["_ready_at"]:
            status = "BUILDING"
        else:
            status = thing["_status"]
        shown = {key: value for key, value in thing.items() if not key.startswith("_")}
        return {**shown, "status": status}

    def _bury(self) -> None:
        now = self.clock.monotonic()
        for physical_id, thing in list(self.things.items()):
            if thing["_gone_at"] is not None and now >= thing["_gone_at"]:
                del self.things[physical_id]


class _Things(Connection):
    """The API of a world of things."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def send(self, request: Request) -> Reply:
        if request.service == "orchestration":
            return await self._world.far.send(request)
        path, _, query = request.path.partition("?")
        _, things, *rest = path.split("/")
        if things != "things" or len(rest) > 1:
            raise Lost("the world has no other calls")
        if not rest:
            if request.method == "GET":
                return Reply({"things": await self._list(dict(parse_qsl(query)))})
            return Reply({"thing": await self._create(request.body["thing"])})
        if request.method == "GET":
            await self._world.answer("show", rest[0])
            return Reply({"thing": self._world.seen(rest[0])})
        if request.method == "DELETE":
            await self._delete(rest[0])
            return Reply()
        return Reply({"thing": await self._update(rest[0], request.body["thing"])})

    async def _create(self, body: Mapping[str, Any]) -> Remote:
        world = self._world
        fault = await world.answer("create", str(body["name"]))
        thing = world.make(body, fault.status if fault else "")
        if fault is not None and fault.error is not None:
            raise fault.error
        return world.seen(thing["id"])

    async def _list(self, filters: Mapping[str, str]) -> list[Remote]:
        await self._world.answer("list", "")
        self._world._bury()
        found = [self._world.seen(each) for each in self._world.things]
        return [each for each in found if all(str(each.get(k)) == v for k, v in filters.items())]

    async def _update(self, physical_id: str, body: Mapping[str, Any]) -> Remote:
        fault = await self._world.answer("update", physical_id)
        self._world.seen(physical_id)
        self._world.things[physical_id].update(body)
        if fault is not None:
            self._world.things[physical_id]["_status"] = fault.status or "ACTIVE"
            if fault.error is not None:
                raise fault.error
        return self._world.seen(physical_id)

    async def _delete(self, physical_id: str) -> None:
        name = self._world.things.get(physical_id, {}).get("name", physical_id)
        fault = await self._world.answer("delete", str(name))
        self._world.seen(physical_id)
        thing = self._world.things[physical_id]
        if thing["_gone_at"] is None:
            thing["_gone_at"] = self._world.clock.monotonic() + self._world.removing
        if fault is not None and fault.error is not None:
            raise fault.error
