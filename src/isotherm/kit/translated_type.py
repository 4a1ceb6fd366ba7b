"""Types that say in other words what another type is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from isotherm.core.coercion import coerce_properties
from isotherm.core.diagnostics import Diagnostics
from isotherm.core.values import Value, reveal
from isotherm.kit.bodies import create_fields
from isotherm.kit.changes import Change, Changes
from isotherm.kit.context import Context, P
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Outcome, Remote
from isotherm.kit.properties import Properties
from isotherm.kit.resource_type import SHOW, AnyType, ResourceType
from isotherm.kit.signatures import Candidates

T = TypeVar("T")
_FOLLOWS = ("effectless", "keeps_copies", "create_retries", "service", "extension", "name_limit")
"""What the target says, unless the type says something else."""


class TranslatedType(ResourceType[P]):
    """Its properties are translated into those of the ``target`` type, which does everything: what
    each ``sends`` is the target's name for it.

    What the target keeps in the private data is kept in those of the resource; attributes,
    links, claims, and what follows from names of properties are the type's own.
    """

    target: ClassVar[AnyType]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = vars(cls)
        for name in _FOLLOWS if "target" in own else ():
            if name not in own:
                setattr(cls, name, getattr(cls.target, name))

    def words(self, props: P, data: Mapping[str, Value]) -> Mapping[str, Any]:
        """The target's properties, by their names; None for what is not given."""
        return create_fields(props)

    def translated(self, props: P, data: Mapping[str, Value]) -> Properties:
        given = {name: each for name, each in self.words(props, data).items() if each is not None}
        found = Diagnostics()
        values = coerce_properties(self.target.Properties.schema, given, "properties", found)
        return self.target.Properties.of(reveal(values))

    def seen(self, ctx: Context[P]) -> Context[Any]:
        """The context as the target's verbs get it."""
        recorded = None if ctx.recorded is None else self.translated(ctx.recorded, ctx.data)
        seen: Context[Any] = ctx
        return replace(seen, props=self.translated(ctx.props, ctx.data), recorded=recorded)

    async def _as_target(self, ctx: Context[P], verb: Callable[[Context[Any]], Awaitable[T]]) -> T:
        seen = self.seen(ctx)
        try:
            return await verb(seen)
        finally:
            ctx.data, ctx.physical_id = seen.data, seen.physical_id

    # -- verbs -------------------------------------------------------------------------

    async def create(self, ctx: Context[P]) -> Outcome:
        return await self._as_target(ctx, self.target.create)

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        def change(seen: Context[Any]) -> Awaitable[Outcome]:
            return self.target.update(seen, _changes(seen))

        return await self._as_target(ctx, change)

    async def delete(self, ctx: Context[P]) -> Outcome:
        return await self._as_target(ctx, self.target.delete)

    async def clear_away(self, ctx: Context[P]) -> Outcome:
        return await self._as_target(ctx, self.target.clear_away)

    async def observe(self, ctx: Context[P]) -> Remote | None:
        return await self._as_target(ctx, self.target.observe)

    async def check(self, ctx: Context[P]) -> Outcome:
        return await self._as_target(ctx, self.target.check)

    async def suspend(self, ctx: Context[P]) -> Outcome:
        return await self._as_target(ctx, self.target.suspend)

    async def resume(self, ctx: Context[P]) -> Outcome:
        return await self._as_target(ctx, self.target.resume)

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        return await self._as_target(ctx, lambda seen: self.target.advance(seen, remote))

    async def advance_delete(self, ctx: Context[P], remote: Remote) -> Outcome:
        return await self._as_target(ctx, lambda seen: self.target.advance_delete(seen, remote))

    async def settle(self, ctx: Context[P], remote: Remote) -> Outcome | None:
        return await self._as_target(ctx, lambda seen: self.target.settle(seen, remote))

    async def find(self, ctx: Context[P]) -> Candidates:
        return await self._as_target(ctx, self.target.find)

    async def make_way(self, ctx: Context[P]) -> None:
        await self._as_target(ctx, self.target.make_way)

    async def take_back(self, ctx: Context[P]) -> None:
        await self._as_target(ctx, self.target.take_back)

    # -- pure rules ----------------------------------------------------------------------

    def judge(self, remote: Remote) -> Outcome:
        return self.target.judge(remote)

    def judge_delete(self, remote: Remote) -> Outcome:
        return self.target.judge_delete(remote)

    def joined(self, ctx: Context[P], remote: Remote) -> bool:
        return self.target.joined(self.seen(ctx), remote)

    def replaces(self, changes: Changes, recorded: P, desired: P) -> bool:
        before, after = self.translated(recorded, {}), self.translated(desired, {})
        found = _compared(before, after)
        in_place = all(self.target.Properties.schema[name].update_allowed for name in found)
        return not in_place or self.target.replaces(found, before, after)

    def attribute(self, ctx: Context[P], remote: Remote, name: str) -> Value:
        return dict(remote) if name == SHOW else super().attribute(ctx, remote, name)

    @property
    def poll_entity(self) -> Entity | None:
        return self.target.poll_entity


def _changes(ctx: Context[Any]) -> Changes:
    return _compared(ctx.recorded, ctx.props) if ctx.recorded is not None else Changes()


def _compared(before: Properties, after: Properties) -> Changes:
    old, new = before.given(), after.given()
    return Changes(
        {
            name: Change(old.get(name), new.get(name))
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        }
    )
