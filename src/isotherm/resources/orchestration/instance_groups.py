"""OS::Heat::InstanceGroup and AWS::AutoScaling::AutoScalingGroup: servers of one kind."""

import re
from collections.abc import Collection, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import P, Properties, attr, changeable, prop, register, supported
from isotherm.kit.member_stacks import EVERY
from isotherm.kit.services.load_balancer import LISTENER
from isotherm.resources import balancing_servers, pool_members
from isotherm.resources.amazon import Tag
from isotherm.resources.orchestration.launch_configuration import LaunchConfiguration, launched_as
from isotherm.resources.orchestration.scaling import ScalingGroup, ShrinkingGroup

_BALANCER = "AWS::ElasticLoadBalancing::LoadBalancer"


async def join(ctx: kit.Context[Any], names: Collection[kit.Value], servers: Collection[str]) -> None:
    """Have these servers, and no others of the group, be members of all its load balancers. May be
    repeated, and is after each call for which the load balancer is busy for a moment. Raises
    Refused where the stack has no such load balancer."""
    for name in names:
        balancer = ctx.neighbour(name)
        if balancer is not None and balancer.type == kit.stand_in_of(_BALANCER):
            await balancing_servers.join(ctx, balancer, servers)
            continue
        if balancer is None or balancer.type != _BALANCER:
            raise kit.Refused(f"Unsupported resource '{name}' in LoadBalancerNames")
        inside = {int(each["LoadBalancerPort"]): int(each["InstancePort"]) for each in _listeners(balancer)}
        for listener in await ctx.api.list(LISTENER, loadbalancer_id=balancer.physical_id):
            port, pool = inside.get(listener["protocol_port"]), listener.get("default_pool_id")
            if port is not None and pool is not None:
                await _fill(ctx, str(pool), await _told_members(ctx, balancer, port, servers))


async def _fill(ctx: kit.Context[Any], pool: str, members: list[dict[str, Any]]) -> None:
    tag = pool_members.tag_of(ctx.physical_id)
    there = await pool_members.present(ctx.api, pool)
    others = [each for each in there if tag not in (each.get("tags") or ())]
    own = [{**each, "tags": [tag]} for each in members]
    await pool_members.have(ctx.api, pool, there, [*others, *own])


async def _told_members(
    ctx: kit.Context[Any], balancer: kit.Neighbour, port: int, servers: Collection[str]
) -> list[dict[str, Any]]:
    check = balancer.properties.get("HealthCheck")
    target = str(check["Target"]) if isinstance(check, Mapping) else ""
    watched = target.partition(":")[2].partition("/")[0]
    return await pool_members.members_of(ctx.api, sorted(servers), port, int(watched or 0))


def _listeners(balancer: kit.Neighbour) -> list[kit.Fields]:
    given: Any = balancer.properties.get("Listeners")
    return list(given or ())


_LAUNCH, _GROUP = "launch", "group"
_MEMBER, _ADDRESS = "AWS::EC2::Instance", "PublicIp"
_LIST = "InstanceList"
_PAUSE = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?")
_LONGEST_PAUSE = 3600
_USUAL_PATIENCE = 300
_AT_REST = ("AlarmNotification", "AZRebalance", "HealthCheck", "ReplaceUnhealthy", "ScheduledActions")
"""Processes of a group that do nothing while it is updated; signals of alarms wait."""


class NoSuchLaunch(kit.Refused):
    """The stack has no launch configuration of that name."""

    kind = "ValueError"

    def __init__(self, name: str) -> None:
        super().__init__(f"LaunchConfigurationName ({name}) reference can not be found.")


class RollingUpdate(Properties):
    MinInstancesInService: int = prop("Instances that are ready at any time.", default=0)
    MaxBatchSize: int = prop("Instances changed at a time.", default=1)
    PauseTime: str = prop("Time between two batches, such as PT5M.", default="PT0S")


