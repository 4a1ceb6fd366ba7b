"""What groups that grow and shrink have in common: their size, the names of their members, and how they shrink.

Groups have no properties for the latter, which other services would refuse: their metadata say it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import P

SETTING = "scale_in"
"""Key of the metadata that the template gives."""
DRAINING = "draining"
"""Key of the metadata by which a group tells who is about to go, with what refers to each."""
OLDEST, NEWEST = "oldest", "newest"
_SINCE = "draining since"
_SECONDS_BETWEEN_LOOKS = 1.0
_LONGEST = 43_200


@dataclass(frozen=True, slots=True)
class ScaleIn:
    """``handle`` refers to the handle that is signalled with the name of a member, or with what
    refers to it, when that may go; None: nothing is waited for."""

    order: str = OLDEST
    handle: kit.Value = None
    timeout: float = 0.0


def scale_in_of(metadata: kit.Values) -> ScaleIn:
    """Raises Refused for what cannot be understood."""
    said = metadata.get(SETTING)
    if said is None:
        return ScaleIn()
    if not isinstance(said, Mapping) or said.keys() - {"order", "drain"}:
        raise _wrong("order and drain are all that it may have")
    order, drain = said.get("order", OLDEST), said.get("drain")
    if order not in (OLDEST, NEWEST):
        raise _wrong(f"order must be {OLDEST} or {NEWEST}")
    if drain is None:
        return ScaleIn(order)
    if not isinstance(drain, Mapping) or drain.keys() != {"handle", "timeout"}:
        raise _wrong("drain must have a handle and a timeout")
    timeout = drain["timeout"]
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise _wrong("the timeout of drain must be a number of seconds")
    if not 0 <= timeout <= _LONGEST:
        raise _wrong(f"the timeout of drain must be between 0 and {_LONGEST} seconds")
    return ScaleIn(order, drain["handle"], float(timeout))


async def seconds_to_drain(ctx: kit.Context[Any], leaving: Collection[str]) -> float:
    """For how long these members are still to be left alone; they are told in the metadata. Those
    that have failed are not waited for. Raises Refused where the stack has no such handle."""
    said = scale_in_of(ctx.metadata)
    if said.handle is None:
        return 0
    handle = ctx.neighbour(said.handle)
    if handle is None:
        raise _wrong("the handle of drain is none of the stack")
    inside = await ctx.stacks.resources(ctx.physical_id)
    waited_for = {name: inside[name].reference for name in leaving if name in inside and not inside[name].failed}
    signals = handle.metadata.keys()
    still = {
        name: reference
        for name, reference in waited_for.items()
        if name not in signals and str(reference) not in signals
    }
    since = float(ctx.data.setdefault(_SINCE, ctx.now.timestamp()))
    left = since + said.timeout - ctx.now.timestamp()
    if not still or left <= 0:
        del ctx.data[_SINCE]
        _tell(ctx, {})
        return 0
    _tell(ctx, still)
    return min(_SECONDS_BETWEEN_LOOKS, left)


def _tell(ctx: kit.Context[Any], members: kit.Values) -> None:
    if members != ctx.metadata.get(DRAINING, {}):
        others = {name: each for name, each in ctx.metadata.items() if name != DRAINING}
        ctx.metadata = {**others, DRAINING: dict(members)} if members else others


def _wrong(reason: str) -> kit.Refused:
    return kit.Refused(f"metadata.{SETTING}: {reason}.")


_COOLDOWN = "cooldown_end"
"""Key of the metadata: until when no policy acts, and what the last one did."""
_CAPACITY = "capacity"
"""Key of the private data: how many members there are to be."""
_NAMES, _TOKEN, _ORDER = "names", "token", "order"
_SOUND = "sound"
"""Key of the private data: how many there are of a group that failed."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class ShrinkingGroup(kit.GroupType[P]):
    """A group whose members have names by chance, and of which some may go before others."""

    any_attribute = False
    tells_of_failed = False

    async def take_stock(self, ctx: kit.Context[P]) -> None:
        await settle_names(ctx)

    def stock_of(self, names: Sequence[str]) -> kit.Values:
        return {_NAMES: list(names), _CAPACITY: len(names)}

    def names(self, size: int, data: kit.Values) -> Sequence[str]:
        """The members that stay, by default the youngest, and new ones where these are too few."""
        kept: list[str] = data.get(_NAMES) or []
        if data.get(_ORDER) == NEWEST and size < len(kept):
            return kept[:size]
        new = (name for name in _new_names(str(data.get(_TOKEN, ""))) if name not in kept)
        return [*kept[max(0, len(kept) - size) :], *islice(new, max(0, size - len(kept)))]

    async def leave(self, ctx: kit.Context[P], members: Collection[str]) -> float:
        return await seconds_to_drain(ctx, members)

    async def advance(self, ctx: kit.Context[P], remote: kit.Remote) -> kit.Outcome:
        outcome = await super().advance(ctx, remote)
        if isinstance(outcome, kit.Ready):
            await self.end_change(ctx)
        await _count_sound(ctx, outcome)
        return outcome

    async def end_change(self, ctx: kit.Context[P]) -> None:
        """Once all members are as wanted."""

    async def adjust(self, ctx: kit.Context[P]) -> kit.Outcome:
        await settle_names(ctx)
        return await self.change(ctx)


