"""The local cloud in virtual time, without sockets: every call can be watched and disturbed.

What resource types send goes through the real adapter of the cloud room, is answered by the
local cloud's services in this process, and takes the time that their objects take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from multidict import CIMultiDict
from yarl import URL

from isotherm.bus.embedded import EmbeddedBus
from isotherm.cloud import Settings
from isotherm.cloud.catalogues import Catalogue
from isotherm.cloud.endpoints import official_type
from isotherm.cloud.project_connection import ProjectConnection
from isotherm.cloud.sessions import CallerSession
from isotherm.cloud.tokens import TokenCache
from isotherm.cloud.transport import Answer, Exchange, Transport
from isotherm.core.clock import Clock
from isotherm.core.errors import Busy, Lost, NoSuchService
from isotherm.core.values import Value
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.plugins import load_registry
from isotherm.kit.registry import Registry
from isotherm.localcloud import Clock as CloudClock
from isotherm.localcloud import LocalCloud, build_cloud
from isotherm.localcloud.connection import ABORT
from isotherm.localcloud.deliveries import Answered, Outgoing
from isotherm.localcloud.operations import FaultRule, Injector
from isotherm.ports.cloud import Caller, Cloud, NotAuthenticated, SignedRequest, StackDomain
from isotherm.testing.memory_domain import MemoryDomain
from isotherm.testing.stage import Stage
from isotherm.testing.store import MemoryStore
from isotherm.testing.virtual_time import VirtualClock, run_virtually

T = TypeVar("T")

URL_OF_THE_CLOUD = "http://cloud"
PASSWORD = "secret"
USERS = ("admin", "demo", "isotherm")
_OF_SESSIONS = frozenset({"token", "trust"})
"""Kinds that users do not make themselves."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What goes wrong with one call. ``refused``: nobody listens. ``slow``: seconds until the
    answer comes, from before the effect or (``after``) from after it."""

    rule: FaultRule | None = None
    refused: bool = False
    slow: float = 0.0
    after: bool = False


@dataclass
class Tap(Injector):
    """Writes down each operation that is called, and disturbs one call: the ``nth`` of
    ``operation`` since ``arm``."""

    calls: list[str] = field(default_factory=list)
    operation: str = ""
    nth: int = 0
    disturbance: Disturbance | None = None
    struck: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        super().__init__()

    def watch(self) -> None:
        """Forget what was called until now."""
        self.calls.clear()

    def arm(self, operation: str, nth: int, disturbance: Disturbance) -> None:
        self.watch()
        self.operation, self.nth, self.disturbance = operation, nth, disturbance
        self.struck.clear()

    def draw(self, operation: str) -> FaultRule | None:
        self.calls.append(operation)
        if self.disturbance is None or operation != self.operation:
            return super().draw(operation)
        self.nth -= 1
        if self.nth != 0:
            return super().draw(operation)
        self.struck.set()
        return self.disturbance.rule


class _VirtualCloudClock(CloudClock):
    """The cloud's time is that of the loop."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)


class Wire(Transport):
    """Hands requests to the cloud's application. What the cloud has begun it ends, also where
    nobody waits for the answer any more."""

    def __init__(self, settings: Settings, clock: Clock, cloud: LocalCloud, tap: Tap) -> None:
        super().__init__(settings, clock, lambda service, method, status, seconds: None)
        self._cloud = cloud
        self._tap = tap
        self._serving: set[asyncio.Task[Answer]] = set()

    async def _exchange(self, request: Exchange) -> Answer:
        task = asyncio.get_running_loop().create_task(self._serve(request))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        # An answer that nobody waits for any more is no error of the loop.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(task)

    async def _serve(self, request: Exchange) -> Answer:
        before = self._tap.struck.is_set()
        served = _Request(request)
        await self._cloud.app(served.scope, served.receive, served.send)
        struck = self._tap.struck.is_set() and not before
        disturbance = self._tap.disturbance if struck else None
        if disturbance is not None and disturbance.refused:
            raise Busy(f"{request.service} cannot be reached")
        if disturbance is not None and disturbance.after:
            await self._clock.sleep(disturbance.slow)
        if served.aborted:
            raise Lost(f"The connection to {request.service} broke")
        return served.answer

    async def close(self) -> None:
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)


