"""OS::Heat::SwiftSignal: is there when its handle has been signalled often enough."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.resources.mailboxes import NOTHING_YET
from isotherm.resources.object_storing import SERVICE, names_in, read

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
