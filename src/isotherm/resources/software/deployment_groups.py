"""Groups of deployments: one configuration on several servers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import P, Properties, attr, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.deployments import STATUS_CODE, STDERR, STDOUT
from isotherm.resources.software.deployment_type import ACTIONS, Structured
from isotherm.resources.software.signalling import transport_property

_OF_MEMBERS = {"deploy_stdouts": STDOUT, "deploy_stderrs": STDERR, "deploy_status_codes": STATUS_CODE}
"""Attributes of the group by those of its members."""


class DeploymentGroupProperties(Properties):
    servers: dict[str, Any] = changeable("Ids of the servers, each by a name.")
    config: str | None = changeable("Id of the configuration.")
    input_values: dict[str, Any] | None = changeable("Values of its inputs.")
    actions: list[Any] = changeable(
        "When the servers have something to do.", default=["CREATE", "UPDATE"], allowed=ACTIONS
    )
    name: str | None = changeable("Name that gives the order on each server.")
    signal_transport: str = transport_property("How the servers report back.")


class StructuredDeploymentGroupProperties(Structured, DeploymentGroupProperties):
    """Of configurations that are data."""


class Batches(Properties):
    max_batch_size: int = prop("Servers at a time.", default=1, ge=1)
    pause_time: float = prop("Seconds between two batches.", default=0, ge=0)


class DeploymentGroupPolicy(Properties):
    rolling_update: Batches | None = prop("How servers get something new.", support=supported("7.0.0"))
    batch_create: Batches | None = prop("How servers get the first.", support=supported("7.0.0"))


class DeploymentGroupType(kit.GroupType[P]):
    """Its members are deployments by the names of their servers."""

    UpdatePolicy = DeploymentGroupPolicy
    member_type: ClassVar[str]
    attributes = tuple(
        attr(name, dict, f"The attribute {member} of the deployments, by the names of their servers.")
        for name, member in _OF_MEMBERS.items()
    )

    def size(self, props: Any, data: kit.Values) -> Any:
        return props.servers if isinstance(props.servers, kit.Unknown) else len(props.servers)

    def names(self, size: int, data: kit.Values) -> Sequence[str]:
        return []

    def wanted_names(self, props: Any, data: kit.Values) -> Sequence[str]:
        return list(props.servers)

    def members(self, props: Any, names: Sequence[str], data: kit.Values) -> Mapping[str, kit.Member]:
        shared = {name: value for name, value in props.given().items() if name != "servers"}
        return {
            name: kit.write_member(name, self.member_type, {**shared, "server": props.servers[name]}) for name in names
        }

    def growth(self, ctx: kit.Context[P]) -> kit.Pace | None:
        return _pace(ctx.policy.batch_create)

    def rolling(self, ctx: kit.Context[P]) -> kit.Pace | None:
        return _pace(ctx.policy.rolling_update)

    def attribute_key(self, attribute: str, key: str) -> str:
        return super().attribute_key(_OF_MEMBERS.get(attribute, attribute), key)

    def read(self, recorded: kit.Values, name: str, steps: Sequence[kit.Value]) -> kit.Value:
        """Always by the names of servers, whatever the attribute."""
        return self.by_names(recorded, _OF_MEMBERS.get(name, name), steps)


def _pace(policy: Batches | None) -> kit.Pace | None:
    return kit.Pace(policy.max_batch_size, pause=policy.pause_time) if policy else None


@register("OS::Heat::SoftwareDeploymentGroup", support=supported("5.0.0"))
class SoftwareDeploymentGroup(DeploymentGroupType[DeploymentGroupProperties]):
    """A configuration that several servers apply."""

    member_type = "OS::Heat::SoftwareDeployment"
    formerly = frozenset({"OS::Heat::SoftwareDeployments"})


@register(
    "OS::Heat::SoftwareDeployments",
    support=hidden("7.0.0", deprecated("2014.2")),
    successor="OS::Heat::SoftwareDeploymentGroup",
)
class SoftwareDeployments(SoftwareDeploymentGroup):
    """The former name of OS::Heat::SoftwareDeploymentGroup."""


@register("OS::Heat::StructuredDeploymentGroup", support=supported("5.0.0"))
class StructuredDeploymentGroup(DeploymentGroupType[StructuredDeploymentGroupProperties]):
    """A configuration of data, with its inputs filled in, that several servers apply."""

    member_type = "OS::Heat::StructuredDeployment"
    formerly = frozenset({"OS::Heat::StructuredDeployments"})


@register(
    "OS::Heat::StructuredDeployments",
    support=hidden("7.0.0", deprecated("2014.2")),
    successor="OS::Heat::StructuredDeploymentGroup",
)
class StructuredDeployments(StructuredDeploymentGroup):
    """The former name of OS::Heat::StructuredDeploymentGroup."""
