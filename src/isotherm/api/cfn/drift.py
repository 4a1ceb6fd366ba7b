"""Actions about what somebody else has done to the objects of a stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import ValidationError
from isotherm.api.cfn import views
from isotherm.api.cfn.arguments import live_stack_called
from isotherm.api.cfn.paging import PAGE, cut
from isotherm.ports.records import Stack
from isotherm.usecases.stacks.drift import (
    Detection,
    ResourceDrift,
    detect_drift,
    detect_one,
    find_detection,
    last_detection,
)

Result = Mapping[str, Any]


async def detect(call: AwsCall) -> Result:
    """All objects have been looked at when the answer comes."""
    stack = await live_stack_called(call)
    names = call.arguments.get("LogicalResourceIds", ())
    found = await detect_drift(call.services, call.caller, stack, names)
    return {"StackDriftDetectionId": found.id}


async def detect_resource(call: AwsCall) -> Result:
    stack = await live_stack_called(call)
    name = call.arguments["LogicalResourceId"]
    found, at = await detect_one(call.services, call.caller, stack, name)
    return {"StackResourceDrift": _resource(stack, found, at)}


async def status(call: AwsCall) -> Result:
    wanted = call.arguments["StackDriftDetectionId"]
    found = await find_detection(call.services, call.caller, wanted)
    return {
        "StackId": views.arn_of(found.stack),
        "StackDriftDetectionId": found.id,
        "StackDriftStatus": stack_drift(found),
        "DetectionStatus": "DETECTION_COMPLETE",
        "DriftedStackResourceCount": found.drifted,
        "Timestamp": found.at,
    }


async def resources(call: AwsCall) -> Result:
    stack = await live_stack_called(call)
    found = await last_detection(call.services, stack)
    if found is None:
        raise ValidationError(f"Stack {stack.name} has not been looked at: call DetectStackDrift.")
    wanted = call.arguments.get("StackResourceDriftStatusFilters") or ()
    shown = [each for each in found.found if not wanted or each.sight in wanted]
    size = int(call.arguments.get("MaxResults", PAGE))
    page, following = cut(shown, call.arguments.get("NextToken"), lambda each: each.name, size)
    return {
        "StackResourceDrifts": [_resource(stack, each, found.at) for each in page],
        "NextToken": following,
    }


def stack_drift(found: Detection | None) -> str:
    if found is None:
        return "NOT_CHECKED"
    return "DRIFTED" if found.drifted else "IN_SYNC"


def _resource(stack: Stack, drift: ResourceDrift, at: datetime) -> dict[str, Any]:
    expected = dict(drift.expected)
    actual = {**expected, **{name: seen for name, _, seen in drift.differences}}
    told = drift.sight in ("IN_SYNC", "MODIFIED")
    return {
        "StackId": views.arn_of(stack),
        "LogicalResourceId": drift.name,
        "PhysicalResourceId": drift.physical_id,
        "ResourceType": drift.type,
        "ExpectedProperties": json.dumps(expected, default=str) if told else None,
        "ActualProperties": json.dumps(actual, default=str) if told else None,
        "PropertyDifferences": [
            {
                "PropertyPath": f"/{name}",
                "ExpectedValue": json.dumps(wanted, default=str),
                "ActualValue": json.dumps(seen, default=str),
                "DifferenceType": "NOT_EQUAL",
            }
            for name, wanted, seen in drift.differences
        ],
        "StackResourceDriftStatus": drift.sight,
        "Timestamp": at,
    }