class _Request:
    """One request and what is answered to it, as ASGI has it."""

    def __init__(self, request: Exchange) -> None:
        url = URL(request.url, encoded=True)
        headers = [(k.lower().encode(), v.encode()) for k, v in request.headers.items()]
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": request.method,
            "scheme": "http",
            "path": url.path,
            "query_string": url.raw_query_string.encode(),
            "headers": [*headers, (b"host", b"cloud")],
            "extensions": {ABORT: self._abort},
        }
        self.aborted = False
        self._body: bytes | None = request.content or b""
        self._start: Mapping[str, Any] = {}
        self._content = b""

    async def receive(self) -> dict[str, Any]:
        if self._body is None:
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._content += message.get("body", b"")

    @property
    def answer(self) -> Answer:
        headers: CIMultiDict[str] = CIMultiDict(
            (name.decode(), value.decode()) for name, value in self._start["headers"]
        )
        return Answer(self._start["status"], headers, self._content)

    def _abort(self) -> None:
        self.aborted = True


class _Listing(Catalogue):
    """What the local cloud has, without the services that are ``missing`` for now."""

    missing: Set[str] = frozenset()

    def base_url(self, service: str, region: str = "") -> str:
        self._require(service)
        return super().base_url(service, region)

    def public_url(self, service: str) -> str:
        self._require(service)
        return super().public_url(service)

    def _require(self, service: str) -> None:
        if official_type(service) in self.missing:
            raise NoSuchService(f"The cloud's catalogue has no {service} service.")


