"""The default rules: names and check strings that operators' policy files may override."""

from __future__ import annotations

from collections.abc import Iterator

BASE = {
    "context_is_admin": "(role:admin and is_admin_project:True)",
    "project_admin": "role:admin",
    "deny_stack_user": "not role:heat_stack_user",
    "deny_everybody": "!",
    "allow_everybody": "",
}

_READER = "role:reader and project_id:%(project_id)s"
_MEMBER = "role:member and project_id:%(project_id)s"
_READER_OR_STACK_USER = (
    "(role:reader and project_id:%(project_id)s)"
    " or (role:heat_stack_user and project_id:%(project_id)s)"
)
_NOT_STACK_USER = "rule:deny_stack_user"

_READERS = {
    "actions": "check",
    "build_info": "build_info",
    "cloudformation": (
        "ListStacks DescribeStacks DescribeStackEvents ValidateTemplate GetTemplate"
        " EstimateTemplateCost DescribeStackResources ListStackResources"
        " DescribeChangeSet DescribeStackDriftDetectionStatus DescribeStackResourceDrifts"
        " GetStackPolicy GetTemplateSummary ListChangeSets ListExports ListImports"
    ),
    "cloudwatch": (
        "DescribeAlarmHistory DescribeAlarms DescribeAlarmsForMetric GetMetricData"
        " GetMetricStatistics ListMetrics ListTagsForResource"
    ),
    "events": "index show",
    "resource": "index show",
    "software_configs": "index show",
    "software_deployments": "index show",
    "stacks": (
        "detail index list_resource_types list_template_versions"
        " list_template_functions preview resource_schema show template environment files"
        " show_snapshot list_snapshots list_outputs show_output timeline why"
    ),
}
_MEMBERS = {
    "actions": "action snapshot suspend resume cancel_update cancel_without_rollback",
    "cloudformation": (
        "CreateStack DeleteStack UpdateStack CancelUpdateStack"
        " ContinueUpdateRollback CreateChangeSet DeleteChangeSet DetectStackDrift"
        " DetectStackResourceDrift ExecuteChangeSet RollbackStack SetStackPolicy"
        " UpdateTerminationProtection"
    ),
    "cloudwatch": (
        "DeleteAlarms DisableAlarmActions EnableAlarmActions PutCompositeAlarm PutMetricAlarm"
        " SetAlarmState TagResource UntagResource"
    ),
    "resource": "mark_unhealthy retry skip adopt forget replace",
    "software_configs": "create delete",
    "software_deployments": "create update delete",
    "stacks": (
        "abandon create delete export generate_template update update_patch preview_update"
        " preview_update_patch validate_template snapshot delete_snapshot restore_snapshot release"
    ),
}
_OPEN_TO_STACK_USERS = {
    "cloudformation": "DescribeStackResource SignalResource",
    "cloudwatch": "PutMetricData",
    "resource": "metadata signal",
    "stacks": "lookup",
}
_ADMIN_TYPES = (
    "OS::Nova::Flavor",
    "OS::Cinder::EncryptedVolumeType",
    "OS::Cinder::VolumeType",
    "OS::Cinder::Quota",
    "OS::Neutron::Quota",
    "OS::Nova::Quota",
    "OS::Octavia::Quota",
    "OS::Manila::ShareType",
    "OS::Neutron::ProviderNet",
    "OS::Neutron::QoSPolicy",
    "OS::Neutron::QoSBandwidthLimitRule",
    "OS::Neutron::QoSDscpMarkingRule",
    "OS::Neutron::QoSMinimumBandwidthRule",
    "OS::Neutron::QoSMinimumPacketRateRule",
    "OS::Neutron::Segment",
    "OS::Nova::HostAggregate",
    "OS::Cinder::QoSSpecs",
    "OS::Cinder::QoSAssociation",
    "OS::Keystone::*",
    "OS::Blazar::Host",
    "OS::Octavia::Flavor",
    "OS::Octavia::FlavorProfile",
    "OS::Octavia::AvailabilityZone",
    "OS::Octavia::AvailabilityZoneProfile",
)


def rules() -> Iterator[tuple[str, str, str | None]]:
    """Name, check, and the older check that is also accepted where the operator says so."""
    for table, check, older in (
        (_READERS, _READER, _NOT_STACK_USER),
        (_MEMBERS, _MEMBER, _NOT_STACK_USER),
        (_OPEN_TO_STACK_USERS, _READER_OR_STACK_USER, "rule:allow_everybody"),
    ):
        for group, verbs in table.items():
            for verb in verbs.split():
                yield f"{group}:{verb}", check, older
    yield "software_deployments:metadata", _READER_OR_STACK_USER, None
    yield "stacks:update_no_change", "rule:stacks:update_patch", None
    yield "stacks:global_index", "rule:deny_everybody", None
    yield "software_configs:global_index", "rule:deny_everybody", None
    yield (
        "service:index",
        "role:admin and project_id:%(project_id)s",
        "rule:context_is_admin",
    )
    for type_name in _ADMIN_TYPES:
        yield f"resource_types:{type_name}", "rule:project_admin", None
