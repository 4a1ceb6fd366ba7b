"""Actions that keep stacks and resources as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import InvalidParameterCombination
from isotherm.api.cfn import views
from isotherm.api.cfn.arguments import live_stack_called, stack_called
from isotherm.usecases.stacks.protection import policy_of, protect, put_policy

Result = Mapping[str, Any]


async def protect_stack(call: AwsCall) -> Result:
    stack = await live_stack_called(call)
    await protect(call.services, stack, enabled=call.arguments["EnableTerminationProtection"])
    return {"StackId": views.arn_of(stack)}


async def set_policy(call: AwsCall) -> None:
    text = call.arguments.get("StackPolicyBody")
    if not text:
        raise InvalidParameterCombination("Give StackPolicyBody.")
    await put_policy(call.services, await live_stack_called(call), text)


async def get_policy(call: AwsCall) -> Result:
    stack = await stack_called(call)
    return {"StackPolicyBody": await policy_of(call.services, stack)}