class ScalingGroup(ShrinkingGroup[P]):
    """One that policies adjust, within limits."""

    least: ClassVar[str]
    most: ClassVar[str]
    desired: ClassVar[str]
    cooldown: ClassVar[str]
    """Names of the properties that say so."""

    async def take_stock(self, ctx: kit.Context[P]) -> None:
        """As many as desired, else as many as before, within the limits."""
        await super().take_stock(ctx)
        low, high, desired = self._limits(ctx.props)
        present = ctx.data.get(_CAPACITY, low) if desired is None else desired
        ctx.data[_CAPACITY] = max(low, min(int(present), high))

    def _limits(self, props: Any) -> tuple[Any, Any, Any]:
        return getattr(props, self.least), getattr(props, self.most), getattr(props, self.desired)

    def size(self, props: P, data: kit.Values) -> int:
        low, _, desired = self._limits(props)
        return data.get(_CAPACITY, low if desired is None else desired)  # type: ignore[no-any-return]

    def note_made(self, ctx: kit.Context[P]) -> None:
        """A group that has just been made cools down as one that was adjusted."""
        if _COOLDOWN not in ctx.metadata:
            seconds, why = getattr(ctx.props, self.cooldown), f"ExactCapacity : {ctx.data.get(_CAPACITY)}"
            ctx.metadata = _cooling_down(ctx.metadata, ctx.now, seconds, why)

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        given = signalled.properties
        limits = (given[self.least], given[self.most])
        return _adjusted(signalled, details or {}, limits, given.get(self.cooldown))

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        low, high, desired = (properties.get(name) for name in (self.least, self.most, self.desired))
        if not isinstance(low, int) or not isinstance(high, int):
            return
        if low > high:
            yield self.least, "MinSize can not be greater than MaxSize"
        elif isinstance(desired, int) and not low <= desired <= high:
            yield self.desired, "DesiredCapacity must be between MinSize and MaxSize"


async def settle_names(ctx: kit.Context[Any]) -> None:
    """Those members stay that the stack was asked for and that did not fail, oldest first."""
    asked = await ctx.stacks.blueprint(ctx.physical_id) if ctx.physical_id else None
    there = await ctx.stacks.resources(ctx.physical_id) if asked else {}
    wanted = kit.read_members(asked) if asked else {}
    made = [name for name in there if name in wanted]
    coming = [name for name in wanted if name not in there]
    ctx.data[_ORDER] = scale_in_of(ctx.metadata).order
    ctx.data[_NAMES] = [*(name for name in made if not there[name].failed), *coming]
    # Another token for every change: no name comes back.
    ctx.data[_TOKEN] = f"{ctx.intent.token}/{ctx.intent.written_at.timestamp()}"


async def _count_sound(ctx: kit.Context[Any], outcome: kit.Outcome) -> None:
    """Of a group that has failed signals count on what there is, not on what was to be."""
    ctx.data.pop(_SOUND, None)
    if isinstance(outcome, kit.Failed):
        asked = await ctx.stacks.blueprint(ctx.physical_id)
        wanted = kit.read_members(asked) if asked else {}
        inside = await ctx.stacks.resources(ctx.physical_id)
        ctx.data[_SOUND] = sum(not each.failed for name, each in inside.items() if name in wanted)


def _adjusted(
    group: kit.Signalled, policy: kit.Values, limits: tuple[int, int], cooldown: int | None
) -> kit.Received | None:
    """What an adjustment by ``policy`` makes of the group: nothing while it cools down, or where it
    has that size already and is sound."""
    if any(_moment(end) > group.now for end in group.metadata.get(_COOLDOWN) or ()):
        return None
    kept = {key: each for key, each in group.data.items() if key != _SOUND}
    present = int(group.data.get(_SOUND, kept.get(_CAPACITY, limits[0])))
    kind, amount = kit.Adjustment(policy["kind"]), float(policy["amount"])
    size = kit.adjusted_size(present, kind, amount, limits, policy.get("least"))
    if size == present and not group.failed:
        return None
    seconds = policy.get("cooldown") if policy.get("cooldown") is not None else cooldown
    metadata = _cooling_down(group.metadata, group.now, seconds, f"{policy.get('called', kind)} : {amount:g}")
    return kit.Received(metadata=metadata, data={**kept, _CAPACITY: size}, adjusts=True)


def _cooling_down(metadata: kit.Values, now: datetime, seconds: float | None, why: str) -> dict[str, kit.Value]:
    """The metadata of a group that does so from now on, as clients read them."""
    ends = now.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=float(seconds or 0))
    return {**metadata, _COOLDOWN: {ends.isoformat(): why}, "scaling_in_progress": False}


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _new_names(token: str) -> Iterator[str]:
    """Names without end, by chance but always the same ones."""
    for number in count():
        digest = hashlib.sha256(f"{token}/{number}".encode()).digest()
        yield "".join(_LETTERS[each % len(_LETTERS)] for each in digest[:12])
