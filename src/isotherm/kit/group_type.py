"""The base of types whose object is a stack of members that are alike."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

from isotherm.core.coercion import coerce_properties
from isotherm.core.diagnostics import Diagnostics
from isotherm.core.errors import Gone
from isotherm.core.schema import Blueprint, TypeSchema
from isotherm.core.values import Secret, Value, first_unknown
from isotherm.kit.changes import Changes
from isotherm.kit.context import Context, P
from isotherm.kit.groups import Batch, Pace, growing_batch, rolling_batch
from isotherm.kit.member_stacks import (
    EVERY,
    REFERENCES,
    Member,
    attribute_output,
    collected,
    has_form,
    read_members,
    write_stack,
)
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, ReplaceInstead, Started
from isotherm.kit.readiness import Readiness
from isotherm.kit.signatures import Candidate, Candidates
from isotherm.kit.stack_type import StackType
from isotherm.template import INSIDE, inside

_GROWING, _ROLLING, _NOTED = "growing", "rolling", "noted"
_PAUSED = "paused since "
_BEFORE, _NEXT, _GIVEN_UP = "members before", "next members", "members given up"


@dataclass(frozen=True, slots=True)
class _Change:
    """A batch: the members that there are, that there are to be after it, and in the end."""

    present: Mapping[str, Member]
    after: Mapping[str, Member]
    wanted: Mapping[str, Member]
    pace: Pace | None
    growing: bool

    @property
    def changing(self) -> list[str]:
        """The members that come, go, or get a new definition."""
        names = sorted(self.present.keys() | self.after.keys())
        return [name for name in names if self.present.get(name) != self.after.get(name)]

    @property
    def ahead(self) -> int:
        """How many members are still to get their definition."""
        return sum(self.present.get(name) != each for name, each in self.wanted.items())


class GroupType(StackType[P]):
    """Members are resources of a stack that is written from the group's properties.

    An attribute that the group does not declare is the list of its members' values; those
    named in ``by_name`` and ``listed`` take the name of a member's attribute as the next step,
    and give a map by name or a list.
    """

    any_attribute: ClassVar[bool] = True
    """Whether it has every attribute that its members have."""
    foreseeable: ClassVar[bool] = True
    """Whether its properties alone tell what its members are."""
    forming: ClassVar[tuple[str, ...]] = ()
    """The properties without which no member can be written down."""
    tells_of_failed: ClassVar[bool] = True
    """Whether members that have failed are among those that it tells of."""
    by_name: ClassVar[frozenset[str]] = frozenset()
    listed: ClassVar[frozenset[str]] = frozenset()

    # -- what the members are -------------------------------------------------------

    async def take_stock(self, ctx: Context[P]) -> None:
        """Before a create or update: keep in ``ctx.data`` what ``size`` and ``names`` go by."""

    def stock_of(self, names: Sequence[str]) -> Mapping[str, Value]:
        """What ``take_stock`` would have kept of a group with members of these names."""
        return {}

    @abstractmethod
    def size(self, props: P, data: Mapping[str, Value]) -> int:
        """How many members there are to be; ``data`` is empty before anything exists."""

    @abstractmethod
    def names(self, size: int, data: Mapping[str, Value]) -> Sequence[str]:
        """The names of the members of a group of ``size``."""

    def wanted_names(self, props: P, data: Mapping[str, Value]) -> Sequence[str]:
        """The names of the members that there are to be."""
        return self.names(self.size(props, data), data)

    @abstractmethod
    def members(
        self, props: P, names: Sequence[str], data: Mapping[str, Value]
    ) -> Mapping[str, Member]:
        """The definitions of the members of these names."""

    def growth(self, ctx: Context[P]) -> Pace | None:
        """How fast the group is made; None: all members at once."""
        return None

    def rolling(self, ctx: Context[P]) -> Pace | None:
        """How fast members get a new definition; None: all at once."""
        return None

    async def leave(self, ctx: Context[P], members: Collection[str]) -> float:
        """Before members go: the seconds for which they are still to be left alone."""
        return 0

    def note_made(self, ctx: Context[P]) -> None:
        """Once the group is there as a whole; asked again where that is found out again."""

    async def begin_change(self, ctx: Context[P], changing: Collection[str]) -> None:
        """Before each batch: members that go, or get a new definition."""

    def renews_members(self, ctx: Context[P]) -> bool:
        """Whether members that are there get a new definition at all."""
        return True

    # -- verbs ------------------------------------------------------------------------

    def blueprint(self, ctx: Context[P]) -> Blueprint:
        return self._written(ctx, self._wanted(ctx, self._desired(ctx)))

    async def standing(self, ctx: Context[P]) -> Blueprint | None:
        await self.take_stock(ctx)
        return self.blueprint(ctx)

    async def create(self, ctx: Context[P]) -> Outcome:
        await self.take_stock(ctx)
        pace = self.growth(ctx)
        first = self.blueprint(ctx) if pace is None else self._written(ctx, {})
        await ctx.stacks.create(ctx.resource, ctx.intent.uuid, ctx.physical_name, first)
        if pace is not None:
            ctx.stage = _GROWING
        return Started(ctx.intent.uuid)

    async def adopt(self, ctx: Context[P]) -> Outcome:
        ctx.data |= self.stock_of(ctx.inside)
        stack_id = ctx.intent.uuid
        await ctx.stacks.create(ctx.resource, stack_id, ctx.physical_name, self.blueprint(ctx))
        return Started(stack_id)

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        await self.take_stock(ctx)
        if self._share(ctx) is None:
            return await self.change(ctx)
        await self._note_update(ctx)
        return Pending(0, stage=_NOTED)

    async def change(self, ctx: Context[P]) -> Outcome:
        """Begin to bring the members to what is wanted now."""
        return await self._next(ctx)

    async def find(self, ctx: Context[P]) -> Candidates:
        """With what creating it had noted, before that could be recorded."""
        blueprint = await ctx.stacks.blueprint(ctx.intent.uuid)
        if blueprint is None:
            return ()
        noted = self.stock_of(list(read_members(blueprint)))
        return (Candidate(ctx.intent.uuid, data={**ctx.data, **noted}),)

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        if ctx.stage == _NOTED:
            return await self._begin_noted(ctx)
        outcome = await super().advance(ctx, remote)
        if ctx.recorded is None and not ctx.stage and self.growth(ctx) is not None:
            ctx.stage = _GROWING  # nobody was left to note it
        if isinstance(outcome, Ready) and ctx.stage:
            outcome = await self._next(ctx, outcome)
        if isinstance(outcome, Ready) and ctx.recorded is None:
            self.note_made(ctx)
        return outcome

    async def _next(self, ctx: Context[P], done: Ready | None = None) -> Outcome:
        """Begin the next batch. ``done``: the batch before has come to its end."""
        change = await self._planned(ctx)
        present, after, pace = change.present, change.after, change.pace
        share = self._share(ctx)
        if done is not None and share is not None and pace is not None:
            waiting = await self._waiting(ctx, change, pace.pause, share)
            if waiting is not None:
                return waiting
        if done is not None and after == present:
            ctx.stage = ""
            return done
        ctx.stacks.require_going_on()
        pauses = done is not None and pace is not None and share is None
        if pauses and present and pace is not None and (left := self._left(ctx, pace.pause)) > 0:
            return Pending(left)
        leaving = [name for name in present if name not in after]
        if leaving and (left := await self.leave(ctx, leaving)) > 0:
            return Pending(left, stage=ctx.stage or _ROLLING)
        changing = [name for name, each in present.items() if after.get(name) != each]
        ctx.data.pop(_PAUSED, None)  # of an update that did not come to its end
        await self.begin_change(ctx, changing)
        await self._change(ctx, self._written(ctx, after))
        last = after == change.wanted and share is None
        return Pending(0, stage="" if last else _GROWING if change.growing else _ROLLING)

    async def _planned(self, ctx: Context[P]) -> _Change:
        """The next batch, from what is there."""
        present = await self.present(ctx)
        props = self._desired(ctx)
        wanted = self._wanted(ctx, props)
        pace, growing = self.rolling(ctx), ctx.stage.startswith(_GROWING)
        if growing:
            pace = self.growth(ctx)
        if pace is None or not self.renews_members(ctx):
            renewed = wanted if self.renews_members(ctx) else wanted.keys() - present.keys()
            batch = Batch(tuple(wanted), frozenset(renewed))
        elif growing:
            batch = growing_batch(present, list(wanted), pace)
        else:
            outdated = [n for n, each in present.items() if n in wanted and each != wanted[n]]
            batch = rolling_batch(
                present, outdated, list(wanted), lambda size: self.names(size, ctx.data), pace
            )
            batch = replace(batch, renewed=batch.renewed | await self._failed(ctx, outdated))
        additional = [name for name in batch.members if name not in wanted]
        desired = {**wanted, **self.members(props, additional, ctx.data)}
        after = {
            name: desired[name] if name in batch.renewed or name not in present else present[name]
            for name in batch.members
        }
        return _Change(present, after, wanted, pace, growing)

    async def _failed(self, ctx: Context[P], members: Collection[str]) -> frozenset[str]:
        """Those that failed are made again in any batch: as they are to be now, as what they were
        to be may be what failed."""
        inside = await ctx.stacks.resources(ctx.physical_id)
        return frozenset(name for name in members if name in inside and inside[name].failed)

    def _share(self, ctx: Context[P]) -> int | None:
        """How many per cent of the members that an update makes must signal; None: it does not
        wait for them."""
        pace = self.rolling(ctx) if ctx.recorded is not None and self.renews_members(ctx) else None
        return None if pace is None else pace.share

    async def _note_update(self, ctx: Context[P]) -> None:
        """Before anything changes: whoever goes on has to know what is new."""
        inside = await ctx.stacks.resources(ctx.physical_id)
        ctx.data[_BEFORE] = {name: each.reference for name, each in inside.items()}
        ctx.data[_NEXT] = (await self._planned(ctx)).changing
        ctx.data[_GIVEN_UP] = 0
        ctx.data.pop(_PAUSED, None)

    async def _begin_noted(self, ctx: Context[P]) -> Outcome:
        if (await self._planned(ctx)).changing == ctx.data[_NEXT]:
            return await self._next(ctx)
        # Somebody has begun it who could not record that.
        return Pending(0, stage=_ROLLING)

    async def _waiting(
        self, ctx: Context[P], change: _Change, patience: float, share: int
    ) -> Outcome | None:
        """For signals of the members that are new, or the failure where too many have failed;
        None where the update goes on."""
        inside = await ctx.stacks.resources(ctx.physical_id)
        made = sum(ctx.data[_BEFORE].get(name) != each.reference for name, each in inside.items())
        found = Readiness(made, change.ahead, ctx.data[_GIVEN_UP], share, ctx.heard)
        if found.silent and not found.is_hopeless:
            if (left := self._left(ctx, patience)) > 0:
                return Pending(left)
            found = replace(found, given_up=found.given_up + found.silent)
            ctx.data[_GIVEN_UP] = found.given_up
        else:
            ctx.data.pop(_PAUSED, None)
        return Failed(found.failure(), "UpdatePolicyFailure") if found.is_hopeless else None

    def _left(self, ctx: Context[P], pause: float) -> float:
        """Seconds that the pause after a batch still lasts."""
        since = ctx.data.setdefault(_PAUSED, ctx.now.timestamp())
        left = float(since) + pause - ctx.now.timestamp()
        if left <= 0:
            del ctx.data[_PAUSED]
        return left

    async def _change(self, ctx: Context[P], blueprint: Blueprint) -> None:
        try:
            await ctx.stacks.update(ctx.resource, ctx.physical_id, blueprint)
        except Gone:
            raise ReplaceInstead from None

    async def present(self, ctx: Context[P]) -> dict[str, Member]:
        """The members that the stack was last asked to have."""
        blueprint = await ctx.stacks.blueprint(ctx.physical_id)
        if blueprint is None:
            raise ReplaceInstead
        return read_members(blueprint)

    def _desired(self, ctx: Context[P]) -> P:
        """The properties with their secrets still wrapped."""
        return cast(P, self.Properties.of(ctx.sealed))

    def _wanted(self, ctx: Context[P], props: P) -> Mapping[str, Member]:
        return self.members(props, self.wanted_names(props, ctx.data), ctx.data)

    def _written(self, ctx: Context[P], members: Mapping[str, Member]) -> Blueprint:
        return write_stack(members, collected(ctx.reads))

    def reference(self, ctx: Context[P]) -> Value:
        return ctx.physical_id

    # -- attributes --------------------------------------------------------------------

    async def observe(self, ctx: Context[P]) -> Remote | None:
        """A group that is not as wanted still tells of the members that it has."""
        remote = await super().observe(ctx)
        partly = None if remote is None else remote.get("partly")
        if remote is None or partly is None or (not partly and remote["status"] == "COMPLETE"):
            return remote
        inside = await ctx.stacks.resources(ctx.physical_id)
        sound = {name for name, each in inside.items() if not each.failed}

        def told(values: Value) -> Value:
            if self.tells_of_failed or not isinstance(values, dict):
                return values
            return {name: each for name, each in values.items() if name in sound}

        outputs = {
            name: told(each) for name, each in {**remote["partly"], **remote["outputs"]}.items()
        }
        references = outputs.get(REFERENCES) or {}
        # What has no reference yet goes by its name, as everywhere.
        outputs[REFERENCES] = {n: n if each is None else each for n, each in references.items()}
        return {**remote, "outputs": outputs}

    def attribute(self, ctx: Context[P], remote: Remote, name: str) -> Value:
        if name == "refs":
            return list(remote["outputs"][REFERENCES].values())
        if name.startswith(EVERY):
            name = attribute_output(name.removeprefix(EVERY))
        return super().attribute(ctx, remote, name)

    def attribute_key(self, attribute: str, key: str) -> str:
        if attribute in self.by_name | self.listed:
            return f"{EVERY}{key}" if key else attribute
        return f"{EVERY}{attribute}" if self._is_collected(attribute) else attribute

    def read(self, recorded: Mapping[str, Value], name: str, steps: Sequence[Value]) -> Value:
        if name in self.by_name | self.listed:
            if not steps:
                raise LookupError(name)
            every = recorded[f"{EVERY}{steps[0]}"]
            return self._collect(every, steps[1:], listed=name in self.listed)
        if self._is_collected(name):
            return self._collect(recorded[f"{EVERY}{name}"], steps, listed=True)
        # Clients of the reference rely on getting the whole map, whatever follows.
        return super().read(recorded, name, () if name == REFERENCES else steps)

    def by_names(self, recorded: Mapping[str, Value], name: str, steps: Sequence[Value]) -> Value:
        """An attribute of the members as a map by their names."""
        return self._collect(recorded[f"{EVERY}{name}"], steps, listed=False)

    def _is_collected(self, attribute: str) -> bool:
        declared = {each.name for each in self.attributes}
        own = not attribute or attribute in declared or attribute.startswith(INSIDE)
        return self.any_attribute and not own

    def _collect(self, every: Value, steps: Sequence[Value], *, listed: bool) -> Value:
        if isinstance(every, Secret):
            return Secret(self._collect(every.reveal(), steps, listed=listed))
        found = {name: inside(value, steps) for name, value in every.items()}
        return list(found.values()) if listed else found

    # -- before anything runs -----------------------------------------------------------

    def type_schema(self) -> TypeSchema:
        members = self._foreseen if self.foreseeable else _unforeseen
        return replace(super().type_schema(), members=members)

    def _foreseen(
        self, properties: Mapping[str, Value], reads: Collection[tuple[str, str]]
    ) -> Blueprint | None:
        found = Diagnostics()
        values = coerce_properties(self.Properties.schema, properties, "", found)
        if found.errors or not all(has_form(values.get(name)) for name in self.forming):
            return None
        props = cast(P, self.Properties.of(values))
        size: Any = self.size(props, {})
        if first_unknown(size) is not None:
            return None
        keys = {self.attribute_key(attribute, key) for attribute, key in reads}
        return write_stack(self.members(props, self.wanted_names(props, {}), {}), collected(keys))


def _unforeseen(*_: object) -> None:
    """What is in the stack shows only when the group is made."""
