"""Types that are one object of one cloud service: most of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from isotherm.core.errors import Gone
from isotherm.core.values import Value
from isotherm.kit.changes import Changes
from isotherm.kit.context import Context, P
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, Started
from isotherm.kit.resource_type import SHOW, Candidate, ResourceType


class EntityType(ResourceType[P]):
    """Create, show, update, delete and find by name through one ``Entity``.

    ``status_field`` and the sets of statuses drive the default ``judge``; a type
    without states leaves ``status_field`` empty and is ready when it exists.
    """

    effectless = False
    entity: ClassVar[Entity]
    status_field: ClassVar[str] = ""
    ready_statuses: ClassVar[frozenset[str]] = frozenset()
    failed_statuses: ClassVar[frozenset[str]] = frozenset()
    poll_after: ClassVar[float] = 1.0
    created_field: ClassVar[str] = "created_at"

    # -- coordinates and bodies: what most types sharpen -------------------------

    def parent(self, ctx: Context[P]) -> str:
        """The id of the object that this one lies in, where the entity is nested."""
        return ""

    def create_body(self, ctx: Context[P]) -> Mapping[str, Any]:
        """The body of the create call; by default the given properties and the name."""
        return {"name": ctx.physical_name, **ctx.props.given()}

    def update_body(self, ctx: Context[P], changes: Changes) -> Mapping[str, Any]:
        """The body of the update call; by default the changed properties. Empty: no call."""
        return changes.after()

    # -- verbs -----------------------------------------------------------------

    async def create(self, ctx: Context[P]) -> Outcome:
        body = self.create_body(ctx)
        remote = await ctx.api.create(self.entity, body, parent=self.parent(ctx))
        return Started(str(remote[self.entity.id_field]), remote)

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        body = self.update_body(ctx, changes)
        if not body:
            return Pending(0)
        return self.judge(
            await ctx.api.update(self.entity, ctx.physical_id, body, parent=self.parent(ctx))
        )

    async def delete(self, ctx: Context[P]) -> Outcome:
        if not ctx.physical_id:
            return Ready()
        await ctx.api.delete(self.entity, ctx.physical_id, parent=self.parent(ctx))
        return Pending(0)

    async def observe(self, ctx: Context[P]) -> Remote | None:
        """The object; empty while there is none yet (a create of several calls)."""
        if not ctx.physical_id:
            return {}
        try:
            return await ctx.api.show(self.entity, ctx.physical_id, parent=self.parent(ctx))
        except Gone:
            return None

    async def find(self, ctx: Context[P]) -> Sequence[Candidate]:
        name = str(self.create_body(ctx).get("name", ctx.physical_name))
        filters = self.find_filters(name)
        return [
            self.candidate(remote)
            for remote in await ctx.api.list(self.entity, parent=self.parent(ctx), **filters)
            if remote.get("name") == name
        ]

    def find_filters(self, name: str) -> Mapping[str, str]:
        """What the service's listing can be narrowed by when looking for ``name``."""
        return {"name": name}

    async def find_by_id(self, ctx: Context[P], physical_id: str) -> Sequence[Candidate]:
        """``find`` for objects whose id is known beforehand: chosen, or the given name."""
        try:
            remote = await ctx.api.show(self.entity, physical_id, parent=self.parent(ctx))
        except Gone:
            return ()
        return (self.candidate(remote),)

    def candidate(self, remote: Remote) -> Candidate:
        return Candidate(
            str(remote[self.entity.id_field]), str(remote.get(self.created_field) or "")
        )

    # -- pure rules --------------------------------------------------------------

    def judge(self, remote: Remote) -> Outcome:
        if not self.status_field:
            return Ready(remote)
        status = str(remote.get(self.status_field))
        if status in self.ready_statuses:
            return Ready(remote)
        if status in self.failed_statuses:
            return Failed(self.failure_reason(remote))
        return Pending(self.poll_after)

    def judge_delete(self, remote: Remote) -> Outcome:
        if self.status_field and str(remote.get(self.status_field)) in self.failed_statuses:
            return Failed(self.failure_reason(remote))
        return Pending(self.poll_after)

    def failure_reason(self, remote: Remote) -> str:
        """Why the object is in a failed state."""
        return f'Went to status {remote.get(self.status_field)} due to "{self.fault(remote)}"'

    def fault(self, remote: Remote) -> str:
        """The cloud's own words for a failure, where it gives any."""
        return "Unknown"

    def attribute(self, ctx: Context[P], remote: Remote, name: str) -> Value:
        return dict(remote) if name == SHOW else super().attribute(ctx, remote, name)

    @property
    def poll_entity(self) -> Entity | None:
        if type(self).observe is not EntityType.observe or "{parent}" in self.entity.path:
            return None
        return self.entity
