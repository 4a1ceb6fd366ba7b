"""A fake cloud on a real listener, and the cloud port in front of it."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tests.cloud.clocks import TurnedClock
from tests.cloud.fake_openstack import FakeOpenStack

from isotherm.cloud import OpenStackCloud, Settings
from isotherm.kit import CloudApi

USER_TOKEN = "user-token"

Counts = Counter[tuple[str, str, int]]


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def counts() -> Counts:
    return Counter()


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenStack]:
    fake = FakeOpenStack(
        catalogue={
            "compute": "/compute/v2.1",
            "volumev3": "/volume/v3",
            "network": "/network",
            "image": "/image",
            "object-store": "/store",
        }
    )
    fake.tokens[USER_TOKEN] = "user"
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.handle)
    server = TestServer(app, host="127.0.0.1", handler_cancellation=True, shutdown_timeout=0.1)
    await server.start_server()
    fake.url = f"http://127.0.0.1:{server.port}"
    yield fake
    await server.close()


@pytest.fixture
def settings(fake: FakeOpenStack) -> Settings:
    return Settings(
        auth_url=fake.url,
        username="isotherm",
        password="hard-to-guess",
        project_name="service",
        region="here",
        connect_timeout=1.0,
        timeout=5.0,
        max_connections=4,
    )


@pytest.fixture
async def cloud(
    settings: Settings, clock: TurnedClock, counts: Counts
) -> AsyncIterator[OpenStackCloud]:
    cloud = OpenStackCloud(settings, clock, count=lambda *call: counts.update([call[:3]]))
    yield cloud
    await cloud.close()


@pytest.fixture
async def api(cloud: OpenStackCloud) -> CloudApi:
    """As a trust's delegate."""
    return await cloud.connect({"trust_id": "trust"})


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])
