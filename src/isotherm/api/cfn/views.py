"""How stacks, resources and events look to clients of CloudFormation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from isotherm.core.arns import stack_arn
from isotherm.core.states import Action
from isotherm.core.values import Value, redact, reveal
from isotherm.ports.attachments import Attachment
from isotherm.ports.records import Stack
from isotherm.usecases.definitions import source_of
from isotherm.usecases.events import EventDetail
from isotherm.usecases.outputs import Output
from isotherm.usecases.resources import ResourceDetail
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.exports import Export
from isotherm.usecases.stacks.reviews import review_arn
from isotherm.usecases.stacks.show import StackDetail

_STACK = "AWS::CloudFormation::Stack"
"""By this, with the ARN, clients find among the events those of the stack itself."""
REVIEW = "REVIEW_IN_PROGRESS"
_ASKED_FOR = "User Initiated"

_encoder = msgspec.json.Encoder(enc_hook=str)


def arn_of(stack: Stack) -> str:
    return stack_arn(stack.project_id, stack.name, stack.id)


def stack_status(stack: Stack) -> str:
    """Clients wait for other words where an update is rolled back, not the creation."""
    shown = _state(stack.action, stack.status)
    if stack.action is Action.ROLLBACK and stack.previous_source_id is not None:
        return f"UPDATE_{shown}"
    return shown


def _state(action: object, status: object) -> str:
    """What is adopted is imported, in the words of AWS."""
    return f"{'IMPORT' if action == Action.ADOPT else action}_{status}"


def stack_summary(stack: Stack) -> dict[str, Any]:
    return {
        "StackId": arn_of(stack),
        "StackName": stack.name,
        "TemplateDescription": stack.description,
        "CreationTime": stack.created_at,
        "LastUpdatedTime": stack.updated_at,
        "DeletionTime": stack.deleted_at,
        "StackStatus": stack_status(stack),
        "StackStatusReason": stack.status_reason,
    }


def stack_detail(detail: StackDetail) -> dict[str, Any]:
    stack = detail.stack
    return {
        "StackId": arn_of(stack),
        "StackName": stack.name,
        "Description": detail.description,
        "Parameters": parameters(detail.parameters),
        "CreationTime": stack.created_at,
        "LastUpdatedTime": stack.updated_at,
        "DeletionTime": stack.deleted_at,
        "StackStatus": stack_status(stack),
        "StackStatusReason": stack.status_reason,
        "DisableRollback": stack.disable_rollback,
        "NotificationARNs": list(detail.notified),
        "TimeoutInMinutes": stack.timeout_mins,
        "Capabilities": list(stack.capabilities),
        "Outputs": [_output(each) for each in detail.outputs or () if each.error is None],
        "Tags": [tag(each) for each in stack.tags],
    }


def parameters(shown: Mapping[str, str]) -> list[dict[str, str]]:
    """Without what every template has."""
    return [
        {"ParameterKey": name, "ParameterValue": value}
        for name, value in shown.items()
        if "::" not in name
    ]


def review(of: Attachment) -> dict[str, Any]:
    """A stack that is to come."""
    return {
        **review_summary(of),
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": [],
        "Tags": [],
        "EnableTerminationProtection": False,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


def review_summary(of: Attachment) -> dict[str, Any]:
    return {
        "StackId": review_arn(of),
        "StackName": of.name,
        "CreationTime": of.at,
        "StackStatus": REVIEW,
        "StackStatusReason": _ASKED_FOR,
    }


def review_event(of: Attachment) -> dict[str, Any]:
    arn = review_arn(of)
    return {
        "StackId": arn,
        "StackName": of.name,
        "EventId": of.id,
        "LogicalResourceId": of.name,
        "PhysicalResourceId": arn,
        "ResourceType": _STACK,
        "ResourceStatus": REVIEW,
        "ResourceStatusReason": _ASKED_FOR,
        "Timestamp": of.at,
    }


def event(detail: EventDetail, token: str) -> dict[str, Any]:
    """``token`` is what its client calls the operation that it belongs to."""
    told = detail.event
    arn, of_stack = arn_of(detail.stack), detail.is_about_stack
    return {
        "StackId": arn,
        "StackName": detail.stack.name,
        "EventId": told.id,
        "LogicalResourceId": told.resource_name,
        "PhysicalResourceId": arn if of_stack else told.physical_id or "",
        "ResourceType": _STACK if of_stack else told.resource_type,
        "ResourceStatus": _state(told.action, told.status),
        "ResourceStatusReason": told.status_reason,
        "ResourceProperties": _json(redact(told.properties)),
        "Timestamp": told.at,
        "ClientRequestToken": token or None,
    }


def resource_summary(detail: ResourceDetail) -> dict[str, Any]:
    return {
        "LogicalResourceId": detail.name,
        "PhysicalResourceId": detail.physical_id,
        "ResourceType": detail.type,
        "LastUpdatedTimestamp": detail.updated_at,
        "ResourceStatus": _state(detail.action, detail.status),
        "ResourceStatusReason": detail.status_reason,
    }


def resource(detail: ResourceDetail) -> dict[str, Any]:
    return {
        **_placed(detail),
        "Timestamp": detail.updated_at,
    }


def resource_detail(detail: ResourceDetail) -> dict[str, Any]:
    """With the metadata, as text: agents on servers look for them here."""
    return {**_placed(detail), "Metadata": _metadata(detail.metadata)}


def _placed(detail: ResourceDetail) -> dict[str, Any]:
    stack = detail.stack
    return {
        "StackId": arn_of(stack),
        "StackName": stack.name,
        "Description": detail.description,
        **resource_summary(detail),
    }


def _output(output: Output) -> dict[str, Any]:
    value = output.value
    return {
        "OutputKey": output.key,
        "OutputValue": value if isinstance(value, str) else _json(value),
        "Description": output.description,
    }


def tag(tag: str) -> dict[str, str]:
    key, _, value = tag.partition("=")
    return {"Key": key, "Value": value}


def declared_parameter(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    allowed = schema.get("AllowedValues")
    return {
        **template_parameter(name, schema),
        "ParameterType": schema.get("Type", "String"),
        "ParameterConstraints": {"AllowedValues": list(map(str, allowed))} if allowed else None,
    }


def template_parameter(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    default = schema.get("Default")
    return {
        "ParameterKey": name,
        "DefaultValue": default if default is None or isinstance(default, str) else _json(default),
        "NoEcho": str(schema.get("NoEcho", "false")).lower() == "true",
        "Description": schema.get("Description", ""),
    }


async def present_environment(services: Services, stack: Stack) -> Mapping[str, Any]:
    """With the values that the parameters of the stack were given."""
    environment: Mapping[str, Any] = reveal((await source_of(services, stack)).environment)
    return environment


def export(found: Export) -> dict[str, Any]:
    return {
        "ExportingStackId": arn_of(found.stack),
        "Name": found.name,
        "Value": found.value if isinstance(found.value, str) else _json(reveal(found.value)),
    }


def _metadata(metadata: Mapping[str, Value]) -> str:
    """They may be long, and agents ask for them every few seconds."""
    encoded = _encoder.encode(metadata)
    # Characters that XML has no place for are written as escapes.
    return encoded.decode() if encoded.isascii() else _json(metadata)


def _json(value: Value) -> str:
    return json.dumps(value, default=str)
