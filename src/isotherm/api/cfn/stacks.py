"""Actions on whole stacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import ValidationError
from isotherm.api.cfn import views
from isotherm.api.cfn.arguments import (
    NoSuchStack,
    StackUnderReview,
    create_request,
    identity,
    live_stack_called,
    source_request,
    stack_called,
    update_request,
)
from isotherm.api.cfn.drift import stack_drift
from isotherm.api.cfn.paging import PAGE, cut, invalid_token
from isotherm.core.errors import EntityNotFound, StackExists
from isotherm.core.ids import EventId, StackId
from isotherm.core.states import Action
from isotherm.ports.attachments import Attachment
from isotherm.ports.records import Stack
from isotherm.usecases.access import find_stack
from isotherm.usecases.definitions import source_of
from isotherm.usecases.events import EventListRequest, list_events, token_of_each
from isotherm.usecases.leaving_behind import leave_behind
from isotherm.usecases.rolling_back import continue_rollback, roll_back
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.change_sets import was_import
from isotherm.usecases.stacks.create import create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.drift import last_detection
from isotherm.usecases.stacks.exports import list_exports, list_importers
from isotherm.usecases.stacks.importing import identifier_of
from isotherm.usecases.stacks.listing import ListRequest, list_stacks
from isotherm.usecases.stacks.protection import (
    is_protected,
    protect,
    put_policy,
    require_policy,
)
from isotherm.usecases.stacks.reviews import find_review, give_up, reviews
from isotherm.usecases.stacks.show import details_of
from isotherm.usecases.stacks.update import update_stack
from isotherm.usecases.templates import (
    TemplateRequest,
    check_template,
    summarise_template,
    summarised,
)

Result = Mapping[str, Any]
_DELETED = "DELETE_COMPLETE"


async def create(call: AwsCall) -> Result:
    policy = _policy(call)
    name = call.arguments["StackName"]
    if await find_review(call.services, call.caller.project_id, name) is not None:
        raise StackExists(name)
    stack = await create_stack(call.services, call.caller, create_request(call.arguments))
    if call.arguments.get("EnableTerminationProtection"):
        await protect(call.services, stack, enabled=True)
    if policy:
        await put_policy(call.services, stack, policy)
    return {"StackId": views.arn_of(stack)}


async def update(call: AwsCall) -> Result:
    policy = _policy(call)
    stack = await live_stack_called(call)
    request = update_request(call.arguments, await views.present_environment(call.services, stack))
    await update_stack(call.services, call.caller, *identity(stack), request)
    if policy:
        await put_policy(call.services, stack, policy)
    return {"StackId": views.arn_of(stack)}


def _policy(call: AwsCall) -> str | None:
    """The policy that the stack is to have; raises BadRequest before anything is begun."""
    text: str | None = call.arguments.get("StackPolicyBody")
    if text:
        require_policy(text)
    return text


async def delete(call: AwsCall) -> None:
    """What is gone, or never was, is as it should be."""
    try:
        stack = await stack_called(call)
    except StackUnderReview as to_come:
        await give_up(call.services, to_come.review)
        return
    except NoSuchStack:
        return
    if stack.deleted_at is not None:
        return
    if retained := call.arguments.get("RetainResources"):
        await leave_behind(call.services, call.caller, identity(stack), retained)
    await delete_stack(call.services, call.caller, *identity(stack))


async def cancel_update(call: AwsCall) -> None:
    stack = await live_stack_called(call)
    await run_action(call.services, call.caller, *identity(stack), "cancel_update")


async def index(call: AwsCall) -> Result:
    wanted = call.arguments.get("StackStatusFilter") or ()
    page, following = await _page(call, show_deleted=_DELETED in wanted)
    shown = [views.review_summary(each) for each in await _to_come(call)]
    shown += [views.stack_summary(each) for each in page]
    return {
        "StackSummaries": [each for each in shown if not wanted or each["StackStatus"] in wanted],
        "NextToken": following,
    }


async def describe(call: AwsCall) -> Result:
    if call.arguments.get("StackName"):
        try:
            page, following = [await stack_called(call)], None
        except StackUnderReview as to_come:
            return {"Stacks": [views.review(to_come.review)]}
    else:
        page, following = await _page(call)
    shown = [views.stack_detail(each) for each in await details_of(call.services, page)]
    if call.arguments.get("StackName"):
        shown[0] |= await _kept_beside(call, page[0])
        if shown[0]["StackStatus"].startswith("UPDATE_ROLLBACK") and await was_import(
            call.services, page[0]
        ):
            shown[0]["StackStatus"] = shown[0]["StackStatus"].replace("UPDATE", "IMPORT")
    else:
        shown = [*(views.review(each) for each in await _to_come(call)), *shown]
    return {"Stacks": shown, "NextToken": following}


async def _to_come(call: AwsCall) -> list[Attachment]:
    """Stacks under review, which are on the first page."""
    if call.arguments.get("NextToken"):
        return []
    return await reviews(call.services, call.caller.project_id)


async def _kept_beside(call: AwsCall, stack: Stack) -> dict[str, Any]:
    found = await last_detection(call.services, stack)
    return {
        "EnableTerminationProtection": await is_protected(call.services, stack),
        "DriftInformation": {
            "StackDriftStatus": stack_drift(found),
            "LastCheckTimestamp": found.at if found else None,
        },
        "ParentId": await _arn_above(call, stack.parent_id),
        "RootId": await _arn_above(call, stack.root_id if stack.parent_id else None),
    }


async def _arn_above(call: AwsCall, stack_id: str | None) -> str | None:
    """The ARN of a stack above one that is a resource."""
    found = await call.services.store.stack(stack_id) if stack_id else None
    return views.arn_of(found) if found else None


async def events(call: AwsCall) -> Result:
    try:
        stack = await stack_called(call)
    except StackUnderReview as to_come:
        return {"StackEvents": [views.review_event(to_come.review)]}
    marker = call.arguments.get("NextToken")
    if marker and await call.services.store.event(StackId(stack.id), EventId(marker)) is None:
        raise invalid_token()
    request = EventListRequest(limit=PAGE, marker=marker)
    found = await list_events(call.services, call.caller, *identity(stack), request)
    following = found[-1].event.id if len(found) == PAGE else None
    tokens = await token_of_each(call.services, found)
    shown = [views.event(each, token) for each, token in zip(found, tokens, strict=True)]
    return {"StackEvents": shown, "NextToken": following}


async def validate(call: AwsCall) -> Result:
    request = TemplateRequest(source=source_request(call.arguments, {}))
    found = await check_template(call.services, call.caller, request)
    return {
        "Description": found["Description"],
        "Parameters": [
            views.template_parameter(name, each) for name, each in found["Parameters"].items()
        ],
        "Capabilities": [],
    }


async def summary(call: AwsCall) -> Result:
    if call.arguments.get("StackName"):
        source = await source_of(call.services, await live_stack_called(call))
        found = await summarised(call.services, call.caller, source)
    else:
        request = TemplateRequest(source=source_request(call.arguments, {}))
        found = await summarise_template(call.services, call.caller, request)
    types = found["Types"]
    return {
        "Description": found["Description"],
        "Parameters": [
            views.declared_parameter(name, each) for name, each in found["Parameters"].items()
        ],
        "ResourceTypes": list(dict.fromkeys(types.values())),
        "ResourceIdentifierSummaries": [
            {
                "ResourceType": each,
                "LogicalResourceIds": [name for name, kind in types.items() if kind == each],
                "ResourceIdentifiers": [identifier_of(each)],
            }
            for each in dict.fromkeys(types.values())
        ],
        "Version": found["Version"],
        "Capabilities": [],
        "DeclaredTransforms": [],
    }


async def exports(call: AwsCall) -> Result:
    found = await list_exports(call.services, call.caller)
    page, following = cut(found, call.arguments.get("NextToken"), lambda each: each.name)
    return {"Exports": [views.export(each) for each in page], "NextToken": following}


async def imports(call: AwsCall) -> Result:
    name = call.arguments["ExportName"]
    found = await list_importers(call.services, call.caller, name)
    if not found:
        raise ValidationError(f"Export '{name}' is not imported by any stack.")
    page, following = cut(found, call.arguments.get("NextToken"), lambda each: each.id)
    return {"Imports": [each.name for each in page], "NextToken": following}


async def rollback(call: AwsCall) -> Result:
    stack = await live_stack_called(call)
    failed = (Action.CREATE, Action.UPDATE)
    await roll_back(call.services, call.caller, identity(stack), *failed)
    return {"StackId": views.arn_of(stack)}


async def continue_update_rollback(call: AwsCall) -> None:
    stack = await live_stack_called(call)
    skipped = call.arguments.get("ResourcesToSkip", ())
    await continue_rollback(call.services, call.caller, identity(stack), skipped)


async def estimate_cost(call: AwsCall) -> Result:
    """Whoever runs the cloud sets its prices; nobody tells them to us."""
    return {"Url": "https://en.wikipedia.org/wiki/Gratis"}


async def _page(call: AwsCall, *, show_deleted: bool = False) -> tuple[list[Stack], str | None]:
    marker = call.arguments.get("NextToken")
    if marker:
        await _require_stack(call, marker)
    request = ListRequest(limit=PAGE, marker=marker, show_deleted=show_deleted)
    page = await list_stacks(call.services, call.caller, request)
    return page.stacks, page.stacks[-1].id if len(page.stacks) == PAGE else None


async def _require_stack(call: AwsCall, token: str) -> None:
    try:
        await find_stack(call.services, call.caller, token)
    except EntityNotFound:
        raise invalid_token() from None