class AwsRollingUpdate(RollingUpdate):
    WaitOnResourceSignals: bool = prop(
        "Whether each batch waits for a signal of every new instance, by SignalResource with an id of its own, for as "
        "long as PauseTime (by default PT5M).",
        default=False,
        told=kit.Told.NOT_AT_ALL,
    )
    MinSuccessfulInstancesPercent: int = prop(
        "How many of the new instances must signal success.", default=100, ge=0, le=100, told=kit.Told.NOT_AT_ALL
    )
    SuspendProcesses: list[str] | None = prop(
        f"What is not to happen during an update; of {', '.join(_AT_REST)} nothing does in any case.",
        told=kit.Told.NOT_AT_ALL,
    )


def pause_of(text: str) -> int:
    """The seconds of a duration in ISO 8601. Raises Refused."""
    found = _PAUSE.fullmatch(text)
    if found is None or not any(found.groups()):
        raise kit.Refused(f"PauseTime: {text} is no time, such as PT5M or PT30S.")
    hours, minutes, seconds = (int(each or 0) for each in found.groups())
    pause = 3600 * hours + 60 * minutes + seconds
    if pause > _LONGEST_PAUSE:
        raise kit.Refused("PauseTime: the pause between two batches is an hour at most.")
    return pause


class Instances(ShrinkingGroup[P]):
    """What groups of servers are, whatever says how many there are to be."""

    foreseeable = False  # what an instance is made of stands in another resource
    attributes = (attr(_LIST, str, "Addresses of the instances, with commas between them."),)

    async def take_stock(self, ctx: kit.Context[P]) -> None:
        await super().take_stock(ctx)
        await self._note(ctx, ctx.props)

    async def _note(self, ctx: kit.Context[P], given: Any) -> None:
        """Note what instances are made of, and how they tell the group."""
        launched = await self._launched(ctx, given)
        if launched is None:
            raise NoSuchLaunch(given.LaunchConfigurationName)
        ctx.data |= {_LAUNCH: launched, _GROUP: ctx.physical_id or ctx.intent.uuid}

    async def _launched(self, ctx: kit.Context[P], given: Any) -> dict[str, kit.Value] | None:
        if name := given.LaunchConfigurationName:
            found = ctx.neighbour(name)
            if found is None or found.type != LaunchConfiguration.name:
                return None
            launched = await launched_as(ctx.api, found.properties)
        else:
            launched = await launched_as(ctx.api, {"InstanceId": given.InstanceId})
        if subnets := getattr(given, "VPCZoneIdentifier", None):
            launched["SubnetId"] = subnets[0]
        return launched

    async def find(self, ctx: kit.Context[P]) -> kit.Candidates:
        found = await super().find(ctx)
        if not found:
            return ()
        with suppress(NoSuchLaunch):  # it may be found to be removed
            await self._note(ctx, ctx.props)
        return [replace(each, data={**each.data, **ctx.data}) for each in found]

    async def adopt(self, ctx: kit.Context[P]) -> kit.Outcome:
        await self._note(ctx, ctx.props)
        return await super().adopt(ctx)

    async def end_change(self, ctx: kit.Context[P]) -> None:
        await self._balance(ctx)

    async def standing(self, ctx: kit.Context[P]) -> kit.Blueprint | None:
        """Load balancers are told anew what their members are, and launches looked up."""
        return None

    async def begin_change(self, ctx: kit.Context[P], changing: Collection[str]) -> None:
        """Nothing is sent to instances that go, or are made anew."""
        await self._balance(ctx, without=frozenset(changing))

    async def delete(self, ctx: kit.Context[P]) -> kit.Outcome:
        if (names := self._balancers(ctx)) and ctx.physical_id:
            with suppress(kit.Gone, kit.Refused):  # the load balancer is gone, too
                await join(ctx, names, ())
        return await super().delete(ctx)

    async def _balance(self, ctx: kit.Context[P], without: Set[str] = frozenset()) -> None:
        if names := self._balancers(ctx):
            inside = await ctx.stacks.resources(ctx.physical_id)
            # What is to go is still inside, until everything else is as wanted.
            staying = (await self.present(ctx)).keys() - without
            serving = [each for name, each in inside.items() if name in staying and not each.failed]
            await join(ctx, names, [str(each.reference) for each in serving if each.reference])

    def _balancers(self, ctx: kit.Context[P]) -> Sequence[kit.Value]:
        given: Any = ctx.props
        return given.LoadBalancerNames or ()

    def members(self, props: P, names: Sequence[str], data: kit.Values) -> Mapping[str, kit.Member]:
        given: Sequence[Tag] = getattr(props, "Tags", None) or ()
        tags = [{"Key": each.key, "Value": each.value} for each in given if getattr(each, "propagates", True)]
        tags += [{"Key": name, "Value": data.get(_GROUP, "")} for name in self.marks]
        instance = {**data.get(_LAUNCH, {}), "Tags": tags}
        return {name: kit.write_member(name, _MEMBER, instance) for name in names}

    marks: ClassVar[tuple[str, ...]] = ("metering.groupname",)
    """Tags that tell the group."""

    def rolling(self, ctx: kit.Context[P]) -> kit.Pace | None:
        policy = ctx.policy.rolling
        if policy is None:
            return None
        pause, share = pause_of(policy.PauseTime), None
        if self.awaits_signals(ctx.policy):
            pause, share = pause or _USUAL_PATIENCE, policy.MinSuccessfulInstancesPercent
        return kit.Pace(max(1, policy.MaxBatchSize), max(0, policy.MinInstancesInService), pause, share)

    def renews_members(self, ctx: kit.Context[P]) -> bool:
        """Without a policy only new instances are made as the launch configuration says."""
        return ctx.policy.rolling is not None

    # -- attributes -------------------------------------------------------------------------

    def attribute_key(self, attribute: str, key: str) -> str:
        return f"{EVERY}{_ADDRESS}" if attribute == _LIST else super().attribute_key(attribute, key)

    def read(self, recorded: kit.Values, name: str, steps: Sequence[kit.Value]) -> kit.Value:
        if name != _LIST or _LIST in recorded:
            return super().read(recorded, name, steps)
        return ",".join(str(each) for each in recorded[f"{EVERY}{_ADDRESS}"].values() if each is not None)


