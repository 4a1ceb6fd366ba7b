"""Snapshots by the real client: a server and its disk are copied, put back, and the copies go."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

TEMPLATE = str(Path(__file__).parents[2] / "examples" / "11-snapshots" / "template.yaml")


def until(found: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def copies(service: Service) -> tuple[list[str], list[str]]:
    images = [each["Name"] for each in service.read("image", "list")]
    backups = [each["Name"] for each in service.read("volume", "backup", "list")]
    return [each for each in images if each.startswith("pair-server-")], backups


def shown(service: Service, snapshot: str) -> Any:
    return service.read("stack", "snapshot", "show", "pair", snapshot)


def test_the_example_of_snapshots_lives_and_goes(service: Service) -> None:
    service.create_stack(TEMPLATE, "pair")
    password = service.read("stack", "output", "show", "pair", "password")["output_value"]
    taken = service.read("stack", "snapshot", "create", "--name", "before", "pair")
    assert (taken["name"], taken["status"]) == ("before", "IN_PROGRESS")
    assert service.settle("pair") == "SNAPSHOT_COMPLETE"
    (listed,) = service.read("stack", "snapshot", "list", "pair")
    assert (listed["name"], listed["status"]) == ("before", "COMPLETE")
    snapshot = listed["id"]
    data = shown(service, snapshot)["snapshot"]["data"]
    kept = data["resources"]
    (image,), (backup,) = copies(service)
    assert image.startswith("pair-server-")
    assert backup.startswith("pair-disk-")
    assert kept["server"]["resource_data"]["snapshot_image_id"]
    assert kept["disk"]["resource_data"]["backup_id"]

    change = ("--existing", "--parameter", "flavor=m1.small")
    service.openstack("stack", "update", *change, "pair")
    assert service.settle("pair") == "UPDATE_COMPLETE"
    disk = service.read("stack", "output", "show", "pair", "disk")["output_value"]
    service.openstack("stack", "snapshot", "restore", "pair", snapshot)
    until(lambda: service.settle("pair").startswith("RESTORE"), "the restore begins")
    assert service.settle("pair") == "RESTORE_COMPLETE"
    server = service.read("stack", "resource", "show", "pair", "server")
    there = service.read("server", "show", server["physical_resource_id"])
    assert "m1.tiny" in str(there["flavor"])
    assert kept["server"]["resource_data"]["snapshot_image_id"] in str(there["image"])
    assert service.read("stack", "output", "show", "pair", "password")["output_value"] == password
    after = service.read("stack", "output", "show", "pair", "disk")["output_value"]
    assert after != disk, "a volume in use cannot take in a backup"
    attached = service.read("volume", "show", after)["attachments"]
    assert [each["server_id"] for each in attached] == [server["physical_resource_id"]]

    service.openstack("stack", "snapshot", "delete", "pair", snapshot)
    until(lambda: service.read("stack", "snapshot", "list", "pair") == [], "the snapshot goes")
    assert copies(service) == ([], [])
    assert "not found" in service.refused("stack", "snapshot", "restore", "pair", snapshot)
    service.read("stack", "snapshot", "create", "pair")
    assert service.settle("pair") == "SNAPSHOT_COMPLETE"
    service.delete_stack("pair")
    assert copies(service) == ([], [])
