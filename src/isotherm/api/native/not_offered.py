"""Routes of what the service does not do yet: each is refused with the feature's name."""

from __future__ import annotations

from isotherm.api.native.paths import ROOT, SNAPSHOTS, STACK
from isotherm.api.native.routing import Route
from isotherm.api.native.service import refuse

NOT_OFFERED: tuple[Route, ...] = tuple(
    Route(name, method, path, refuse(feature), rule, success, summary=f"{feature} (not yet)")
    for name, method, path, rule, success, feature in (
        ("stack_abandon", "DELETE", f"{STACK}/abandon", "stacks:abandon", 200, "Stack Abandon"),
        ("stack_export", "GET", f"{STACK}/export", "stacks:export", 200, "Stack Export"),
        ("stack_snapshot", "POST", SNAPSHOTS, "stacks:snapshot", 200, "Stack Snapshot"),
        (
            "stack_snapshot_show",
            "GET",
            f"{SNAPSHOTS}/{{snapshot_id}}",
            "stacks:show_snapshot",
            200,
            "Stack Snapshot",
        ),
        (
            "stack_snapshot_delete",
            "DELETE",
            f"{SNAPSHOTS}/{{snapshot_id}}",
            "stacks:delete_snapshot",
            204,
            "Stack Snapshot",
        ),
        (
            "stack_snapshot_restore",
            "POST",
            f"{SNAPSHOTS}/{{snapshot_id}}/restore",
            "stacks:restore_snapshot",
            202,
            "Stack Snapshot",
        ),
        ("service_index", "GET", f"{ROOT}/services", "service:index", 200, "Listing engines"),
    )
)