class GroupTag(Tag):
    propagates: bool = prop(
        "Whether the instances get it.", default=True, name="PropagateAtLaunch", told=kit.Told.NOT_AT_ALL
    )


class InstanceGroupProperties(Properties):
    AvailabilityZones: list[Any] = prop("Not used: the cloud chooses a zone for each server.")
    LaunchConfigurationName: str = changeable("What instances are made of.")
    Size: int = changeable("Number of instances.")
    LoadBalancerNames: list[Any] | None = prop("Load balancers that the instances join.")
    Tags: list[Tag] | None = prop("Tags of the instances.")


class InstanceGroupPolicy(Properties):
    rolling: RollingUpdate | None = prop("How instances get a new definition.", name="RollingUpdate")


@register("OS::Heat::InstanceGroup")
class InstanceGroup(Instances[InstanceGroupProperties]):
    """As many servers of one kind as wanted."""

    UpdatePolicy = InstanceGroupPolicy

    def size(self, props: InstanceGroupProperties, data: kit.Values) -> int:
        return max(0, props.Size)


_ONE_SUBNET = (
    "Anything other than one VPCZoneIdentifier is not supported; "
    "give the subnet that all instances are in: the cloud spreads them over its zones"
)


class AwsGroupProperties(Properties):
    AvailabilityZones: list[Any] = prop("Not used: the cloud chooses a zone for each server.")
    LaunchConfigurationName: str | None = changeable("What instances are made of.")
    InstanceId: str | None = prop("Server that instances are made like.", exists="nova.server")
    MaxSize: int = changeable("Instances at the most.")
    MinSize: int = changeable("Instances at least.")
    Cooldown: int | None = changeable("Seconds in which no policy acts again.")
    DesiredCapacity: int | None = changeable("Instances at first, and after an update.")
    HealthCheckGracePeriod: int | None = prop("Not used.", implemented=False)
    HealthCheckType: str | None = prop("Not used.", implemented=False, allowed=("EC2", "ELB"))
    LoadBalancerNames: list[Any] | None = prop("Load balancers that the instances join.")
    VPCZoneIdentifier: list[str] | None = prop("Subnet of the instances: a list of one.")
    Tags: list[GroupTag] | None = prop("Tags of the instances.")


