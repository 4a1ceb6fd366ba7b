"""OS::Zaqar::Subscription: who is told of each message of a queue."""

from abc import abstractmethod
from datetime import timedelta
from typing import Any

from isotherm import kit
from isotherm.kit import P, Properties, prop, register, supported
from isotherm.kit.services.messaging import SUBSCRIPTION

SCHEMES = ("http", "https", "mailto", "trust+http", "trust+https")
FOREVER = 220367260800
"""Seconds; until the year 9000."""


class SubscriptionType(kit.EntityType[P]):
    """A queue knows each subscriber but once, by which a subscription is found again."""

    entity = SUBSCRIPTION
    parent_property = "queue_name"
    name_field = "subscriber"

    @abstractmethod
    async def wish(self, ctx: kit.Context[P]) -> kit.Fields:
        """Subscriber, ttl and options."""

    async def create(self, ctx: kit.Context[P]) -> kit.Outcome:
        made = await ctx.api.create(SUBSCRIPTION, await self.wish(ctx), parent=self.parent(ctx))
        return kit.Started(str(made["subscription_id"]))

    async def update(self, ctx: kit.Context[P], changes: kit.Changes) -> kit.Outcome:
        await ctx.api.update(SUBSCRIPTION, ctx.physical_id, await self.wish(ctx), parent=self.parent(ctx))
        return kit.Pending(0)

    async def find(self, ctx: kit.Context[P]) -> kit.Candidates:
        wanted = (await self.wish(ctx))["subscriber"]
        found = await ctx.api.list(SUBSCRIPTION, parent=self.parent(ctx))
        return [
            kit.Candidate(each["id"], (ctx.now - timedelta(seconds=each["age"])).isoformat())
            for each in found
            if each["subscriber"] == wanted
        ]


class SubscriptionProperties(Properties):
    queue_name: str = prop("Queue whose messages are told.", exists="zaqar.queue", sends=None, reads="source")
    subscriber: str = prop(
        f"Address that is told, with one of these schemes: {', '.join(SCHEMES)}.", update_allowed=True
    )
    ttl: int = prop("Seconds after which it ends.", default=FOREVER, ge=60, update_allowed=True)
    options: dict[str, Any] | None = prop("How it is told (`post_data`, `post_headers`).", update_allowed=True)


@register("OS::Zaqar::Subscription", support=supported("8.0.0"))
class Subscription(SubscriptionType[SubscriptionProperties]):
    """An address that is told of each message of a queue."""

    links = (kit.Link("subscription", ("queue_name", "subscriber"), details=("ttl", "options")),)

    async def wish(self, ctx: kit.Context[SubscriptionProperties]) -> kit.Fields:
        props = ctx.props
        return {"subscriber": props.subscriber, "ttl": props.ttl, "options": props.options or {}}

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        subscriber = properties.get("subscriber")
        if isinstance(subscriber, str) and subscriber.partition(":")[0] not in SCHEMES:
            yield "subscriber", f"the scheme must be one of {', '.join(SCHEMES)}"
