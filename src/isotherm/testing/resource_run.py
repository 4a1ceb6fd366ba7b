"""Drives one resource through its verbs as the engine does, without store and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    Failed,
    Intent,
    Outcome,
    Pending,
    Properties,
    Ready,
    Remote,
    StackIdentity,
    Started,
)
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
        return await self._settle(await self.type.create(self.ctx))

    async def update(self, values: Mapping[str, Value]) -> Outcome:
        """With ``values`` as the whole new set of properties, until it is ready or failed."""
        self._begin_action()
        self.ctx.recorded = self.ctx.props
        self.ctx.props = properties_of(self.type, values)
        return await self._settle(await self.type.update(self.ctx, self.changes()))

    async def delete(self) -> Outcome:
        """Until it is gone (Ready) or failed."""
        self._begin_action()
        try:
            outcome = await self.type.delete(self.ctx)
            for _ in range(TURNS):
                if not isinstance(outcome, Pending):
                    return outcome
                if (remote := await self._next(outcome)) is None:
                    return Ready()
                outcome = await self.type.advance_delete(self.ctx, remote)
        except Gone:
            return Ready()
        raise AssertionError("the delete does not come to an end")

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

    async def _settle(self, outcome: Outcome) -> Outcome:
        for _ in range(TURNS):
            match outcome:
                case Ready() | Failed():
                    return outcome
                case Started(physical_id, remote):
                    self.ctx.physical_id = physical_id
                    outcome = Pending(0) if remote is None else self.type.judge(remote)
                case Pending():
                    outcome = await self._go_on(outcome)
        raise AssertionError("the verb does not come to an end")

    async def _go_on(self, pending: Pending) -> Outcome:
        remote = await self._next(pending)
        if not self.ctx.physical_id and not self.type.effectless:
            return await self.type.create(self.ctx)
        if remote is None:
            return Failed("the object is gone")
        return await self.type.advance(self.ctx, remote)

    async def _next(self, outcome: Pending) -> Remote | None:
        if outcome.stage is not None:
            self.ctx.stage = outcome.stage
        self.ctx.now += timedelta(seconds=outcome.poll_after)
        return await self._observed()

    async def _observed(self) -> Remote | None:
        self.world()
        return await self.type.observe(self.ctx)
