"""The actions of the CloudFormation API, with their policies and handlers."""

from __future__ import annotations

from isotherm.api.aws.door import Action, Handler
from isotherm.api.cfn import change_sets, drift, protection, resources, stacks
from isotherm.api.cfn.arguments import CREATE, POLICY, POLICY_DURING, UPDATE

_TOKEN = "ClientRequestToken"
_OFFERS = {
    "CancelUpdateStack": ("StackName", _TOKEN),
    "ContinueUpdateRollback": ("StackName", "ResourcesToSkip", _TOKEN),
    "CreateChangeSet": change_sets.OFFERED,
    "CreateStack": (*CREATE, *POLICY),
    "DeleteStack": ("StackName", "RetainResources", _TOKEN),
    "ExecuteChangeSet": ("ChangeSetName", "StackName", "DisableRollback", _TOKEN),
    "GetTemplate": ("StackName", "ChangeSetName", "TemplateStage"),
    "GetTemplateSummary": ("StackName", "TemplateBody", "TemplateURL"),
    "RollbackStack": ("StackName", _TOKEN),
    "SetStackPolicy": ("StackName", "StackPolicyBody"),
    "UpdateStack": (*UPDATE, *POLICY, *POLICY_DURING),
}
"""The parameters that have an effect, where that is not all that AWS has."""


def _action(name: str, handler: Handler) -> Action:
    offers = _OFFERS.get(name)
    token = "ClientToken" if name == "CreateChangeSet" else ""
    token = _TOKEN if offers is not None and _TOKEN in offers and not token else token
    return Action(name, f"cloudformation:{name}", handler, offers, token)


ACTIONS = (
    _action("CancelUpdateStack", stacks.cancel_update),
    _action("ContinueUpdateRollback", stacks.continue_update_rollback),
    _action("CreateChangeSet", change_sets.create),
    _action("CreateStack", stacks.create),
    _action("DeleteChangeSet", change_sets.delete),
    _action("DeleteStack", stacks.delete),
    _action("DescribeChangeSet", change_sets.describe),
    _action("DescribeStackDriftDetectionStatus", drift.status),
    _action("DescribeStackEvents", stacks.events),
    _action("DescribeStackResource", resources.describe_one),
    _action("DescribeStackResourceDrifts", drift.resources),
    _action("DescribeStackResources", resources.describe),
    _action("DescribeStacks", stacks.describe),
    _action("DetectStackDrift", drift.detect),
    _action("DetectStackResourceDrift", drift.detect_resource),
    _action("EstimateTemplateCost", stacks.estimate_cost),
    _action("ExecuteChangeSet", change_sets.execute),
    _action("GetStackPolicy", protection.get_policy),
    _action("GetTemplate", change_sets.template),
    _action("GetTemplateSummary", stacks.summary),
    _action("ListChangeSets", change_sets.index),
    _action("ListExports", stacks.exports),
    _action("ListImports", stacks.imports),
    _action("ListStackResources", resources.index),
    _action("ListStacks", stacks.index),
    _action("RollbackStack", stacks.rollback),
    _action("SetStackPolicy", protection.set_policy),
    _action("SignalResource", resources.signal),
    _action("UpdateStack", stacks.update),
    _action("UpdateTerminationProtection", protection.protect_stack),
    _action("ValidateTemplate", stacks.validate),
)
