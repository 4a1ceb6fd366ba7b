"""The ASGI application: from a request to a service's handler and back."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec
from starlette.types import Message, Receive, Scope, Send

from isotherm.localcloud.connection import ABORT
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.journal import JournalError
from isotherm.localcloud.operations import Calls, FaultRule, Injector
from isotherm.localcloud.routing import Route, RouteTree
from isotherm.localcloud.service import Frame, Registration, Service

_log = logging.getLogger(__name__)

_ENCODER = msgspec.json.Encoder()
_UNAUTHORIZED = "The request you have made requires authentication."
_FORBIDDEN = "You are not authorized to perform the requested action."


@dataclass(frozen=True, slots=True)
class Mounted:
    """A service at its place."""

    registration: Registration
    service: Service
    tree: RouteTree

    @classmethod
    def build(cls, registration: Registration, frame: Frame) -> "Mounted":
        return cls(registration, registration.build(frame), registration.tree)


class Cloud(Protocol):
    """The cloud as requests need it."""

    frame: Frame
    injector: Injector
    calls: Calls

    def settle(self) -> None: ...


class _Cut(Exception):
    """The connection is to be closed without a reply."""


class Dispatcher:
    def __init__(self, cloud: Cloud, mounted: Iterable[Mounted], *, public_url: str | None) -> None:
        self._public_url = public_url.rstrip("/") if public_url else None
        self._cloud = cloud
        self._by_mount = {each.registration.mount: each for each in mounted}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def mounts(self) -> tuple[str, ...]:
        """First path segments that are the cloud's: `/identity` and so on."""
        return tuple(self._by_mount)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        mounted = self._by_mount.get("/" + path[1:].partition("/")[0])
        if mounted is None:
            await _send(send, Reply(404, {"message": "There is no such service."}), {}, head=False)
            return
        call = self._call(scope)
        try:
            reply = await self._answer(mounted, call, receive)
        except JournalError as error:
            _log.error("%s %s: changes could not be written: %s", call.method, call.path, error)
            fault = Fault(503, f"The cloud cannot write what it does: {error}.")
            reply = mounted.registration.render(fault, call)
        except _Cut:
            await _cut(scope, receive)
            return
        names = mounted.registration.request_id_headers
        ids = dict.fromkeys(names, call.request_id)
        await _send(send, reply, ids, head=call.method == "HEAD")

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _call(self, scope: Scope) -> Call:
        headers = {name.decode("latin-1"): v.decode("latin-1") for name, v in scope["headers"]}
        base_url = self._public_url
        if base_url is None:
            scheme = headers.get("x-forwarded-proto", scope["scheme"])
            base_url = f"{scheme}://{headers.get('host', 'localhost')}"
        return Call(
            scope["method"],
            scope["path"],
            base_url=base_url,
            headers=headers,
            query=scope["query_string"].decode("latin-1"),
        )

    async def _answer(self, mounted: Mounted, call: Call, receive: Receive) -> Reply:
        cloud = self._cloud
        cloud.settle()
        try:
            found = mounted.tree.match(
                call.method, call.path.removeprefix(mounted.registration.mount)
            )
            await self._admit(mounted, call, found, receive)
            route = self._route(call, found)
            return await self._perform(mounted, call, route)
        except Fault as fault:
            if fault.status == 401:
                where = f'Keystone uri="{call.base_url}/identity/v3"'
                fault.headers.setdefault("WWW-Authenticate", where)
            return mounted.registration.render(fault, call)
        finally:
            cloud.frame.journal.commit()
            self.arm()

    async def _admit(
        self,
        mounted: Mounted,
        call: Call,
        found: tuple[Route | dict[str, Route], dict[str, str]],
        receive: Receive,
    ) -> None:
        """Find out who calls and take the body in."""
        target, call.params = found
        route = next(iter(target.values())) if isinstance(target, dict) else target
        token = call.headers.get("x-auth-token")
        call.caller = self._cloud.frame.peers.identity.caller_of(token) if token else None
        if not route.open and not call.has_caller:
            raise Fault(401, _UNAUTHORIZED)
        call.body = await _read(receive, route.body_limit)

    @staticmethod
    def _route(call: Call, found: tuple[Route | dict[str, Route], dict[str, str]]) -> Route:
        target = found[0]
        if isinstance(target, Route):
            return target
        name = next(iter(call.json), None)
        if name not in target:
            raise Fault(400, f"There is no such action: {name}")
        return target[name]

    async def _perform(self, mounted: Mounted, call: Call, route: Route) -> Reply:
        cloud = self._cloud
        call.operation = f"{mounted.service.service_type}.{route.operation}"
        cloud.calls.called[call.operation] += 1
        if route.admin and not call.caller.is_admin:
            raise Fault(403, _FORBIDDEN)
        rule = cloud.injector.draw(call.operation)
        if rule is not None:
            call.fault_rule = rule
            await self._strike(rule)
        result = route.handler(mounted.service, call)
        cloud.calls.applied[call.operation] += 1
        if rule is not None and rule.drop_reply == "after":
            raise _Cut
        return result if isinstance(result, Reply) else Reply(route.status, result)

    async def _strike(self, rule: FaultRule) -> None:
        if rule.delay:
            await self._cloud.frame.clock.sleep(rule.delay)
            self._cloud.settle()
        if rule.drop_reply == "before":
            raise _Cut
        if rule.status is not None:
            headers = {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}
            raise Fault(rule.status, rule.message, headers=headers)

    def arm(self) -> None:
        """Wake up when the next transition is due, should no request come before."""
        due, clock = self._cloud.frame.schedule.next_due(), self._cloud.frame.clock
        if due is None or clock.manual:
            return
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(due - clock.now(), 0.0), self._settle_by_timer)

    def _settle_by_timer(self) -> None:
        try:
            self._cloud.settle()
        except JournalError as error:
            # The next request is told, and tries again.
            _log.error("what happened over time could not be written: %s", error)
        self.arm()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


async def _read(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise _Cut
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise Fault(413, f"The request is larger than {limit} bytes.")
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _send(send: Send, reply: Reply, ids: Mapping[str, str], *, head: bool) -> None:
    body, headers = reply.body, {**ids, **reply.headers}
    if body is None:
        data = b""
    elif isinstance(body, bytes):
        data = body
    else:
        data = _ENCODER.encode(body)
        headers.setdefault("Content-Type", "application/json")
    if reply.status != 204:
        headers["Content-Length"] = str(len(data))
    raw = [(name.lower().encode("latin-1"), v.encode("latin-1")) for name, v in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if head else data})


async def _cut(scope: Scope, receive: Receive) -> None:
    abort = scope.get("extensions", {}).get(ABORT)
    if abort is not None:
        abort()
    while (await receive())["type"] != "http.disconnect":
        pass
