"""One running service for all tests of a process that only read or clean up after themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.condition import Condition, changes_since
from tests.clients.playing_servers import playing_service
from tests.clients.service import Service


@pytest.fixture(scope="session")
def session_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("service") / "state")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def service(session_service: Service, request: pytest.FixtureRequest) -> Iterator[Service]:
    """The one service of this process's tests; each file leaves it as it found it."""
    found = Condition.of(session_service)
    yield session_service
    if changes := changes_since(found, session_service):
        found.restore(session_service)
        pytest.fail("\n".join([f"{request.node.name} leaves a service behind in which", *changes]))


@pytest.fixture(scope="session")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One whose servers run; tests that use it are of the group ``playing``, and remove theirs."""
    yield from playing_service(tmp_path_factory.mktemp("playing"))


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """A service of the test's own, to be killed and restarted; not started yet."""
    own = Service(tmp_path / "state")
    yield own
    if own.process is not None:
        own.kill()
