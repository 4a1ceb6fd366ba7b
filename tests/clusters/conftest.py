"""A cluster for each kind of database, with a broker and a cloud that they share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.clients.service import Service
from tests.clusters.cluster import CloudDoor, Cluster
from tests.servers.databases import new_account
from tests.servers.install import ensure_installed
from tests.servers.mariadb import running_mariadb
from tests.servers.postgresql import running_postgresql
from tests.servers.process import Server
from tests.servers.rabbitmq import running_rabbitmq

CALL_SECONDS = 8
"""Longer than the lease: a call may outlive the engine that made it, and its lease."""


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("cloud") / "state")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def door(cloud: Service) -> CloudDoor:
    return CloudDoor(cloud)


# Not the servers that other suites share: these are stopped in the middle of things, and
# what they have confirmed must still be there then.


@pytest.fixture(scope="session")
def broker() -> Iterator[Server]:
    ensure_installed(["rabbitmq"])
    with running_rabbitmq() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    ensure_installed(["postgresql"])
    with running_postgresql(durable=True) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    ensure_installed(["mariadb"])
    with running_mariadb(durable=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_cluster(
    tmp_path_factory: pytest.TempPathFactory, cloud: Service, broker: Server, postgresql: Server
) -> Iterator[Cluster]:
    with _running(tmp_path_factory.mktemp("postgresql"), cloud, broker, postgresql) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def mariadb_cluster(
    tmp_path_factory: pytest.TempPathFactory, cloud: Service, broker: Server, mariadb: Server
) -> Iterator[Cluster]:
    with _running(tmp_path_factory.mktemp("mariadb"), cloud, broker, mariadb) as cluster:
        yield cluster


@contextmanager
def _running(folder: Path, cloud: Service, broker: Server, database: Server) -> Iterator[Cluster]:
    options = {"call_seconds": str(CALL_SECONDS)}
    cluster = Cluster(
        folder, cloud, new_account(database.url), transport_url=broker.url, options=options
    )
    try:
        # All at once: the first one makes the schema, whichever it is.
        cluster.start(engines=2)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(params=["postgresql", "mariadb"])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest) -> Server:
    """The server of the cluster's database."""
    server: Server = request.getfixturevalue(kind)
    return server


@pytest.fixture
def cluster(kind: str, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """An API and two engines, all well before and after."""
    found: Cluster = request.getfixturevalue(f"{kind}_cluster")
    found.have_engines(2)
    yield found
    found.check_no_trouble()
