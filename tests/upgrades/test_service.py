"""A new version of the program goes on with what an older one left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.upgrades.recorded import OLDEST, lay_out

pytestmark = pytest.mark.slow


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    lay_out(OLDEST, tmp_path / "state")
    service = Service(tmp_path / "state")
    service.start()
    yield service
    service.stop()


def stacks(service: Service) -> dict[str, str]:
    found = service.get(f"/orchestration/v1/{service.project}/stacks")["stacks"]
    return {each["stack_name"]: each["stack_status"] for each in found}


def servers(service: Service) -> dict[str, str]:
    found = service.get("/compute/v2.1/servers")["servers"]
    return {each["name"]: each["id"] for each in found}


def shown(service: Service, name: str) -> dict[str, Any]:
    path = f"/orchestration/v1/{service.project}/stacks/{name}"
    stack: dict[str, Any] = service.get(path)["stack"]
    return stack


def test_stacks_of_an_older_version_are_kept_finished_changed_and_removed(
    service: Service,
) -> None:
    before = servers(service)
    assert {"blue", "green"} < set(before)

    assert service.settle("halfway") == "CREATE_COMPLETE"
    assert stacks(service) == {
        "web": "UPDATE_COMPLETE",
        "nest": "CREATE_COMPLETE",
        "short": "UPDATE_FAILED",
        "halfway": "CREATE_COMPLETE",
    }
    # What was being built is taken up; nothing is built twice.
    assert len(servers(service)) == 4
    word = {each["output_key"]: each["output_value"] for each in shown(service, "short")["outputs"]}
    assert word == {"word": "hpl7RzADV66JKaC44tbrBudX05Q5h3pM"}
    assert shown(service, "nest")["tags"] == ["blue", "green"]

    service.say(
        "stack update --existing --parameter size=2 short",
        "stack update --existing nest",
        "stack check web",
    )
    assert service.settle("short") == "UPDATE_COMPLETE"
    assert service.settle("nest") == "UPDATE_COMPLETE"
    assert service.settle("web") == "CHECK_COMPLETE"
    assert before.items() <= servers(service).items()

    service.openstack("stack", "delete", "--yes", "web", "nest", "short", "halfway")
    for name in ("web", "nest", "short", "halfway"):
        assert service.settle(name) == ""
    assert servers(service) == {}
    assert service.get(f"/volume/v3/{service.project}/volumes")["volumes"] == []
    networks = service.get("/network/v2.0/networks")["networks"]
    assert {each["name"] for each in networks} == {"public", "private"}
