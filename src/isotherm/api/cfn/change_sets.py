"""Actions on change sets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import (
    AwsFault,
    InvalidParameterValue,
    MissingParameter,
    ValidationError,
)
from isotherm.api.cfn import views
from isotherm.api.cfn.arguments import (
    CREATE,
    UPDATE,
    NoSuchStack,
    capabilities,
    create_request,
    live_stack_called,
    stack_called,
    tag_words,
    update_request,
)
from isotherm.api.cfn.paging import cut
from isotherm.core.arns import parse_arn
from isotherm.core.errors import EntityNotFound
from isotherm.usecases.definitions import source_of
from isotherm.usecases.stacks.change_set_records import ChangeSet
from isotherm.usecases.stacks.change_sets import (
    ChangeSetRequest,
    InvalidChangeSet,
    create_change_set,
    execute_change_set,
    find_change_set,
    list_change_sets,
    remove_change_set,
)
from isotherm.usecases.stacks.importing import IMPORT, Imported, InvalidImport
from isotherm.usecases.stacks.update_plan import KNOWN_LATER, PropertyChange, ResourceChange

Result = Mapping[str, Any]
_OWN = (
    *("ChangeSetName", "ChangeSetType", "ClientToken", "Description", "IncludeNestedStacks"),
    "ResourcesToImport",
)
OFFERED = (*dict.fromkeys((*CREATE, *UPDATE)), *_OWN)
_ACTIONS = {"create": "Add", "delete": "Remove", IMPORT: "Import"}
_REPLACEMENTS = {"replace": "True", "undecided": "Conditional"}


class InvalidChangeSetStatus(AwsFault):
    code = "InvalidChangeSetStatus"


class ChangeSetNotFound(AwsFault):
    status, code = 404, "ChangeSetNotFound"


async def create(call: AwsCall) -> Result:
    kind = call.arguments.get("ChangeSetType", "UPDATE")
    imports = _imports(call.arguments)
    if bool(imports) != (kind == "IMPORT"):
        raise ValidationError("ResourcesToImport is for ChangeSetType IMPORT, which needs it.")
    given = {name: each for name, each in call.arguments.items() if name not in _OWN}
    to_come = kind != "UPDATE" and await _is_to_come(call)
    if kind == "CREATE" and not to_come:
        raise ValidationError(
            f"Stack [{call.arguments['StackName']}] already exists and cannot be created again"
            f" with the changeSet [{call.arguments['ChangeSetName']}]."
        )
    new = kind == "CREATE" or to_come
    request = replace(
        await (_creating if new else _updating)(call, given),
        imports=imports,
        capabilities=capabilities(given),
        nested=bool(call.arguments.get("IncludeNestedStacks")),
    )
    try:
        found = await create_change_set(call.services, call.caller, request)
    except InvalidImport as error:
        raise ValidationError(str(error)) from None
    return {"Id": found.arn, "StackId": found.stack_arn}


def _imports(arguments: Mapping[str, Any]) -> tuple[Imported, ...]:
    return tuple(
        Imported(each["LogicalResourceId"], each["ResourceType"], each["ResourceIdentifier"])
        for each in arguments.get("ResourcesToImport", ())
    )


async def _is_to_come(call: AwsCall) -> bool:
    """Whether the stack into which is imported comes with that."""
    try:
        await live_stack_called(call)
    except NoSuchStack:
        return True
    return False


async def _creating(call: AwsCall, given: Mapping[str, Any]) -> ChangeSetRequest:
    _require_offered(given, CREATE)
    create = create_request(given)
    name, about = call.arguments["ChangeSetName"], call.arguments.get("Description", "")
    tags = tuple(tag_words(given))
    return ChangeSetRequest(name=name, description=about, create=create, tags=tags)


async def _updating(call: AwsCall, given: Mapping[str, Any]) -> ChangeSetRequest:
    _require_offered(given, UPDATE)
    stack = await live_stack_called(call)
    update = update_request(given, await views.present_environment(call.services, stack))
    name, about = call.arguments["ChangeSetName"], call.arguments.get("Description", "")
    tags = tuple(tag_words(given)) if "Tags" in given else stack.tags
    return ChangeSetRequest(name=name, description=about, stack=stack, update=update, tags=tags)


def _require_offered(given: Mapping[str, Any], offered: Sequence[str]) -> None:
    """What a change set of the other type may have is nothing for this one."""
    for name in given:
        if name not in offered:
            raise InvalidParameterValue(f"{name} has no effect with this ChangeSetType.")


async def describe(call: AwsCall) -> Result:
    found = await _found(call)
    with_values = bool(call.arguments.get("IncludePropertyValues"))
    page, following = cut(
        found.changes, call.arguments.get("NextToken"), lambda change: change.name
    )
    return {
        **_summary(found),
        "Parameters": views.parameters(found.parameters),
        "NotificationARNs": found.notified,
        "Capabilities": list(found.capabilities),
        "Tags": [views.tag(name) for name in found.tags],
        "Changes": [_change(change, found.below(change), with_values) for change in page],
        "NextToken": following,
    }


def _summary(found: ChangeSet) -> dict[str, Any]:
    return {
        "ChangeSetName": found.name,
        "ChangeSetId": found.arn,
        "StackId": found.stack_arn,
        "StackName": found.stack_name,
        "Description": found.description or None,
        "CreationTime": found.attachment.at,
        "ExecutionStatus": found.execution,
        "Status": found.status,
        "StatusReason": found.reason or None,
        "IncludeNestedStacks": found.nested,
        "ParentChangeSetId": found.parent.arn if found.parent else None,
        "RootChangeSetId": found.root.arn if found.parent else None,
    }


async def execute(call: AwsCall) -> None:
    try:
        await execute_change_set(
            call.services,
            call.caller,
            await _found(call),
            disable_rollback=call.arguments.get("DisableRollback"),
        )
    except InvalidChangeSet as error:
        raise InvalidChangeSetStatus(str(error)) from None


async def template(call: AwsCall) -> Result:
    """Of a stack, or of a change set."""
    if call.arguments.get("ChangeSetName"):
        text = (await _found(call)).template
    else:
        text = (await source_of(call.services, await stack_called(call))).template
    return {
        "TemplateBody": text if isinstance(text, str) else json.dumps(text, default=str),
        "StagesAvailable": ["Original"],
    }


async def delete(call: AwsCall) -> None:
    """What is gone is as it should be."""
    try:
        found = await _found(call)
    except ChangeSetNotFound:
        return
    try:
        await remove_change_set(call.services, found)
    except InvalidChangeSet as error:
        raise InvalidChangeSetStatus(str(error)) from None


async def index(call: AwsCall) -> Result:
    stack = _stack(call.arguments["StackName"])
    found = await list_change_sets(call.services, call.caller, stack)
    page, following = cut(found, call.arguments.get("NextToken"), lambda each: each.id)
    return {
        "Summaries": [_summary(each) for each in page],
        "NextToken": following,
    }


async def _found(call: AwsCall) -> ChangeSet:
    name, stack = call.arguments["ChangeSetName"], call.arguments.get("StackName")
    wanted = name.rpartition("/")[2] if name.startswith("arn:") else name
    if wanted == name and not stack:
        raise MissingParameter("Give StackName, or the ChangeSetName as an ARN.")
    try:
        return await find_change_set(
            call.services, call.caller, wanted, _stack(stack) if stack else None
        )
    except EntityNotFound:
        raise ChangeSetNotFound(f"ChangeSet [{name}] does not exist") from None


def _stack(name: str) -> str:
    named = parse_arn(name)
    return named.stack_id if named else name


def _change(change: ResourceChange, below: ChangeSet | None, with_values: bool) -> dict[str, Any]:
    action = _ACTIONS.get(change.change, "Modify")
    details = list(_details(change, with_values)) if action == "Modify" else []
    replacement = _REPLACEMENTS.get(change.change, "False") if action == "Modify" else None
    return {
        "Type": "Resource",
        "ResourceChange": {
            "Action": action,
            "LogicalResourceId": change.name,
            "PhysicalResourceId": change.physical_id,
            "ResourceType": change.type,
            "Replacement": replacement,
            "Scope": ["Properties"] if details else [],
            "Details": details,
            "ChangeSetId": below.arn if below else None,
            "BeforeContext": _context(change.before) if with_values else None,
            "AfterContext": _context(change.after) if with_values else None,
        },
    }


def _details(change: ResourceChange, with_values: bool) -> Iterator[dict[str, Any]]:
    always = "Always" if change.change == "replace" else "Never"
    for each in change.properties:
        yield {
            "Target": {
                "Attribute": "Properties",
                "Name": each.name,
                "RequiresRecreation": "Conditionally" if change.change == "undecided" else always,
                "Path": f"/Properties/{each.name}",
                "BeforeValue": _text(each.before) if with_values else None,
                "AfterValue": _text(_after(each)) if with_values else None,
                "AttributeChangeType": _kind_of(each),
            },
            "Evaluation": "Dynamic" if each.known_after else "Static",
            "ChangeSource": "ResourceAttribute" if each.known_after else "DirectModification",
            "CausingEntity": each.known_after or change.reason or None,
        }


def _kind_of(change: PropertyChange) -> str:
    if change.before is None:
        return "Add"
    return "Remove" if _after(change) is None else "Modify"


def _after(change: PropertyChange) -> Any:
    return KNOWN_LATER if change.known_after and change.after is None else change.after


def _context(properties: Mapping[str, Any] | None) -> str | None:
    """A resource as it was or will be."""
    if properties is None:
        return None
    return json.dumps({"Properties": properties}, default=str)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, default=str)
