"""OS::Magnum::Cluster: servers that run containers together."""

from isotherm import kit
from isotherm.kit import KEEP, Properties, attr, prop, register, supported
from isotherm.kit.services.clusters import CLUSTER


class ClusterProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    cluster_template: str = prop("Template.", finds="magnum.cluster_template", sends="cluster_template_id")
    keypair: str | None = prop("Key pair to let in; by default the template's.", exists="nova.keypair")
    node_count: int = prop("Servers that containers run on.", default=1, ge=1, update_allowed=True)
    master_count: int = prop("Servers that direct the others.", default=1, ge=1, update_allowed=True)
    discovery_url: str | None = prop("Address by which the servers find each other.", clears=KEEP, update_allowed=True)
    create_timeout: int = prop("Minutes that the making may take; 0: any.", default=60, ge=0, update_allowed=True)


@register("OS::Magnum::Cluster", support=supported("9.0.0"))
class Cluster(kit.EntityType[ClusterProperties]):
    """Servers that run containers together."""

    entity = CLUSTER
    status_field = "status"
    ready_statuses = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "RESUME_COMPLETE", "CHECK_COMPLETE"})
    failed_statuses = frozenset({"CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED", "ROLLBACK_FAILED"})
    gone_statuses = frozenset({"DELETE_COMPLETE"})
    poll_after = 2.0
    attributes = (
        attr("api_address", doc="Where it is reached."),
        attr("stack_id", doc="Stack that it is made of."),
        attr("coe_version", doc="Version of what runs the containers."),
        attr("master_addresses", list, "Addresses of the servers that direct the others."),
        attr("status", doc="Its state.", volatile=True),
        attr("master_count", int, "How many direct the others."),
        attr("node_addresses", list, "Addresses of the servers that containers run on."),
        attr("status_reason", doc="Why it is in that state.", volatile=True),
        attr("node_count", int, "How many containers run on."),
        attr("name", doc="Its name."),
        attr("container_version", doc="Version of the container engine."),
        attr("discovery_url", doc="Address by which the servers find each other."),
        attr("cluster_template_id", doc="Its template."),
        attr("keypair", doc="The key pair that is let in."),
        attr("create_timeout", int, "Minutes that the making may take."),
    )

    async def create(self, ctx: kit.Context[ClusterProperties]) -> kit.Outcome:
        """The reply of the call tells the id alone."""
        outcome = await super().create(ctx)
        return kit.Started(outcome.physical_id) if isinstance(outcome, kit.Started) else outcome

    async def update(self, ctx: kit.Context[ClusterProperties], changes: kit.Changes) -> kit.Outcome:
        await super().update(ctx, changes)
        return kit.Pending(0)

    async def settle(self, ctx: kit.Context[ClusterProperties], remote: kit.Remote) -> kit.Outcome | None:
        moving = str(remote.get("status")).endswith("_IN_PROGRESS")
        return kit.Pending(self.poll_after) if moving else None

    def fault(self, remote: kit.Remote) -> str:
        return str(remote.get("status_reason") or "Unknown")
