"""OS::Zaqar::MistralTrigger: runs a workflow for each message of a queue."""

import json
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.resources.messaging.subscription import FOREVER, SubscriptionType

MESSAGE = "$zaqar_message$"
"""In the data that is sent the service puts the message in its place."""


class TriggerProperties(Properties):
    queue_name: str = prop("Queue whose messages trigger it.", exists="zaqar.queue", sends=None, reads="source")
    ttl: int = prop("Seconds after which it ends.", default=FOREVER, ge=60, update_allowed=True)
    workflow_id: str = prop("Workflow to run.", exists="mistral.workflow", update_allowed=True)
    params: dict[str, Any] = prop("Parameters of the execution.", default={}, update_allowed=True)
    input: dict[str, Any] = prop("Input of the workflow.", default={}, update_allowed=True)


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
