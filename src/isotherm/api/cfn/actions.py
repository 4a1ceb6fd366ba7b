"""The actions of the CloudFormation API, with their policies and handlers."""

from __future__ import annotations

from isotherm.api.aws.door import Action, Handler
from isotherm.api.cfn import resources, stacks


def _action(name: str, handler: Handler) -> Action:
    return Action(name, f"cloudformation:{name}", handler)


ACTIONS = (
    _action("CancelUpdateStack", stacks.cancel_update),
    _action("CreateStack", stacks.create),
    _action("DeleteStack", stacks.delete),
    _action("DescribeStackEvents", stacks.events),
    _action("DescribeStackResource", resources.describe_one),
    _action("DescribeStackResources", resources.describe),
    _action("DescribeStacks", stacks.describe),
    _action("EstimateTemplateCost", stacks.estimate_cost),
    _action("GetTemplate", stacks.template),
    _action("ListStackResources", resources.index),
    _action("ListStacks", stacks.index),
    _action("UpdateStack", stacks.update),
    _action("ValidateTemplate", stacks.validate),
)
