"""Hooks, by the real client: set, found, cleared, through a restart of the service."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "examples" / "09-hooks"
TEMPLATE, HOOKS = str(FOLDER / "template.yaml"), str(FOLDER / "environment.yaml")


def until(service: Service, happened: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end, service.log
        time.sleep(0.2)
    return found


def waits(service: Service, stack: str, resource: str, hook: str) -> None:
    """Return when the client finds that the resource waits at the hook."""
    action = hook.rpartition("-")[2].upper()
    reason = f"{action} paused until Hook {hook} is cleared"
    path = f"/orchestration/v1/{service.project}/stacks/{stack}/events"
    until(
        service,
        lambda: any(
            each["resource_name"] == resource and each["resource_status_reason"] == reason
            for each in (service.get(path) or {"events": []})["events"]
        ),
    )
    assert reason in service.openstack("stack", "hook", "poll", stack, "-f", "value")


def test_the_example_of_hooks_waits_where_it_should(own_service: Service, tmp_path: Path) -> None:
    service = own_service
    service.start()
    service.openstack("stack", "create", "-t", TEMPLATE, "-e", HOOKS, "app")
    waits(service, "app", "app", "pre-create")
    refusal = service.refused("stack", "hook", "clear", "app", "disk", "--pre-create")
    assert "did not clear" in refusal.lower() or "hook" in refusal.lower()
    service.kill()
    service.start()
    waits(service, "app", "app", "pre-create")
    service.openstack("stack", "hook", "clear", "app", "app", "--pre-create")
    assert service.settle("app") == "CREATE_COMPLETE"

    change = ("-t", TEMPLATE, "-e", HOOKS, "--parameter", "size=2", "app")
    service.openstack("stack", "update", *change)
    waits(service, "app", "disk", "pre-update")
    file = tmp_path / "clear.json"
    for hook, word in (("post-update", "not what resource"), ("sometime", "Invalid hook type")):
        file.write_text(json.dumps({"unset_hook": hook}))
        refusal = service.refused(
            "stack", "resource", "signal", "--data-file", str(file), "app", "disk"
        )
        assert word in refusal
    file.write_text(json.dumps({"unset_hook": "pre-update"}))
    service.openstack("stack", "resource", "signal", "--data-file", str(file), "app", "disk")
    assert service.settle("app") == "UPDATE_COMPLETE"

    service.openstack("stack", "delete", "--yes", "app")
    waits(service, "app", "app", "pre-delete")
    service.openstack("stack", "hook", "clear", "app", "app", "--pre-delete")
    assert service.settle("app") == ""


def test_the_client_sets_hooks_of_a_create_and_of_an_update(service: Service) -> None:
    service.openstack("stack", "create", "-t", TEMPLATE, "--pre-create", "disk", "other")
    waits(service, "other", "disk", "pre-create")
    service.openstack("stack", "hook", "clear", "other", "d*", "--pre-create")
    assert service.settle("other") == "CREATE_COMPLETE"
    service.openstack("stack", "update", "--existing", "--pre-update", "app", "other")
    waits(service, "other", "app", "pre-update")
    service.openstack("stack", "cancel", "other")
    until(service, lambda: service.settle("other") == "ROLLBACK_COMPLETE")
    service.delete_stack("other")
