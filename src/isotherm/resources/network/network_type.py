"""What all types of the network service have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from isotherm.kit import (
    Changes,
    Conflict,
    Context,
    EntityType,
    Gone,
    Outcome,
    Pending,
    Properties,
    Ready,
    Remote,
    Sibling,
    Started,
    deprecated,
    hidden,
    prop,
)
from isotherm.kit.context import P

BLOCKED = "blocked"
BLOCKED_SINCE = "blocked_since"
PATIENCE = 60.0
"""Seconds that a delete waits for what still uses the object: ports go a little later than
their servers."""
EMPTY = {"dns_name": "", "dns_domain": ""}
"""What clears a field that takes no null."""
STAYING = frozenset({"port_security_enabled", "propagate_uplink_status", "stateful"})
"""Fields that take no null: those not given any more stay as they are."""


class InNetwork(Properties):
    """What belongs to a network."""

    network_id: str | None = prop(
        "Former name of 'network'.",
        exists="neutron.network",
        renamed_to="network",
        support=hidden("5.0.0", deprecated("2014.2")),
    )
    network: str = prop(
        "Network that it belongs to, by name or id.", finds="neutron.network", since="2014.2"
    )


class NetworkType(EntityType[P]):
    """Property names become those of the API, ``value_specs`` are added, tags have a call of
    their own, and a delete waits for what still uses the object."""

    service = "network"
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE", "DOWN"})
    failed_statuses = frozenset({"ERROR"})
    api_names: ClassVar[Mapping[str, str]] = {}
    """The API's name of a property, where it differs."""
    apart: ClassVar[frozenset[str]] = frozenset()
    """Properties that are not sent with the object."""

    # -- bodies --------------------------------------------------------------------

    def body(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Property values as the API names them."""
        apart = self.apart | {"tags", "value_specs"}
        body = {self.api_names.get(n, n): v for n, v in values.items() if n not in apart}
        return {**body, **(values.get("value_specs") or {})}

    def create_body(self, ctx: Context[P]) -> Mapping[str, Any]:
        return {"name": ctx.physical_name, **self.body(ctx.props.given())}

    def update_body(self, ctx: Context[P], changes: Changes) -> Mapping[str, Any]:
        given = ctx.props.given()
        body = self.body({name: given.get(name) for name in changes})
        if "name" in body and body["name"] is None:
            body["name"] = ctx.physical_name
        return {
            name: EMPTY.get(name) if value is None else value
            for name, value in body.items()
            if value is not None or name not in STAYING
        }

    # -- verbs ---------------------------------------------------------------------

    async def create(self, ctx: Context[P]) -> Outcome:
        remote = await ctx.api.create(self.entity, self.create_body(ctx))
        return Started(str(remote["id"]), None if self.needs_more(ctx) else remote)

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        if not (body := self.update_body(ctx, changes)):
            return Pending(0)
        return await self.advance(ctx, await ctx.api.update(self.entity, ctx.physical_id, body))

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        judged = self.judge(remote)
        if not isinstance(judged, Ready):
            return judged
        done = await self.complete(ctx, remote)
        return Ready() if done else judged

    def needs_more(self, ctx: Context[P]) -> bool:
        """Whether calls must follow the create call."""
        return bool(ctx.props.given().get("tags"))

    async def complete(self, ctx: Context[P], remote: Remote) -> bool:
        """The calls that follow a create or update; they may be repeated. Whether any was made."""
        given = ctx.props.given()
        if "tags" not in given and (ctx.recorded is None or "tags" not in ctx.changed):
            return False
        tags = given.get("tags") or []
        if set(tags) == set(remote.get("tags") or ()):
            return False
        path = f"{self.entity.path}/{ctx.physical_id}/tags"
        await ctx.api.call("network", "PUT", path, {"tags": tags})
        return True

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
            if now - ctx.data.setdefault(BLOCKED_SINCE, now) >= PATIENCE:
                raise
            return Pending(2.0, stage=BLOCKED)
        return Pending(0, stage="deleting")

    async def remove(self, ctx: Context[P]) -> None:
        """The delete call."""
        await ctx.api.delete(self.entity, ctx.physical_id)


async def schedule(
    ctx: Context[Any], agents: tuple[Iterable[str], Iterable[str]], below: str, key: str
) -> bool:
    """Host the object on the agents wanted instead of those before; whether a call was made."""
    before, wanted = set(agents[0]), set(agents[1])
    for agent in sorted(before - wanted):
        with suppress(Gone):
            await ctx.api.call("network", "DELETE", f"/agents/{agent}/{below}/{ctx.physical_id}")
    for agent in sorted(wanted - before):
        with suppress(Conflict):  # hosted there already
            await ctx.api.call(
                "network", "POST", f"/agents/{agent}/{below}", {key: ctx.physical_id}
            )
    return before != wanted


def interfaces_of(subnets: Iterable[Any], others: Iterable[Sibling]) -> Iterable[str]:
    """The template's router interfaces on any of these subnets."""
    wanted = [each for each in subnets if each is not None]
    for other in others:
        if other.type == "OS::Neutron::RouterInterface":
            subnet = other.properties.get("subnet") or other.properties.get("subnet_id")
            if subnet is not None and subnet in wanted:
                yield other.name
