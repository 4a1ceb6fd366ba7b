"""Session fixtures with the URL of a real server, shared by all workers of a run.

Named as a plugin by the top conftest; nothing starts before a test asks for it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers.sharing import shared


@pytest.fixture(scope="session")
def meeting_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def postgresql_url(meeting_place: Path) -> Iterator[str]:
    """The maintenance database of a PostgreSQL server, as its superuser."""
    with shared("postgresql", meeting_place) as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_url(meeting_place: Path) -> Iterator[str]:
    """The system database of a MariaDB server, as its administrator."""
    with shared("mariadb", meeting_place) as url:
        yield url


@pytest.fixture(scope="session")
def rabbitmq_url(meeting_place: Path) -> Iterator[str]:
    """A RabbitMQ broker's default virtual host."""
    with shared("rabbitmq", meeting_place) as url:
        yield url