class ScheduledAction(Properties):
    IgnoreUnmodifiedGroupSizeProperties: bool = prop("True is not supported yet.", default=False)


class ReplacingUpdate(Properties):
    WillReplace: bool = prop("True is not supported yet.", default=False)


_FALSE_ALONE = (
    ("AutoScalingScheduledAction", "IgnoreUnmodifiedGroupSizeProperties"),
    ("AutoScalingReplacingUpdate", "WillReplace"),
)


class AwsGroupPolicy(Properties):
    rolling: AwsRollingUpdate | None = prop("How instances get a new definition.", name="AutoScalingRollingUpdate")
    scheduled: ScheduledAction | None = prop(
        "What becomes of its size.", name="AutoScalingScheduledAction", told=kit.Told.NOT_AT_ALL
    )
    replacing: ReplacingUpdate | None = prop(
        "Whether the group is made anew.", name="AutoScalingReplacingUpdate", told=kit.Told.NOT_AT_ALL
    )


@register("AWS::AutoScaling::AutoScalingGroup", support=supported("2014.1"))
class AwsAutoScalingGroup(Instances[AwsGroupProperties], ScalingGroup[AwsGroupProperties]):
    """Servers of one kind, as many as policies make of them."""

    UpdatePolicy = AwsGroupPolicy
    least, most, desired, cooldown = "MinSize", "MaxSize", "DesiredCapacity", "Cooldown"
    marks = ("metering.groupname", "metering.AutoScalingGroupName")
    exclusive = (("LaunchConfigurationName", "InstanceId"),)
    one_of = (("LaunchConfigurationName", "InstanceId"),)

    def awaits_signals(self, policy: Any) -> bool:
        return policy.rolling is not None and policy.rolling.WaitOnResourceSignals

    def validate_policy(self, policy: kit.Values) -> kit.Problems:
        rolling = policy.get("AutoScalingRollingUpdate") or {}
        where = "AutoScalingRollingUpdate.SuspendProcesses"
        for group, name in _FALSE_ALONE:
            if (policy.get(group) or {}).get(name) is True:
                yield f"{group}.{name}", "true is not supported yet"
        if rolling.get("WaitOnResourceSignals") is True and isinstance(pause := rolling.get("PauseTime"), str):
            try:
                pause_of(pause)
            except kit.Refused as error:
                yield "AutoScalingRollingUpdate.PauseTime", str(error).removeprefix("PauseTime: ")
        for each in rolling.get("SuspendProcesses") or ():
            if isinstance(each, str) and each not in _AT_REST:
                yield where, f"{each} is not supported yet; give some of {', '.join(_AT_REST)}"

    def problems(self, properties: kit.Values) -> kit.Problems:
        low, subnets = properties.get("MinSize"), properties.get("VPCZoneIdentifier")
        if isinstance(low, int) and low < 0:
            yield "MinSize", "The size of AutoScalingGroup can not be less than zero"
        if isinstance(subnets, list) and len(subnets) != 1:
            yield "VPCZoneIdentifier", _ONE_SUBNET
