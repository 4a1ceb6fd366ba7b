"""Actions on the tags of alarms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import AwsFault, ValidationError
from isotherm.usecases import monitoring

_MOST = 50


class NoSuchResource(AwsFault):
    status, code = 404, "ResourceNotFoundException"


def read_tags(said: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """Raises ValidationError."""
    pairs = [(str(each["Key"]), str(each["Value"])) for each in said or ()]
    if len(pairs) > _MOST or len(dict(pairs)) != len(pairs):
        raise ValidationError(f"There may be {_MOST} tags, each once.")
    for key, value in pairs:
        if key.startswith("aws:"):
            raise ValidationError("Keys of tags do not begin with aws:, which is AWS's own.")
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise ValidationError("A tag has a key of 128 and a value of 256 characters at most.")
    return dict(pairs)


async def index(call: AwsCall) -> Mapping[str, Any]:
    found = await monitoring.show_alarm(call.services, call.caller.project_id, _name(call))
    if found is None:
        raise NoSuchResource("There is no such alarm.")
    return {"Tags": [{"Key": key, "Value": value} for key, value in found.tags.items()]}


async def put(call: AwsCall) -> Mapping[str, Any]:
    return await _change(call, read_tags(call.arguments["Tags"]), ())


async def remove(call: AwsCall) -> Mapping[str, Any]:
    return await _change(call, {}, call.arguments["TagKeys"])


async def _change(call: AwsCall, more: Mapping[str, str], less: Iterable[str]) -> dict[str, Any]:
    def change(tags: Mapping[str, str]) -> dict[str, str]:
        changed = {key: value for key, value in {**tags, **more}.items() if key not in less}
        if len(changed) > _MOST:
            raise ValidationError(f"There may be {_MOST} tags.")
        return changed

    if not await monitoring.change_tags(call.services, call.caller, _name(call), change):
        raise NoSuchResource("There is no such alarm.")
    return {}


def _name(call: AwsCall) -> str:
    """Of the alarm whose ARN it is; those of other projects are not there."""
    before, _, name = str(call.arguments["ResourceARN"]).partition(":alarm:")
    if before != f"arn:openstack:cloudwatch::{call.caller.project_id}":
        raise NoSuchResource("There is no such alarm.")
    return name
