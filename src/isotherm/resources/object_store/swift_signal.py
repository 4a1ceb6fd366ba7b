"""OS::Heat::SwiftSignalHandle and SwiftSignal: signals that are put into the object store."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.resources import mailboxes
from isotherm.resources.mailboxes import NOTHING_YET
from isotherm.resources.object_storing import SERVICE, names_in, open_address, read

_ADDRESS = "endpoint"


There = kit.Context[Properties]


def curl_of(ctx: There, _: kit.Remote) -> kit.Value:
    return f"curl -i -X PUT '{ctx.data[_ADDRESS].reveal()}'" if _ADDRESS in ctx.data else None


def address_of(ctx: There, _: kit.Remote) -> kit.Value:
    address: Any = ctx.data.get(_ADDRESS)
    return address.reveal() if address is not None else None


@register("OS::Heat::SwiftSignalHandle", support=supported("2014.2"))
class SwiftSignalHandle(kit.ResourceType[Properties]):
    """An object that is put by whoever signals; older signals are kept as its older versions.

    All handles of a stack share a container, which is called like the stack's id.
    """

    service = SERVICE
    effectless = False
    attributes = (
        attr("token", doc="None: the address is enough.", volatile=True, reads=lambda _, __: ""),
        attr("endpoint", doc="Address to put signals to.", volatile=True, reads=address_of),
        attr("curl_cli", doc="Command that signals it.", volatile=True, reads=curl_of),
    )

    async def create(self, ctx: There) -> kit.Outcome:
        await mailboxes.open_box(ctx.api, ctx.stack.id, ctx.physical_name)
        return kit.Started(ctx.physical_name)

    async def advance(self, ctx: There, remote: kit.Remote) -> kit.Outcome:
        if _ADDRESS not in ctx.data:
            ctx.data[_ADDRESS] = await open_address(ctx.api, ctx.stack.id, ctx.physical_id)
        return kit.Ready({})

    async def observe(self, ctx: There) -> kit.Remote | None:
        return {} if await mailboxes.has_box(ctx.api, ctx.stack.id, ctx.physical_id) else None

    async def find(self, ctx: There) -> kit.Candidates:
        there = await mailboxes.has_box(ctx.api, ctx.stack.id, ctx.physical_name)
        return (kit.Candidate(ctx.physical_name),) if there else ()

    async def delete(self, ctx: There) -> kit.Outcome:
        await mailboxes.close_box(ctx.api, ctx.stack.id, ctx.physical_id or ctx.physical_name)
        return kit.Ready()

    def reference(self, ctx: There) -> kit.Value:
        return address_of(ctx, {})


_BETWEEN_LOOKS = 1.0
SUCCESS, FAILURE = "SUCCESS", "FAILURE"
Signal = dict[str, Any]


class SwiftSignalProperties(Properties):
    handle: str = prop("Address of the handle that is signalled.")
    timeout: float = prop("Seconds in which the signals must come.", ge=1, le=43200)
    count: int = prop("How many signals of success it takes.", default=1, ge=1, le=1000)


Here = kit.Context[SwiftSignalProperties]


class NoSignal(ValueError):
    """What was put says nothing."""


@register("OS::Heat::SwiftSignal", support=supported("2014.2"))
class SwiftSignal(kit.NamedType[SwiftSignalProperties]):
    """Is there when its handle has been signalled often enough; what depends on it waits."""

    service = SERVICE
    create_retries = False
    awaits_reports = True
    attributes = (
        attr("data", doc="What the signals brought, by their ids, as JSON text.", fetched=True, volatile=True),
    )

    async def create(self, ctx: Here) -> kit.Outcome:
        ctx.physical_id = ctx.physical_name
        return await self.advance(ctx, {})

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if place_of(ctx.props.handle) is None:
            return kit.Failed(f"{ctx.props.handle} is no address of a SwiftSignalHandle.", kind="ValueError")
        try:
            signals = await signals_of(ctx)
        except NoSignal as error:
            return kit.Failed(str(error), kind="Error")
        failures = [str(each["reason"]) for each in signals if each["status"] == FAILURE]
        if failures:
            return kit.Failed(";".join(failures), kind="SwiftSignalFailure")
        reasons = [str(each["reason"]) for each in signals if each["status"] == SUCCESS]
        if len(reasons) >= ctx.props.count:
            return kit.Ready({})
        left = ctx.props.timeout - ctx.elapsed
        if left > 0:
            return kit.Pending(min(_BETWEEN_LOOKS, left), stage="waiting")
        came = f"{len(reasons)} of {ctx.props.count} received"
        return kit.Failed(" - ".join(filter(None, [came, ";".join(reasons)])), kind="SwiftSignalTimeout")

    async def fetch(self, ctx: Here, attribute: str) -> kit.Value:
        return json.dumps({each["id"]: each["data"] for each in await signals_of(ctx)})


def place_of(handle: str) -> tuple[str, str] | None:
    """Container and name of the object that an address leads to."""
    parts = urlsplit(handle).path.split("/")
    if len(parts) < 5 or not parts[-1]:  # …/v1/account/container/object
        return None
    return unquote(parts[-2]), unquote(parts[-1])


async def signals_of(ctx: Here) -> list[Signal]:
    """Those that have come, the oldest first; of two with one id, the later. Raises NoSignal."""
    place = place_of(ctx.props.handle)
    if place is None:
        return []
    container, name = place
    try:
        names = [each for each in await names_in(ctx.api, container) if name in each]
    except kit.Gone:
        return []
    signals: dict[Any, Signal] = {}
    for each in names:
        signal = await _signal(ctx, container, each)
        if signal is not None:
            number = len(signals) + 1
            told = {"status": SUCCESS, "data": None, "id": number, **signal}
            told.setdefault("reason", f"Signal {told['id']} received")
            signals.pop(told["id"], None)
            signals[told["id"]] = told
    return list(signals.values())


async def _signal(ctx: Here, container: str, name: str) -> Signal | None:
    try:
        content = await read(ctx.api, container, name)
    except kit.Gone:
        return None
    if content == NOTHING_YET:
        return None
    try:
        signal = json.loads(content) if content else {}
    except ValueError:
        signal = None
    if not isinstance(signal, dict):
        raise NoSignal(f"What was put at {name} is no JSON object")
    return signal
