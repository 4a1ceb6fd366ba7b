"""Drives one resource through its verbs as the engine does, without store and time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from isotherm.core.coercion import coerce_properties
from isotherm.core.diagnostics import Diagnostics
from isotherm.core.errors import Gone
from isotherm.core.values import Value, reveal
from isotherm.kit import (
    AnyType,
    Change,
    Changes,
    Context,
    Intent,
    Outcome,
    Properties,
    Ready,
    StackIdentity,
)
from isotherm.kit.life import Call, Clear, Confirm, End, Life, Look, Move, Verb
from isotherm.testing.cloud import RecordingCloud

START = datetime(2026, 1, 1, tzinfo=UTC)
TURNS = 50
"""No resource needs more turns than this in a test; more are a loop."""


def properties_of(resource_type: AnyType, values: Mapping[str, Value]) -> Properties:
    """Template values as a verb gets them; raises ValueError where they do not fit."""
    found = Diagnostics()
    coerced = coerce_properties(resource_type.Properties.schema, values, "properties", found)
    if found.found:
        raise ValueError("; ".join(str(each) for each in found.found))
    return resource_type.Properties.of(reveal(coerced))


@dataclass(slots=True)
class ResourceRun:
    """One resource. ``world`` is called before each observation and may move the cloud on."""

    type: AnyType
    ctx: Context[Any]
    cloud: RecordingCloud
    world: Callable[[], object] = lambda: None

    @classmethod
    def begin(
        cls,
        resource_type: AnyType,
        values: Mapping[str, Value],
        cloud: RecordingCloud | None = None,
        **context: Any,
    ) -> ResourceRun:
        cloud = cloud or RecordingCloud()
        fields: dict[str, Any] = {
            "stack": StackIdentity("stack-id", "stack", "project-id", "user-id"),
            "resource": "it",
            "props": properties_of(resource_type, values),
            "physical_name": "stack-it-token",
            "intent": Intent("token", 1, START),
            "api": cloud.api,
            "now": START,
        }
        return cls(resource_type, Context(**{**fields, **context}), cloud)

    async def create(self) -> Outcome:
        """Until it is ready or failed."""
        return await self._live(Verb.MAKE, lambda: self.type.create(self.ctx))

    async def update(self, values: Mapping[str, Value]) -> Outcome:
        """With ``values`` as the whole new set of properties, until it is ready or failed."""
        self._begin_action()
        self.ctx.recorded = self.ctx.props
        self.ctx.props = properties_of(self.type, values)
        return await self._live(Verb.CHANGE, lambda: self.type.update(self.ctx, self.changes()))

    async def delete(self) -> Outcome:
        """Until it is gone (Ready) or failed."""
        self._begin_action()
        return await self._live(Verb.REMOVE, lambda: self.type.delete(self.ctx))

    def changes(self) -> Changes:
        before = self.ctx.recorded.given() if self.ctx.recorded else {}
        after = self.ctx.props.given()
        return Changes(
            {name: Change(before.get(name), after.get(name)) for name in sorted(self.ctx.changed)}
        )

    async def attribute(self, name: str) -> Value:
        """As ``get_attr`` would see it."""
        if any(each.name == name and each.fetched for each in self.type.attributes):
            return await self.type.fetch(self.ctx, name)
        return self.type.attribute(self.ctx, await self.type.observe(self.ctx) or {}, name)

    def crash(self) -> ResourceRun:
        """The same attempt as somebody sees it who knows the intent only."""
        return ResourceRun(
            self.type,
            replace(self.ctx, physical_id="", stage="", data={}),
            self.cloud,
            self.world,
        )

    def _begin_action(self) -> None:
        self.ctx.stage = ""
        self.ctx.intent = replace(self.ctx.intent, written_at=self.ctx.now)

    async def _live(self, verb: Verb, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """The life of the object, as the engine drives it."""
        life = Life(
            verb, self.type.judge, self.ctx.physical_id, has_object=not self.type.effectless
        )
        # Objects whose id is not known yet are looked for by the engine, before a removal.
        life.has_object &= verb is not Verb.REMOVE
        move = life.begin()
        for _ in range(TURNS):
            if isinstance(move, End | Confirm):
                return move.outcome if isinstance(move, End) else Ready()
            try:
                outcome = await self._make(move, verb, call)
            except Gone:
                if verb is not Verb.REMOVE:
                    raise
                outcome = None
            life.physical_id, life.stage = self.ctx.physical_id, self.ctx.stage
            if isinstance(move, Clear):
                move = life.cleared(outcome or Ready())
            else:
                move = life.told(outcome)
            self.ctx.physical_id, self.ctx.stage = life.physical_id, life.stage
        raise AssertionError("the verb does not come to an end")

    async def _make(
        self, move: Move, verb: Verb, call: Callable[[], Awaitable[Outcome]]
    ) -> Outcome | None:
        match move:
            case Call(after):
                self.ctx.now += timedelta(seconds=after or 0)
                return await call()
            case Look(after):
                self.ctx.now += timedelta(seconds=after)
                self.world()
                remote = await self.type.observe(self.ctx)
                removing = verb is Verb.REMOVE
                go_on = self.type.advance_delete if removing else self.type.advance
                return None if remote is None else await go_on(self.ctx, remote)
            case Clear(after):
                self.ctx.now += timedelta(seconds=after or 0)
                self.world()
                return await self.type.clear_away(self.ctx)
        raise AssertionError(f"no reply is lost here, yet the next move is {move}")
