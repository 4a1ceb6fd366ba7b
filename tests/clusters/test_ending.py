"""A process that is interrupted ends, whatever hangs."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.clients.service import Service
from tests.clusters.cluster import CloudDoor, Cluster
from tests.servers.databases import new_database
from tests.servers.process import Server
from tests.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clusters")]

STACK = {
    "heat_template_version": "2021-04-16",
    "resources": {"volume": {"type": "OS::Cinder::Volume", "properties": {"size": 1}}},
}
LIMIT = 6.0
"""Five seconds, and one for a machine that is busy."""


@pytest.fixture
def cluster(tmp_path: Path, cloud: Service, mariadb: Server) -> Iterator[Cluster]:
    # The engine is within a statement nearly always.
    found = Cluster(tmp_path, cloud, new_database(mariadb.url), poll_seconds=0.05)
    yield found
    found.stop()


def interrupt_all(cluster: Cluster) -> None:
    for part in (cluster.api, *cluster.engines):
        begun = time.monotonic()
        part.end(signal.SIGINT)
        assert time.monotonic() - begun < LIMIT
        assert "Traceback" not in part.log


def test_with_a_database_that_is_silent(cluster: Cluster, mariadb: Server) -> None:
    cluster.start(engines=1)
    with mariadb.standing_still():
        interrupt_all(cluster)


def test_with_a_cloud_that_does_not_answer(cluster: Cluster, door: CloudDoor) -> None:
    cluster.start(engines=1)
    before = door.calls("block-storage.volume.create")
    with door.faults({"block-storage.volume.create": {"delay": 60, "count": 1}}):
        cluster.create("hung", STACK)
        eventually(lambda: door.calls("block-storage.volume.create") > before)
        interrupt_all(cluster)


URLS: dict[str, Callable[[int], str]] = {
    "postgresql": lambda port: f"postgresql://u@127.0.0.1:{port}/isotherm",
    "mariadb": lambda port: f"mysql+pymysql://u@127.0.0.1:{port}/isotherm",
}


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_while_it_starts_and_the_database_says_nothing(
    url: Callable[[int], str], tmp_path: Path, cloud: Service
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cluster = Cluster(tmp_path, cloud, url(silent.getsockname()[1]))
        cluster.api.launch()
        connected, _ = silent.accept()
        with connected:
            interrupt_all(cluster)
