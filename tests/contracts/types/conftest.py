"""A running service on each cloud there is, and its users."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from tests.contracts.checked import Run
from tests.contracts.types.beds import Account, Bed, need_admin, start_local, start_real

_RUN = Run()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _RUN.take_in(report)


def pytest_sessionfinish() -> None:
    _RUN.keep()


@pytest.fixture(
    scope="session", params=["local", pytest.param("real", marks=pytest.mark.openstack)]
)
def bed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    start = start_real if request.param == "real" else start_local
    bed = start(tmp_path_factory.mktemp(request.param))
    yield bed
    bed.service.stop()


@pytest.fixture
async def account(
    bed: Bed, record_property: Callable[[str, object], None]
) -> AsyncIterator[Account]:
    """An ordinary user."""
    async with bed.enter(bed.user) as account:
        yield account
        record_property("types", sorted(account.stacks.types))


@pytest.fixture
async def admin(bed: Bed, record_property: Callable[[str, object], None]) -> AsyncIterator[Account]:
    """An administrator; skips where the cloud lends none."""
    async with bed.enter(need_admin(bed)) as admin:
        yield admin
        record_property("types", sorted(admin.stacks.types))


@pytest.fixture
def name() -> str:
    """Of the stack, and of what has to have a name."""
    return f"types-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def location(bed: Bed) -> str:
    """Where the image can be downloaded from. The local cloud believes any address; what a
    real one can reach (never a loopback address) is for ``ISOTHERM_TEST_IMAGE_URL`` to say."""
    if bed.local:
        return "http://images.example.com/tiny.raw"
    if url := os.environ.get("ISOTHERM_TEST_IMAGE_URL"):
        return url
    pytest.skip("no image to download: set ISOTHERM_TEST_IMAGE_URL")
