"""Types that are one object of one cloud service: most of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from isotherm.core.errors import Conflict
from isotherm.core.values import Value
from isotherm.kit.bodies import (
    create_fields,
    fields_beside,
    live_properties,
    update_fields,
)
from isotherm.kit.changes import Changes
from isotherm.kit.cloud_api import object_path
from isotherm.kit.context import Context, P
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, Started
from isotherm.kit.resource_type import SHOW, ResourceType
from isotherm.kit.signatures import Candidate, Candidates

BLOCKED = "blocked"
BLOCKED_SINCE = "blocked_since"
DELETING = "deleting"


class EntityType(ResourceType[P]):
    """Create, show, update, delete and find through one ``Entity``; what is sent, and what is
    read back, the properties declare.

    ``status_field`` and the sets of statuses drive the default ``judge``; a type
    without states leaves ``status_field`` empty and is ready when it exists.
    """

    effectless = False
    entity: ClassVar[Entity]
    parent_property: ClassVar[str] = ""
    """Attribute of the properties with the id of the object that this one lies in."""
    name_field: ClassVar[str] = "name"
    """Field that takes the physical name where the template gives none; it serves to find the
    object again. Empty: the object has none, and is found by what it is ``alike``."""
    found_among: ClassVar[Mapping[str, str] | None] = None
    """Filters of the listing that is searched for the name; by default the name is the filter."""
    alike: ClassVar[tuple[str, ...]] = ()
    """Fields in which no two objects without names are alike; by default all that is sent."""
    completes: ClassVar[tuple[str, ...]] = ()
    """Properties that take calls of their own after the create call; see ``complete``."""
    always_completes: ClassVar[bool] = False
    """Whether such calls follow whatever is given."""
    sends_whole: ClassVar[bool] = False
    """Whether an update sends the whole object, not only what has changed."""
    chooses_id: ClassVar[bool] = False
    """Whether the client chooses the object's id; it is found again by that."""
    goes_at_once: ClassVar[bool] = False
    """Whether an object is gone as soon as its delete call has succeeded: then nobody looks."""
    patience: ClassVar[float] = 0.0
    """Seconds that a delete waits for what still uses the object."""
    status_field: ClassVar[str] = ""
    ready_statuses: ClassVar[frozenset[str]] = frozenset()
    failed_statuses: ClassVar[frozenset[str]] = frozenset()
    gone_statuses: ClassVar[frozenset[str]] = frozenset()
    """Of objects that are still shown but do not exist any more."""
    poll_after: ClassVar[float] = 1.0
    created_field: ClassVar[str] = "created_at"

    def __init_subclass__(cls) -> None:
        """The service is the entity's, unless the type names another one."""
        super().__init_subclass__()
        if "entity" in vars(cls) and "service" not in vars(cls) and not cls.service:
            cls.service = cls.entity.service

    # -- coordinates and bodies: what some types sharpen ---------------------------

    def parent(self, ctx: Context[P]) -> str:
        """The id of the object that this one lies in, where the entity is nested."""
        return str(getattr(ctx.props, self.parent_property)) if self.parent_property else ""

    def create_body(self, ctx: Context[P]) -> Mapping[str, Any]:
        """The object of the create call: what is given, and the name."""
        chosen = {self.entity.id_field: ctx.intent.uuid} if self.chooses_id else {}
        named = {self.name_field: ctx.physical_name} if self.name_field else {}
        return {**chosen, **named, **create_fields(ctx.props)}

    def update_body(self, ctx: Context[P], changes: Changes) -> Mapping[str, Any]:
        """The object of the update call: what has changed. Empty: no call."""
        body = update_fields(ctx.props, changes)
        if self.sends_whole and body:
            body = {**create_fields(ctx.props), **body}
        if self.name_field in body and not body[self.name_field]:
            body[self.name_field] = ctx.physical_name
        return body

    async def defaults(self, ctx: Context[P], changes: Changes) -> Mapping[str, Any]:
        """Fields of the update call that give properties which are not given any more what a
        create without them would have given, where that is for the cloud to choose (KEEP)."""
        return {}

    # -- create and update -----------------------------------------------------------

    async def create(self, ctx: Context[P]) -> Outcome:
        remote = await ctx.api.create(
            self.entity,
            self.create_body(ctx),
            parent=self.parent(ctx),
            beside=fields_beside(ctx.props),
        )
        known = None if self.unfinished(ctx) else remote
        return Started(str(remote[self.entity.id_field]), known)

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        body = {**self.update_body(ctx, changes), **await self.defaults(ctx, changes)}
        if not body:
            return Pending(0)
        return await self.advance(
            ctx, await ctx.api.update(self.entity, ctx.physical_id, body, parent=self.parent(ctx))
        )

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        judged = self.judge(remote)
        if isinstance(judged, Ready) and await self.complete(ctx, remote):
            return Ready()
        return judged

    def unfinished(self, ctx: Context[P]) -> bool:
        """Whether calls must follow the create call."""
        names = (*self.completes, "tags") if self._has_tags() else self.completes
        given = ctx.props.given() if names else {}
        return self.always_completes or any(given.get(name) for name in names)

    async def complete(self, ctx: Context[P], remote: Remote) -> bool:
        """The calls that follow a create or update; they may be repeated. Whether any was made."""
        return self._has_tags() and await self._set_tags(ctx, remote)

    def _has_tags(self) -> bool:
        """Whether there is a property ``tags`` that is not sent with the object."""
        tags = self.Properties.fields.get("tags")
        return tags is not None and tags.sends is None

    async def _set_tags(self, ctx: Context[P], remote: Remote) -> bool:
        given = ctx.props.given()
        if "tags" not in given and (ctx.recorded is None or "tags" not in ctx.changed):
            return False
        tags = given.get("tags") or []
        if set(tags) == set(remote.get("tags") or ()):
            return False
        entity, path = self.entity, object_path(self.entity, ctx.physical_id, self.parent(ctx))
        await ctx.api.call(
            entity.service,
            "PUT",
            f"{path}/tags",
            {"tags": tags},
            microversion=entity.microversion,
        )
        return True

    # -- delete ------------------------------------------------------------------------

    async def delete(self, ctx: Context[P]) -> Outcome:
        return await self._try_delete(ctx) if ctx.physical_id else Ready()

    async def advance_delete(self, ctx: Context[P], remote: Remote) -> Outcome:
        if ctx.stage == BLOCKED:
            return await self._try_delete(ctx)
        return self.judge_delete(remote)

    async def _try_delete(self, ctx: Context[P]) -> Outcome:
        try:
            await self.remove(ctx)
        except Conflict:
            now = ctx.now.timestamp()
            if now - ctx.data.setdefault(BLOCKED_SINCE, now) >= self.patience:
                raise
            return Pending(2.0, stage=BLOCKED)
        return Ready() if self.goes_at_once else Pending(0, stage=DELETING)

    async def remove(self, ctx: Context[P]) -> None:
        """The delete call."""
        await ctx.api.delete(self.entity, ctx.physical_id, parent=self.parent(ctx))

    # -- look and find -------------------------------------------------------------------

    async def observe(self, ctx: Context[P]) -> Remote | None:
        """The object; empty while there is none yet (a create of several calls)."""
        if not ctx.physical_id:
            return {}
        return await ctx.api.look(self.entity, ctx.physical_id, parent=self.parent(ctx))

    async def settle(self, ctx: Context[P], remote: Remote) -> Outcome | None:
        judged = self.judge(remote)
        return judged if isinstance(judged, Pending) else None

    async def find(self, ctx: Context[P]) -> Candidates:
        body = self.create_body(ctx)
        if not self.name_field:
            return await self._find_alike(ctx, body)
        name = str(body[self.name_field])
        if self.chooses_id:
            found = await self._with_id(ctx, str(body[self.entity.id_field]))
        else:
            found = await self.list_named(ctx, name)
        return [self.candidate(each) for each in found if each.get(self.name_field) == name]

    async def list_named(self, ctx: Context[P], name: str) -> list[Remote]:
        """The objects among which those are that have the name."""
        parent, filters = self.parent(ctx), self.find_filters(name)
        return await ctx.api.list(self.entity, parent=parent, **filters)

    def find_filters(self, name: str) -> Mapping[str, str]:
        """What the service's listing can be narrowed by when looking for ``name``."""
        return {self.name_field: name} if self.found_among is None else self.found_among

    async def _with_id(self, ctx: Context[P], physical_id: str) -> list[Remote]:
        found = await ctx.api.look(self.entity, physical_id, parent=self.parent(ctx))
        return [] if found is None else [found]

    async def _find_alike(self, ctx: Context[P], body: Mapping[str, Any]) -> Candidates:
        """What is not shown cannot be compared."""
        names = self.alike or tuple(body)
        narrowed = {name: str(body[name]) for name in self.alike if name in body}
        listed = await ctx.api.list(self.entity, parent=self.parent(ctx), **narrowed)
        return [
            self.candidate(each)
            for each in listed
            if all(each[name] == body.get(name) for name in names if name in each)
        ]

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
        status = str(remote.get(self.status_field)) if self.status_field else ""
        if status in self.gone_statuses:
            return Ready()
        if status in self.failed_statuses:
            return Failed(self.failure_reason(remote))
        return Pending(self.poll_after)

    def live(self, remote: Remote) -> Mapping[str, Value]:
        """The properties that the object has now, as far as it tells."""
        return live_properties(self.Properties, remote)

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
