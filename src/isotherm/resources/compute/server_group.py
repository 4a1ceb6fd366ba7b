"""OS::Nova::ServerGroup: where its servers may run relative to each other."""

from typing import ClassVar

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.compute import SERVER_GROUP

POLICIES = ("anti-affinity", "affinity", "soft-anti-affinity", "soft-affinity")


class Rules(Properties):
    max_server_per_host: float | None = prop(
        "How many of the group's servers one host may run (policy anti-affinity only).", encodes=int
    )


class ServerGroupProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    policies: list[str] = prop(
        "The policy, as a list of one.",
        default=["anti-affinity"],
        sends="policy",
        encodes=lambda policies: policies[0],
        decodes=lambda policy: [policy],
        allowed=POLICIES,
    )
    rules: Rules | None = prop("Details of the policy.", since="17.0.0")


@register("OS::Nova::ServerGroup", support=supported("2014.2"))
class ServerGroup(kit.EntityType[ServerGroupProperties]):
    """Servers that are kept apart or together."""

    entity = SERVER_GROUP
    found_among: ClassVar = {}

    def problems(self, properties: kit.Values) -> kit.Problems:
        policies = properties.get("policies")
        if isinstance(policies, list) and len(policies) != 1:
            yield "policies", "must name one policy"
