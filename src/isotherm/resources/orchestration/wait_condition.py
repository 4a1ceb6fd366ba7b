"""Wait conditions: they are there when their handle has been signalled often enough."""

from collections.abc import Mapping
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import P, Properties, attr, changeable, prop, register, supported
from isotherm.resources.mailboxes import Unreadable
from isotherm.resources.orchestration.wait_condition_handle import fetch_signals
from isotherm.resources.orchestration.wait_signals import AWS, NATIVE, Tally, Words

_NATIVE = "OS::Heat::WaitConditionHandle"
_AWS = dict.fromkeys(("AWS::CloudFormation::WaitConditionHandle", "OS::Heat::UpdateWaitConditionHandle"), AWS)
_ANY = {_NATIVE: NATIVE, **_AWS}
_WAITING = "waiting"
_SECONDS_BETWEEN_LOOKS = 1.0


def data(name: str) -> kit.Attribute:
    return attr(name, doc="What the signals brought, by their ids, as JSON text.", volatile=True)


class Waiting(kit.ResourceType[P]):
    """What waiting is, whatever the properties are called."""

    handles: ClassVar[Mapping[str, Words]]
    """Types of handles that it may wait at, and the words of their signals."""
    create_retries = False

    def asked(self, props: Any) -> tuple[str, int, float]:
        """Reference of the handle, number of signals, seconds that they may take."""
        return props.handle, props.count, props.timeout

    async def create(self, ctx: kit.Context[P]) -> kit.Outcome:
        return await self._look(ctx)

    async def update(self, ctx: kit.Context[P], changes: kit.Changes) -> kit.Outcome:
        return await self._look(ctx)

    async def advance(self, ctx: kit.Context[P], remote: kit.Remote) -> kit.Outcome:
        return await self._look(ctx)

    async def fetch_signals(self, ctx: kit.Context[P], handle: kit.Neighbour) -> None:
        """Bring signals to the handle that it does not get by itself. Raises Unreadable."""

    def tally(self, ctx: kit.Context[P]) -> Tally | None:
        """What has come so far; None where the stack has no such handle."""
        handle = ctx.neighbour(self.asked(ctx.props)[0])
        if handle is None or handle.type not in self.handles:
            return None
        return Tally.of(handle.metadata, self.handles[handle.type])

    def attribute(self, ctx: kit.Context[P], remote: kit.Remote, name: str) -> kit.Value:
        tally = self.tally(ctx)
        return tally.data if tally is not None else None

    async def _look(self, ctx: kit.Context[P]) -> kit.Outcome:
        handle, count, timeout = self.asked(ctx.props)
        neighbour = ctx.neighbour(handle)
        if neighbour is not None and neighbour.type in self.handles:
            try:
                await self.fetch_signals(ctx, neighbour)
            except Unreadable as error:
                return kit.Failed(str(error), kind="Error")
        tally = self.tally(ctx)
        if tally is None:
            return kit.Failed(f"{handle} is not a valid wait condition handle.", kind="ValueError")
        if tally.failures:
            return kit.Failed(";".join(tally.failures), kind="WaitConditionFailure")
        if len(tally.successes) >= count:
            return kit.Ready({})
        left = timeout - ctx.elapsed
        if left <= 0:
            return kit.Failed(_too_few(tally, count), kind="WaitConditionTimeout")
        return kit.Pending(min(_SECONDS_BETWEEN_LOOKS, left), stage=_WAITING)


def _too_few(tally: Tally, count: int) -> str:
    came = f"{len(tally.successes)} of {count} received"
    return " - ".join(filter(None, [came, ";".join(tally.successes)]))


class WaitConditionProperties(Properties):
    handle: str = prop("The handle that is signalled.")
    timeout: float = prop("Seconds in which the signals must come.", ge=1, le=43200)
    count: int = changeable("How many signals of success it takes.", default=1, ge=1)


@register("OS::Heat::WaitCondition", support=supported("2014.2"))
class WaitCondition(Waiting[WaitConditionProperties]):
    """Is there when its handle has been signalled often enough; what depends on it waits."""

    handles = _ANY
    attributes = (data("data"),)

    async def fetch_signals(self, ctx: kit.Context[WaitConditionProperties], handle: kit.Neighbour) -> None:
        if handle.type == _NATIVE:
            await fetch_signals(ctx, handle)


class AwsWaitConditionProperties(Properties):
    handle: str = prop("The handle that is signalled.", name="Handle")
    timeout: int = prop("Seconds in which the signals must come.", name="Timeout", ge=1, le=43200)
    count: int = changeable("How many signals of success it takes.", name="Count", default=1, ge=1)


@register("AWS::CloudFormation::WaitCondition", support=supported("2014.1"))
class AwsWaitCondition(Waiting[AwsWaitConditionProperties]):
    """Is there when its handle has been signalled often enough; what depends on it waits."""

    handles = _AWS
    attributes = (data("Data"),)
