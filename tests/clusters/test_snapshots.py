"""An engine is killed in the midst of a snapshot, a restore, a removal: nothing is doubled."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.clusters.cluster import CloudDoor, Cluster
from tests.clusters.test_clusters import TEMPLATE
from tests.waiting import eventually

from isotherm.core.ids import new_token

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clusters")]

WITH_DISK: Mapping[str, Any] = {
    "heat_template_version": "2021-04-16",
    "resources": {
        **TEMPLATE["resources"],
        "disk": {"type": "OS::Cinder::Volume", "properties": {"size": 1}},
        "inside": {"type": "inner.json"},
    },
}
EMPTY: Mapping[str, Any] = {"heat_template_version": "2021-04-16"}
SLOW = {
    "block_storage__backup__create": 1.5,
    "block_storage__backup__delete": 1.0,
    "block_storage__backup__restore": 1.5,
    "compute__server__rebuild": 1.5,
    "image__image__upload": 1.5,
}


class Copied:
    """A stack with a nested one, each with a server and a disk."""

    def __init__(self, cluster: Cluster, door: CloudDoor) -> None:
        self._cluster, self._door = cluster, door
        self.name = f"c{new_token()}"
        inner = json.dumps({**WITH_DISK, "resources": _without_inside()})
        self.id = cluster.create(self.name, WITH_DISK, {"inner.json": inner})
        self.path = f"/stacks/{self.name}/{self.id}"
        assert cluster.settle(self.name, self.id) == "CREATE_COMPLETE"

    def settle(self) -> str:
        return self._cluster.settle(self.name, self.id)

    def objects(self, *kinds: str) -> list[str]:
        return [
            each["id"]
            for kind in kinds
            for each in self._door.objects(kind)
            if str(each["name"]).startswith(self.name)
        ]

    @property
    def copies(self) -> list[str]:
        return self.objects("image", "backup")

    def send(self, method: str, below: str = "", body: Any = None) -> Any:
        return self._cluster.send(method, f"{self.path}{below}", body)

    def snapshots(self) -> list[Any]:
        found: list[Any] = self.send("GET", "/snapshots")["snapshots"]
        return found


def _without_inside() -> dict[str, Any]:
    return {name: each for name, each in WITH_DISK["resources"].items() if name != "inside"}


@pytest.fixture
def slow_cloud(door: CloudDoor) -> Iterator[None]:
    with door.timings(**SLOW):
        yield


def kill_an_engine_soon(cluster: Cluster) -> None:
    """While it is at work: the other one goes on."""
    owner = cluster.owner()
    time.sleep(0.3)
    owner.end(signal.SIGKILL)
    cluster.have_engines(2)


def test_snapshots_outlive_engines(cluster: Cluster, door: CloudDoor, slow_cloud: None) -> None:
    stack = Copied(cluster, door)
    snapshot = stack.send("POST", "/snapshots", {"name": "copy"})["id"]
    kill_an_engine_soon(cluster)
    assert stack.settle() == "SNAPSHOT_COMPLETE"
    assert len(stack.copies) == 4, "two servers, two disks, each copied once"
    assert [each["status"] for each in stack.snapshots()] == ["COMPLETE"]

    stack.send("PUT", "", {"template": EMPTY})
    assert stack.settle() == "UPDATE_COMPLETE"
    assert stack.objects("server", "volume") == []
    stack.send("POST", f"/snapshots/{snapshot}/restore")
    kill_an_engine_soon(cluster)
    assert stack.settle() == "RESTORE_COMPLETE"
    assert len(stack.objects("server", "volume")) == 4
    assert len(stack.copies) == 4

    stack.send("DELETE", f"/snapshots/{snapshot}")
    kill_an_engine_soon(cluster)
    eventually(lambda: not stack.snapshots())
    assert stack.copies == []
    stack.send("POST", "/snapshots", {})
    assert stack.settle() == "SNAPSHOT_COMPLETE"
    stack.send("DELETE")
    kill_an_engine_soon(cluster)
    assert stack.settle() == "DELETE_COMPLETE"
    assert stack.objects("server", "volume", "image", "backup") == []
