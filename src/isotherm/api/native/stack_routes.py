"""Routes about stacks, their outputs and snapshots."""

from __future__ import annotations

from isotherm.api.native import outputs, paths, snapshots, stacks
from isotherm.api.native.queries import arities
from isotherm.api.native.routing import Route

_STACK_QUERY = arities(
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

STACKS = (
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
        query=arities("resolve_outputs"),
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
        query=arities("show_nested"),
        summary="Preview an update",
    ),
    Route(
        "preview_stack_update_patch",
        "PATCH",
        f"{paths.STACK}/preview",
        stacks.preview_patch,
        "stacks:preview_update_patch",
        query=arities("show_nested"),
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
        # Each action has a rule of its own, which is asked for once it is known.
        "deny_stack_user",
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
