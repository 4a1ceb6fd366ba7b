"""OS::Zaqar::Queue and SignedQueueURL: keeps messages until somebody takes them; lets others do so."""

from datetime import timedelta
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
        there = await ctx.api.call("message", "GET", path)
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

    async def connection(self, ctx: Here, identity: str) -> kit.Remote | None:
        """The service shows any queue, as it would be; lists have those that are there."""
        listed = await ctx.api.list(QUEUE, name=identity, detailed="true")
        return next(({METADATA: each[METADATA]} for each in listed if each["name"] == identity), None)

    async def fetch(self, ctx: Here, attribute: str) -> kit.Value:
        return f"{await ctx.api.address('message')}/queues/{ctx.physical_id}"

    def live(self, remote: kit.Remote) -> kit.Values:
        kept = {key: each for key, each in remote[METADATA].items() if not key.startswith(RESERVED)}
        return {METADATA: kept}


PATCH = "application/openstack-messaging-v2.0-json-patch"


def _pointer(key: str) -> str:
    return f"/metadata/{key.replace('~', '~0').replace('/', '~1')}"


METHODS = ("GET", "DELETE", "PATCH", "POST", "PUT")
SIGNED = ("signature", "expires", "paths", "methods", "project")


class SignedQueueUrlProperties(Properties):
    queue: str = prop("Queue.")
    paths: list[Any] | None = prop("What of it may be used (messages, claims, subscriptions); by default messages.")
    ttl: int | None = prop("Seconds until it ends; by default a day.")
    methods: list[str] | None = prop(
        "Methods that may be used; by default GET.", items=prop("A method.", allowed=METHODS)
    )


def _query(ctx: kit.Context[SignedQueueUrlProperties], _: kit.Remote) -> kit.Value:
    """As addresses of alarm actions carry it, which is not quoted."""
    told = {**{name: _told(ctx, name) for name in SIGNED}, "queue_name": ctx.props.queue}
    told["project_id"] = told.pop("project")
    order = ("signature", "expires", "paths", "methods", "project_id", "queue_name")
    return "&".join(f"{name}={_joined(told[name])}" for name in order)


def _told(ctx: kit.Context[SignedQueueUrlProperties], name: str) -> Any:
    value = ctx.data.get(name)
    return value.reveal() if isinstance(value, kit.Secret) else value


def _joined(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _reads(name: str) -> kit.Reading:
    return lambda ctx, _: _told(ctx, name)


@register("OS::Zaqar::SignedQueueURL", support=supported("8.0.0"))
class SignedQueueUrl(kit.NamedType[SignedQueueUrlProperties]):
    """Lets others do something with a queue, without a login; it cannot be taken back before it ends."""

    service = "message"
    effectless = False
    attributes = (
        attr("signature", None, "Signature.", secret=True, reads=_reads("signature")),
        attr("expires", None, "When it ends.", reads=_reads("expires")),
        attr("paths", None, "Paths that may be used.", reads=_reads("paths")),
        attr("methods", None, "Methods that may be used.", reads=_reads("methods")),
        attr("project", None, "Project of the queue.", reads=_reads("project")),
        attr("query_str", None, "All of it, as the query of an address.", secret=True, reads=_query),
    )

    async def create(self, ctx: kit.Context[SignedQueueUrlProperties]) -> kit.Outcome:
        props = ctx.props
        wish: dict[str, Any] = {
            name: each for name, each in (("paths", props.paths), ("methods", props.methods)) if each
        }
        if props.ttl is not None:
            end = ctx.now + timedelta(seconds=props.ttl)
            wish["expires"] = end.replace(tzinfo=None).isoformat(timespec="seconds")
        signed = await ctx.api.call("message", "POST", f"/queues/{props.queue}/share", wish)
        ctx.data |= {name: signed[name] for name in SIGNED}
        ctx.data["signature"] = kit.Secret(signed["signature"])
        return await super().create(ctx)
