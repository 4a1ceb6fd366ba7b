"""OS::Zaqar::SignedQueueURL: lets others do something with a queue, without a login."""

from datetime import timedelta
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported

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
