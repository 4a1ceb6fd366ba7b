"""How stacks, resources, events and outputs look in answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from isotherm.api.native.links import Links
from isotherm.api.web.bodies import with_endless_numbers
from isotherm.ports.records import Snapshot, Stack
from isotherm.usecases.events import EventDetail
from isotherm.usecases.outputs import Output
from isotherm.usecases.resources import ResourceDetail
from isotherm.usecases.service import EngineDetail
from isotherm.usecases.stacks.contents import Contents
from isotherm.usecases.stacks.preview import CreatePreview, Previewed, PreviewedResource
from isotherm.usecases.stacks.show import StackDetail
from isotherm.usecases.stacks.update_plan import ResourceChange


def time_text(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def stack_links(links: Links, stack: Stack) -> list[dict[str, str]]:
    return [_link("self", links.of(stack))]


def created_stack(links: Links, stack: Stack) -> dict[str, Any]:
    return {"stack": {"id": stack.id, "links": stack_links(links, stack)}}


def listed_stack(links: Links, stack: Stack, *, with_project: bool = False) -> dict[str, Any]:
    project = {"project": stack.project_id} if with_project else {}
    return {
        "id": stack.id,
        "links": stack_links(links, stack),
        **project,
        "stack_name": stack.name,
        "description": stack.description,
        "stack_status": f"{stack.action}_{stack.status}",
        "stack_status_reason": stack.status_reason,
        "creation_time": time_text(stack.created_at),
        "updated_time": time_text(stack.updated_at),
        "deletion_time": time_text(stack.deleted_at),
        "stack_owner": stack.username,
        "parent": stack.parent_id,
        "stack_user_project_id": stack.stack_user_project_id,
        "tags": list(stack.tags) or None,
    }


def stack_detail(links: Links, detail: StackDetail) -> dict[str, Any]:
    stack = detail.stack
    data = _stack_head(links, stack, detail.description, detail.parameters)
    data["stack_status"] = f"{stack.action}_{stack.status}"
    data["stack_status_reason"] = stack.status_reason
    if detail.outputs is not None:
        data["outputs"] = [output_detail(each) for each in detail.outputs]
    return data


def stack_preview(links: Links, preview: CreatePreview) -> dict[str, Any]:
    data = _stack_head(links, preview.stack, preview.description, preview.parameters)
    data["outputs"] = [output_detail(each) for each in preview.outputs]
    data["resources"] = _previewed_all(preview.resources)
    return data


def contents(found: Contents) -> dict[str, Any]:
    stack = found.stack
    return {
        "name": stack.name,
        "id": stack.id,
        "action": stack.action.value,
        "status": stack.status.value,
        "environment": found.environment,
        "files": found.files,
        "template": found.template,
        "resources": {
            name: contents(each) if isinstance(each, Contents) else each
            for name, each in found.resources.items()
        },
        "project_id": stack.project_id,
        "stack_user_project_id": stack.stack_user_project_id,
        "tags": list(stack.tags),
    }


def snapshot(record: Snapshot, found: Contents) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "action": record.action.value,
        "status": record.status.value,
        "status_reason": record.status_reason or None,
        "data": contents(found),
        "creation_time": time_text(record.created_at),
    }


def engine(detail: EngineDetail) -> dict[str, Any]:
    record = detail.engine
    return {
        "id": record.id,
        "binary": "heat-engine",
        "engine_id": record.id,
        "host": record.host,
        "hostname": record.hostname,
        "topic": "engine",
        "report_interval": detail.report_seconds,
        "created_at": _fine_time_text(record.since),
        "updated_at": _fine_time_text(record.seen_at),
        "deleted_at": None,
        "status": "up" if detail.up else "down",
    }


def _fine_time_text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")


def _previewed_all(resources: list[Previewed]) -> list[Any]:
    """Those of a nested stack are a list in their turn."""
    return [
        _previewed_all(each) if isinstance(each, list) else _previewed(each) for each in resources
    ]


def listed_output(output: Output) -> dict[str, Any]:
    return {"output_key": output.key, "description": output.description}


def output_detail(output: Output) -> dict[str, Any]:
    data = {**listed_output(output), "output_value": with_endless_numbers(output.value)}
    if output.error is not None:
        data["output_error"] = output.error
    return data


def listed_resource(links: Links, detail: ResourceDetail) -> dict[str, Any]:
    stack = links.of(detail.stack)
    told = [_link("self", _resource_url(links, detail)), _link("stack", stack)]
    if detail.nested is not None:
        told.append(_link("nested", links.of(detail.nested)))
    data = {
        "updated_time": time_text(detail.updated_at),
        "creation_time": time_text(detail.created_at),
        "logical_resource_id": detail.name,
        "resource_name": detail.name,
        "physical_resource_id": detail.physical_id,
        "resource_status": f"{detail.action}_{detail.status}",
        "resource_status_reason": detail.status_reason,
        "resource_type": detail.type,
        "links": told,
        "required_by": detail.required_by,
    }
    if detail.stack.parent_resource is not None:
        data["parent_resource"] = detail.stack.parent_resource
    return data


def resource_detail(links: Links, detail: ResourceDetail) -> dict[str, Any]:
    return {
        **listed_resource(links, detail),
        "description": detail.description,
        "attributes": with_endless_numbers(detail.attributes),
    }


def changed_resource(detail: ResourceDetail) -> dict[str, Any]:
    """A resource in a preview: identified by maps instead of links."""
    stack = detail.stack
    begun = detail.action != "INIT"
    identity = {"tenant": stack.project_id, "stack_name": stack.name, "stack_id": stack.id}
    parent = {"parent_resource": stack.parent_resource} if stack.parent_resource else {}
    return {
        **parent,
        "updated_time": time_text(detail.updated_at) if begun else None,
        "creation_time": time_text(detail.created_at) if begun else None,
        "resource_name": detail.name,
        "physical_resource_id": detail.physical_id,
        "resource_action": detail.action,
        "resource_status": detail.status,
        "resource_status_reason": detail.status_reason,
        "resource_type": detail.type,
        "resource_identity": {**identity, "path": f"/resources/{detail.name}"},
        "stack_identity": {**identity, "path": ""},
        "stack_name": stack.name,
        "required_by": detail.required_by,
        "description": detail.description,
        "metadata": detail.metadata,
        "attributes": with_endless_numbers(detail.attributes),
    }


def listed_event(links: Links, detail: EventDetail, *, with_root: bool = False) -> dict[str, Any]:
    event = detail.event
    stack = links.of(detail.stack)
    resource = f"{stack}/resources/{quote(event.resource_name, safe='')}"
    told = [
        _link("self", f"{resource}/events/{event.id}"),
        _link("resource", resource),
        _link("stack", stack),
    ]
    if with_root:
        told.append(_link("root_stack", links.of(detail.root)))
    return {
        "id": event.id,
        "links": told,
        "event_time": time_text(event.at),
        "logical_resource_id": event.resource_name,
        "resource_name": event.resource_name,
        "physical_resource_id": event.physical_id,
        "resource_status": f"{event.action}_{event.status}",
        "resource_status_reason": event.status_reason,
    }


def event_detail(links: Links, detail: EventDetail) -> dict[str, Any]:
    return {
        **listed_event(links, detail),
        "resource_type": detail.event.resource_type,
        "resource_properties": with_endless_numbers(detail.event.properties),
    }


def accepted() -> dict[str, str]:
    return {
        "message": "The request was accepted; the work goes on.",
        "code": "202 Accepted",
        "title": "Accepted",
    }


def _stack_head(
    links: Links, stack: Stack, description: str, parameters: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "stack_name": stack.name,
        "id": stack.id,
        "links": stack_links(links, stack),
        "creation_time": time_text(stack.created_at),
        "updated_time": time_text(stack.updated_at),
        "deletion_time": time_text(stack.deleted_at),
        "notification_topics": [],
        "parameters": parameters,
        "description": description,
        "template_description": description,
        "capabilities": [],
        "disable_rollback": stack.disable_rollback,
        "timeout_mins": stack.timeout_mins,
        "stack_owner": stack.username,
        "parent": stack.parent_id,
        "stack_user_project_id": stack.stack_user_project_id,
        "tags": list(stack.tags),
    }


def _previewed(resource: PreviewedResource) -> dict[str, Any]:
    return {
        **changed_resource(resource.detail),
        "properties": with_endless_numbers(resource.properties),
    }


def _resource_url(links: Links, detail: ResourceDetail) -> str:
    return f"{links.of(detail.stack)}/resources/{quote(detail.name, safe='')}"


def _link(rel: str, href: str) -> dict[str, str]:
    return {"href": href, "rel": rel}


def planned_change(change: ResourceChange) -> dict[str, Any]:
    """What an update would do with a resource, and inside of it. ``after`` is null where
    ``known_after`` names a resource."""
    return {
        "resource_name": change.name,
        "resource_type": change.type,
        "change": change.change,
        "physical_resource_id": change.physical_id,
        "reason": change.reason,
        "properties": [dataclasses.asdict(each) for each in change.properties],
        "inside": [planned_change(each) for each in change.inside],
    }
