"""The one table of routes: routing, refusals, OPTIONS and the OpenAPI document come from it."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.api.native import (
    events,
    language,
    outputs,
    paths,
    resources,
    service,
    snapshots,
    stacks,
)
from isotherm.api.native.not_offered import NOT_OFFERED
from isotherm.api.native.own import OWN
from isotherm.api.native.queries import Arity
from isotherm.api.native.routing import Route
from isotherm.api.native.software_routes import SOFTWARE


def _query(single: str = "", multi: str = "", mixed: str = "") -> Mapping[str, Arity]:
    return {
        **dict.fromkeys(single.split(), Arity.SINGLE),
        **dict.fromkeys(multi.split(), Arity.MULTI),
        **dict.fromkeys(mixed.split(), Arity.MIXED),
    }


_STACK_QUERY = _query(
    single=(
        "limit marker sort_dir show_deleted show_nested show_hidden tags tags_any not_tags"
        " not_tags_any with_count global_tenant"
    ),
    multi="sort_keys",
    mixed=(
        "id status name action tenant username owner_id stack_name stack_action stack_status"
        " stack_status_reason disable_rollback timeout_mins stack_owner parent"
        " stack_user_project_id"
    ),
)
_RESOURCE_QUERY = _query(
    single="nested_depth with_detail",
    mixed="type status name action id physical_resource_id",
)
_EVENT_QUERY = _query(
    single="limit marker sort_dir nested_depth",
    multi="sort_keys",
    mixed="resource_status resource_action resource_name resource_type",
)

_LANGUAGE = (
    Route(
        "template_validate",
        "POST",
        f"{paths.ROOT}/validate",
        language.validate,
        "stacks:validate_template",
        query=_query("show_nested ignore_errors"),
        summary="Validate a template",
    ),
    Route(
        "resource_types",
        "GET",
        paths.TYPES,
        language.types,
        "stacks:list_resource_types",
        query=_query("support_status name version with_description"),
        summary="List resource types",
    ),
    Route(
        "resource_schema",
        "GET",
        f"{paths.TYPES}/{{type_name}}",
        language.type_schema,
        "stacks:resource_schema",
        summary="Show what a resource type offers",
    ),
    Route(
        "generate_template",
        "GET",
        f"{paths.TYPES}/{{type_name}}/template",
        language.type_template,
        "stacks:generate_template",
        query=_query("template_type"),
        summary="Generate a template for a resource type",
    ),
    Route(
        "template_versions",
        "GET",
        paths.VERSIONS,
        language.versions,
        "stacks:list_template_versions",
        summary="List template versions",
    ),
    Route(
        "template_functions",
        "GET",
        f"{paths.VERSIONS}/{{template_version}}/functions",
        language.functions,
        "stacks:list_template_functions",
        query=_query("with_condition_func"),
        summary="List the functions of a template version",
    ),
)

_LOOKUPS = (
    *(
        Route(f"stack_lookup_{m.lower()}", m, path, stacks.lookup, "stacks:lookup", 302)
        for path in (f"{paths.STACKS}/{{stack_name}}", f"{paths.STACKS}/{{stack_name:arn:...}}")
        for m in ("GET", "POST", "PUT", "PATCH", "DELETE")
    ),
)


def _below(method: str, *names: str) -> tuple[Route, ...]:
    return tuple(
        Route(
            f"stack_lookup_{name}_{method.lower()}",
            method,
            f"{paths.STACKS}/{{stack_name}}/{name}",
            stacks.lookup_below(name),
            "stacks:lookup",
            302,
        )
        for name in names
    )


_SNAPSHOTS = (
    Route(
        "stack_snapshot",
        "POST",
        paths.SNAPSHOTS,
        snapshots.take,
        "stacks:snapshot",
        summary="Take a snapshot",
    ),
    Route(
        "stack_list_snapshots",
        "GET",
        paths.SNAPSHOTS,
        snapshots.index,
        "stacks:list_snapshots",
        summary="List snapshots",
    ),
    Route(
        "stack_snapshot_show",
        "GET",
        paths.SNAPSHOT,
        snapshots.show,
        "stacks:show_snapshot",
        summary="Show a snapshot",
    ),
    Route(
        "stack_snapshot_delete",
        "DELETE",
        paths.SNAPSHOT,
        snapshots.delete,
        "stacks:delete_snapshot",
        204,
        summary="Delete a snapshot",
    ),
    Route(
        "stack_snapshot_restore",
        "POST",
        f"{paths.SNAPSHOT}/restore",
        snapshots.restore,
        "stacks:restore_snapshot",
        202,
        summary="Restore a snapshot",
    ),
)

_STACK_ROUTES = (
    Route(
        "stack_index",
        "GET",
        paths.STACKS,
        stacks.index,
        "stacks:index",
        query=_STACK_QUERY,
        summary="List stacks",
    ),
    Route(
        "stack_create",
        "POST",
        paths.STACKS,
        stacks.create,
        "stacks:create",
        201,
        summary="Create a stack",
    ),
    Route(
        "stack_preview",
        "POST",
        f"{paths.STACKS}/preview",
        stacks.preview,
        "stacks:preview",
        summary="Preview the creation of a stack",
    ),
    Route(
        "stack_detail",
        "GET",
        f"{paths.STACKS}/detail",
        stacks.detail,
        "stacks:detail",
        summary="List stacks in detail",
    ),
    *_LOOKUPS,
    *_below("GET", "resources", "events", "template", "actions", "environment", "files"),
    *_below("POST", "resources", "events", "template", "actions"),
    Route(
        "stack_show",
        "GET",
        paths.STACK,
        stacks.show,
        "stacks:show",
        query=_query("resolve_outputs"),
        summary="Show a stack",
    ),
    Route(
        "stack_template",
        "GET",
        f"{paths.STACK}/template",
        stacks.template,
        "stacks:template",
        summary="Show the template of a stack",
    ),
    Route(
        "stack_environment",
        "GET",
        f"{paths.STACK}/environment",
        stacks.environment,
        "stacks:environment",
        summary="Show the environment of a stack",
    ),
    Route(
        "stack_files",
        "GET",
        f"{paths.STACK}/files",
        stacks.files,
        "stacks:files",
        summary="Show the files of a stack",
    ),
    Route(
        "stack_update",
        "PUT",
        paths.STACK,
        stacks.update,
        "stacks:update",
        202,
        summary="Update a stack",
    ),
    Route(
        "stack_update_patch",
        "PATCH",
        paths.STACK,
        stacks.update_patch,
        "stacks:update_patch",
        202,
        summary="Update a stack in part",
    ),
    Route(
        "preview_stack_update",
        "PUT",
        f"{paths.STACK}/preview",
        stacks.preview_put,
        "stacks:preview_update",
        query=_query("show_nested"),
        summary="Preview an update",
    ),
    Route(
        "preview_stack_update_patch",
        "PATCH",
        f"{paths.STACK}/preview",
        stacks.preview_patch,
        "stacks:preview_update_patch",
        query=_query("show_nested"),
        summary="Preview an update in part",
    ),
    Route(
        "plan_stack_update",
        "PUT",
        f"{paths.STACK}/plan",
        stacks.plan_put,
        "stacks:preview_update",
        summary="Plan an update, property by property",
    ),
    Route(
        "plan_stack_update_patch",
        "PATCH",
        f"{paths.STACK}/plan",
        stacks.plan_patch,
        "stacks:preview_update_patch",
        summary="Plan an update in part, property by property",
    ),
    Route(
        "stack_delete",
        "DELETE",
        paths.STACK,
        stacks.delete,
        "stacks:delete",
        204,
        summary="Delete a stack",
    ),
    Route(
        "action_stack",
        "POST",
        f"{paths.STACK}/actions",
        stacks.action,
        "actions:action",
        summary="Run a stack action",
    ),
    Route(
        "stack_export",
        "GET",
        f"{paths.STACK}/export",
        stacks.export,
        "stacks:export",
        summary="Export a stack",
    ),
    Route(
        "stack_abandon",
        "DELETE",
        f"{paths.STACK}/abandon",
        stacks.abandon,
        "stacks:abandon",
        summary="Give a stack up and leave its objects alone",
    ),
    *_SNAPSHOTS,
    Route(
        "stack_output_list",
        "GET",
        f"{paths.STACK}/outputs",
        outputs.index,
        "stacks:list_outputs",
        summary="List outputs",
    ),
    Route(
        "stack_output_show",
        "GET",
        f"{paths.STACK}/outputs/{{output_key}}",
        outputs.show,
        "stacks:show_output",
        summary="Show an output",
    ),
)

_RESOURCES = (
    Route(
        "resource_index",
        "GET",
        f"{paths.STACK}/resources",
        resources.index,
        "resource:index",
        query=_RESOURCE_QUERY,
        strict=True,
        summary="List resources",
    ),
    Route(
        "resource_show",
        "GET",
        paths.RESOURCE,
        resources.show,
        "resource:show",
        query=_query(multi="with_attr"),
        summary="Show a resource",
    ),
    Route(
        "resource_metadata_show",
        "GET",
        f"{paths.RESOURCE}/metadata",
        resources.metadata,
        "resource:metadata",
        summary="Show the metadata of a resource",
    ),
    Route(
        "resource_signal",
        "POST",
        f"{paths.RESOURCE}/signal",
        resources.signal,
        "resource:signal",
        summary="Send a signal to a resource",
    ),
    Route(
        "resource_mark_unhealthy",
        "PATCH",
        paths.RESOURCE,
        resources.unhealthy,
        "resource:mark_unhealthy",
        summary="Mark a resource as unhealthy",
    ),
    Route(
        "event_index_stack",
        "GET",
        f"{paths.STACK}/events",
        events.index,
        "events:index",
        query=_EVENT_QUERY,
        summary="List the events of a stack",
    ),
    Route(
        "event_index_resource",
        "GET",
        f"{paths.RESOURCE}/events",
        events.index,
        "events:index",
        query=_EVENT_QUERY,
        summary="List the events of a resource",
    ),
    Route(
        "event_show",
        "GET",
        f"{paths.RESOURCE}/events/{{event_id}}",
        events.show,
        "events:show",
        summary="Show an event",
    ),
)

_SERVICE = (
    Route(
        "build_info",
        "GET",
        f"{paths.ROOT}/build_info",
        service.build,
        "build_info:build_info",
        summary="Show what is running",
    ),
)

ROUTES: tuple[Route, ...] = (
    *_LANGUAGE,
    *_STACK_ROUTES,
    *_RESOURCES,
    *SOFTWARE,
    *_SERVICE,
    *OWN,
    *NOT_OFFERED,
)