class LocalWorld(Cloud):
    """The cloud port on a local cloud of its own. A stack acts as the user that its
    credentials name (``demo``, or ``admin`` for what only administrators may do)."""

    def __init__(self, clock: Clock, *, user: str = "demo") -> None:
        self.told: list[Outgoing] = []
        """What the cloud sent to others, who all take it."""
        self.local = build_cloud(
            None,
            sender=self._note,
            clock=_VirtualCloudClock(clock),
            public_url=URL_OF_THE_CLOUD,
            passwords=dict.fromkeys(USERS, PASSWORD),
        )
        self.tap = Tap()
        self.local.injector = self.tap
        self.trusts: set[str] = set()
        self.missing: set[str] = set()
        """Types of services that have left the catalogue since validation."""
        self.domain = MemoryDomain(reach=lambda: self.connect({}))
        self._taken: dict[str, datetime] = {}
        self._settings = _SETTINGS
        self._clock = clock
        self._wire = Wire(self._settings, clock, self.local, self.tap)
        self._user = user
        self._sessions: dict[str, tuple[CallerSession, Caller]] = {}

    async def _note(self, request: Outgoing) -> Answered:
        self.told.append(request)
        return Answered(200)

    async def authenticate(self, token: str) -> Caller:
        return (await self._session(self._user))[1]

    async def delegate(self, caller: Caller) -> Value:
        trust = f"trust-{len(self.trusts) + 1}"
        self.trusts.add(trust)
        self._taken[trust] = self._clock.now()
        return {"trust_id": trust}

    async def gives_access(self, credentials: Value) -> bool:
        return True

    async def revoke(self, credentials: Value) -> None:
        self.trusts.discard(credentials["trust_id"])

    async def delegations(self, before: datetime) -> list[Value]:
        old = [each for each in self.trusts if self._taken[each] < before]
        return [{"trust_id": each} for each in sorted(old)]

    async def connect(self, credentials: Value) -> CloudApi:
        return await self.connect_as(self._user)

    async def connect_as(self, user: str) -> CloudApi:
        """For what others than the stack's user do in the cloud."""
        session, _ = await self._session(user)
        return CloudApi(ProjectConnection(session, self._wire, _as_wanted))

    async def connect_caller(self, caller: Caller) -> CloudApi:
        return await self.connect({})

    async def services(self) -> frozenset[str]:
        session, _ = await self._session(self._user)
        return (await session.catalogue()).services

    async def extensions(self, service: str) -> frozenset[str]:
        return frozenset()

    async def region(self) -> str:
        return "RegionOne"

    async def orchestration(self, project_id: str) -> str:
        return f"http://isotherm.test/v1/{project_id}"

    async def cloudformation(self) -> str:
        return "http://isotherm.test/cfn/v1"

    async def authenticate_signed(self, request: SignedRequest) -> Caller:
        raise NotAuthenticated

    def stack_domain(self) -> StackDomain:
        return self.domain

    async def close(self) -> None:
        await self._wire.close()
        self.local.close()

    def log_out(self) -> None:
        """From now on sessions see the catalogue as it is by then."""
        self._sessions.clear()

    def objects(self) -> dict[str, list[dict[str, Any]]]:
        """What exists beside what was there from the start, by kind."""
        self.local.settle()
        found: dict[str, list[dict[str, Any]]] = {}
        for service in self.local.services:
            if service.service_type == "localcloud":
                continue
            for kind, entities in self.local.objects(service.service_type).items():
                if kind in _OF_SESSIONS:
                    continue
                made = service.collections[kind]
                listed = [msgspec.to_builtins(e) for e in entities if not made.is_seeded(e.id)]
                if listed:
                    found[f"{service.service_type}.{kind}"] = listed
        return found

    async def _session(self, user: str) -> tuple[CallerSession, Caller]:
        if user not in self._sessions:
            self._sessions[user] = await self._log_in(user)
        return self._sessions[user]

    async def _log_in(self, user: str) -> tuple[CallerSession, Caller]:
        project = "demo" if user == "demo" else "admin"
        domain = {"id": "default"}
        auth = {
            "identity": {
                "methods": ["password"],
                "password": {"user": {"name": user, "domain": domain, "password": PASSWORD}},
            },
            "scope": {"project": {"name": project, "domain": domain}},
        }
        reply = await self._wire.send(
            Exchange(
                "identity",
                "POST",
                f"{URL_OF_THE_CLOUD}/identity/v3/auth/tokens",
                {"Content-Type": "application/json"},
                msgspec.json.encode({"auth": auth}),
            )
        )
        token, body = reply.headers["X-Subject-Token"], reply.body

        async def described(_: str) -> Mapping[str, Any]:
            return cast(Mapping[str, Any], body)

        caller, access = await TokenCache(self._settings, self._clock, described).look_up(token)
        listing = _Listing(access, self._settings)
        listing.missing = self.missing
        return CallerSession(token, listing, lambda _: None), caller


def play_on_local_cloud(
    scenario: Callable[[Stage, LocalWorld], Coroutine[Any, Any, T]],
    *,
    user: str = "demo",
    limit: float = 1e6,
) -> T:
    """Run a scenario with an engine and all registered types in virtual time."""

    async def main() -> T:
        clock = VirtualClock()
        world = LocalWorld(clock, user=user)
        stage = Stage(clock, MemoryStore(clock), EmbeddedBus(), world, _registered())
        stage.project_id = (await world.authenticate("")).project_id
        try:
            return await scenario(stage, world)
        finally:
            await world.close()

    return run_virtually(main, limit=limit)


@cache
def _registered() -> Registry:
    return load_registry()


async def _as_wanted(service: str, microversion: str) -> str:
    return microversion


_SETTINGS = Settings(
    auth_url=f"{URL_OF_THE_CLOUD}/identity",
    username="isotherm",
    password=PASSWORD,
    project_name="service",
)
