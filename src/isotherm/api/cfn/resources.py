"""Actions on the resources of stacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    InvalidParameterCombination,
    MissingParameter,
)
from isotherm.api.cfn import views
from isotherm.api.cfn.arguments import StackUnderReview, identity, stack_called
from isotherm.api.cfn.paging import cut
from isotherm.core.errors import ResourceNotFound
from isotherm.ports.records import Stack
from isotherm.usecases.access import require_not_a_stranger, require_reader, stack_with
from isotherm.usecases.resources import ResourceListRequest, list_resources, show_recorded
from isotherm.usecases.waiting import Signal, signal_in_words

Result = Mapping[str, Any]
_ALL = ResourceListRequest()


async def describe_one(call: AwsCall) -> Result:
    """Also for the agents on servers, which look for metadata."""
    stack = await stack_called(call)
    name = call.arguments["LogicalResourceId"]
    await require_reader(call.services, call.caller, stack, name)
    found = await show_recorded(call.services, call.caller, identity(stack), name)
    return {"StackResourceDetail": views.resource_detail(found)}


async def describe(call: AwsCall) -> Result:
    try:
        stack = await _named_by_either(call)
    except StackUnderReview:
        return {"StackResources": []}
    wanted = call.arguments.get("LogicalResourceId")
    found = await list_resources(call.services, call.caller, *identity(stack), _ALL)
    chosen = [each for each in found if wanted in (None, "", each.name)]
    if wanted and not chosen:
        raise ResourceNotFound(wanted, stack.name)
    return {"StackResources": [views.resource(each) for each in chosen]}


async def index(call: AwsCall) -> Result:
    try:
        stack = await stack_called(call)
    except StackUnderReview:
        return {"StackResourceSummaries": []}
    found = await list_resources(call.services, call.caller, *identity(stack), _ALL)
    page, following = cut(found, call.arguments.get("NextToken"), lambda each: each.name)
    return {
        "StackResourceSummaries": [views.resource_summary(each) for each in page],
        "NextToken": following,
    }


async def signal(call: AwsCall) -> None:
    """To a handle, or to a wait condition, which means its handle."""
    stack = await stack_called(call)
    require_not_a_stranger(call.caller, stack)
    told = Signal(call.arguments["UniqueId"], call.arguments["Status"])
    name = call.arguments["LogicalResourceId"]
    await signal_in_words(call.services, call.caller, identity(stack), name, told)


async def _named_by_either(call: AwsCall) -> Stack:
    """By the stack, or by the physical id of something in it."""
    name, physical_id = (call.arguments.get(each) for each in ("StackName", "PhysicalResourceId"))
    if name and physical_id:
        raise InvalidParameterCombination("StackName and PhysicalResourceId exclude each other.")
    if name:
        return await stack_called(call)
    if not physical_id:
        raise MissingParameter("Give StackName or PhysicalResourceId.")
    return await stack_with(call.services, call.caller, physical_id)
