"""What our types offer besides what the facts about the reference tell."""

from collections.abc import Mapping

ATTRIBUTES = {"AWS::EC2::SecurityGroup": {"GroupId"}}
"""Those that templates written for AWS read, and the reference does not know."""
PROPERTIES = {
    "AWS::AutoScaling::AutoScalingGroup": {"Tags.PropagateAtLaunch"},
    "AWS::CloudWatch::Alarm": {
        *("ActionsEnabled", "DatapointsToAlarm", "ExtendedStatistic", "TreatMissingData", "Unit"),
    },
}
"""Those that such templates give, of properties in lists with their list's name."""
LOOSER: Mapping[str, Mapping[str, Mapping[str, bool]]] = {
    "AWS::CloudWatch::Alarm": {"Statistic": {"required": True}},
    "AWS::ElasticLoadBalancing::LoadBalancer": {
        "AvailabilityZones": {"required": True},
        "Subnets": {"implemented": False},
    },
}
"""What the reference says of properties that such templates use otherwise."""
