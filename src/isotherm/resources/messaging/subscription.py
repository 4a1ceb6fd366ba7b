"""OS::Zaqar::Subscription and MistralTrigger: who is told of each message of a queue, and what is run."""

import json
from abc import abstractmethod
from datetime import timedelta
from typing import Any

from isotherm import kit
from isotherm.kit import P, Properties, changeable, prop, register, supported
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
    subscriber: str = changeable(f"Address that is told, with one of these schemes: {', '.join(SCHEMES)}.")
    ttl: int = changeable("Seconds after which it ends.", default=FOREVER, ge=60)
    options: dict[str, Any] | None = changeable("How it is told (`post_data`, `post_headers`).")


@register("OS::Zaqar::Subscription", support=supported("8.0.0"))
class Subscription(SubscriptionType[SubscriptionProperties]):
    """An address that is told of each message of a queue."""

    links = (kit.Link("subscription", ("queue_name", "subscriber"), details=("ttl", "options")),)

    async def wish(self, ctx: kit.Context[SubscriptionProperties]) -> kit.Fields:
        props = ctx.props
        return {"subscriber": props.subscriber, "ttl": props.ttl, "options": props.options or {}}

    def problems(self, properties: kit.Values) -> kit.Problems:
        subscriber = properties.get("subscriber")
        if isinstance(subscriber, str) and subscriber.partition(":")[0] not in SCHEMES:
            yield "subscriber", f"the scheme must be one of {', '.join(SCHEMES)}"


MESSAGE = "$zaqar_message$"
"""In the data that is sent the service puts the message in its place."""


class TriggerProperties(Properties):
    queue_name: str = prop("Queue whose messages trigger it.", exists="zaqar.queue", sends=None, reads="source")
    ttl: int = changeable("Seconds after which it ends.", default=FOREVER, ge=60)
    workflow_id: str = changeable("Workflow to run.", exists="mistral.workflow")
    params: dict[str, Any] = changeable("Parameters of the execution.", default={})
    input: dict[str, Any] = changeable("Input of the workflow.", default={})


@register("OS::Zaqar::MistralTrigger", support=supported("8.0.0"))
class MistralTrigger(SubscriptionType[TriggerProperties]):
    """Runs a workflow for each message of a queue.

    The workflow finds the message in its environment, as `notification`.
    """

    async def wish(self, ctx: kit.Context[TriggerProperties]) -> kit.Fields:
        props = ctx.props
        params = {**props.params, "env": {**props.params.get("env", {}), "notification": MESSAGE}}
        data = {"workflow_id": props.workflow_id, "params": params, "input": props.input}
        return {
            "subscriber": f"trust+{await ctx.api.address('workflow')}/executions",
            "ttl": props.ttl,
            "options": {"post_data": json.dumps(data)},
        }

    def live(self, remote: kit.Remote) -> kit.Values:
        data = json.loads(remote["options"].get("post_data", "{}"))
        params = dict(data.get("params", {}))
        env = {key: each for key, each in params.pop("env", {}).items() if key != "notification"}
        return {
            "queue_name": remote["source"],
            "ttl": remote["ttl"],
            "workflow_id": data.get("workflow_id"),
            "params": {**params, "env": env} if env else params,
            "input": data.get("input", {}),
        }
