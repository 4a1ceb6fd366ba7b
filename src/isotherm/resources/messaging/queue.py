"""OS::Zaqar::Queue: keeps messages until somebody takes them."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.services.messaging import QUEUE

METADATA = "metadata"
RESERVED = "_"
"""What the service itself keeps among the metadata begins so."""


class QueueProperties(Properties):
    name: str | None = prop("Name; by default one is made up.", max_length=64)
    metadata: dict[str, Any] | None = changeable("Anything that is to be known of it.")


Here = kit.Context[QueueProperties]


@register("OS::Zaqar::Queue", support=supported("2014.2"))
class Queue(kit.AssociationType[QueueProperties]):
    """Keeps messages until somebody takes them.

    All who know its name in their project share it.
    """

    entity = QUEUE
    name_limit = 64
    links = (kit.Link("queue", ("name",)),)
    attributes = (
        attr(
            "queue_id",
            None,
            "Its name.",
            reads=lambda ctx, _: ctx.physical_id,
            volatile=True,
            support=hidden("6.0.0", deprecated("2015.1", supported("2014.1"))),
        ),
        attr("href", None, "Its address.", fetched=True),
    )

    def named(self, ctx: Here) -> str:
        return ctx.props.name or ctx.physical_name

    async def create(self, ctx: Here) -> kit.Outcome:
        await self.join(ctx)
        return kit.Started(self.named(ctx))

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        await self.join(ctx)
        return kit.Pending(0)

    async def find(self, ctx: Here) -> kit.Candidates:
        there = await self._shown(ctx, self.named(ctx))
        return () if there is None else (kit.Candidate(self.named(ctx), exclusive=False),)

    def identity(self, props: QueueProperties) -> str:
        return props.name or ""

    async def join(self, ctx: Here) -> None:
        """What is there already keeps its messages, and gets this metadata."""
        path, wanted = f"/queues/{self.named(ctx)}", ctx.props.metadata or {}
        await ctx.api.call("message", "PUT", path, wanted)
        there = (await self.connection(ctx, self.named(ctx)))[METADATA]
        changes = [
            {"op": "add", "path": _pointer(key), "value": value}
            for key, value in wanted.items()
            if key not in there or there[key] != value
        ]
        changes += [
            {"op": "remove", "path": _pointer(key)}
            for key in there
            if key not in wanted and not key.startswith(RESERVED)
        ]
        if changes:
            await ctx.api.call("message", "PATCH", path, changes, headers={"Content-Type": PATCH})

    async def part(self, ctx: Here) -> None:
        await ctx.api.delete(QUEUE, ctx.physical_id)

    async def connection(self, ctx: Here, identity: str) -> kit.Remote:
        return {METADATA: await ctx.api.call("message", "GET", f"/queues/{identity}")}

    async def fetch(self, ctx: Here, attribute: str) -> kit.Value:
        return f"{await ctx.api.address('message')}/queues/{ctx.physical_id}"

    def live(self, remote: kit.Remote) -> kit.Values:
        kept = {key: each for key, each in remote[METADATA].items() if not key.startswith(RESERVED)}
        return {METADATA: kept}


PATCH = "application/openstack-messaging-v2.0-json-patch"


def _pointer(key: str) -> str:
    return f"/metadata/{key.replace('~', '~0').replace('/', '~1')}"
