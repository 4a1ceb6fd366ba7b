"""The cloud port on each cloud there is: the local one, and the one that OS_CLOUD names.

On a real cloud, ``ISOTHERM_TEST_SERVICE_CLOUD`` names the entry of the service user
(a user that may validate tokens); without it the tests run as OS_CLOUD's user throughout.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from tests.listening import listening

from isotherm.cloud import OpenStackCloud, Settings
from isotherm.cloud.sessions import Keystone, ServiceSession
from isotherm.core.values import Value
from isotherm.kit import CloudApi
from isotherm.localcloud import build_cloud
from isotherm.ports.cloud import Caller

PASSWORDS = {"admin": "admin-pw", "demo": "demo-pw", "isotherm": "isotherm-pw"}


class SystemClock:
    """Real time: real clouds take some."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@pytest.fixture(params=["local", pytest.param("real", marks=pytest.mark.openstack)])
async def accounts(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Settings, Settings]]:
    """The service user's settings, and a user's."""
    if request.param == "real":
        user = os.environ["OS_CLOUD"]
        service = os.environ.get("ISOTHERM_TEST_SERVICE_CLOUD", user)
        yield Settings.from_clouds_yaml(service), Settings.from_clouds_yaml(user)
        return
    local = build_cloud(None, passwords=PASSWORDS)
    async with listening(local.app) as url:
        keystone = f"{url}/identity"
        yield _settings(keystone, "isotherm", "service"), _settings(keystone, "demo", "demo")
    local.close()


def _settings(url: str, user: str, project: str) -> Settings:
    return Settings(auth_url=url, username=user, password=PASSWORDS[user], project_name=project)


@pytest.fixture
async def cloud(accounts: tuple[Settings, Settings]) -> AsyncIterator[OpenStackCloud]:
    cloud = OpenStackCloud(accounts[0], SystemClock())
    yield cloud
    await cloud.close()


@pytest.fixture
async def token(accounts: tuple[Settings, Settings]) -> str:
    """Of the user, as a client would get it."""
    user = accounts[1]
    return await ServiceSession(user, Keystone(user), SystemClock()).token()


@pytest.fixture
async def caller(cloud: OpenStackCloud, token: str) -> Caller:
    return await cloud.authenticate(token)


@pytest.fixture
async def credentials(cloud: OpenStackCloud, caller: Caller) -> AsyncIterator[Value]:
    credentials = await cloud.delegate(caller)
    yield credentials
    await cloud.revoke(credentials)


@pytest.fixture
async def api(cloud: OpenStackCloud, credentials: Value) -> CloudApi:
    return await cloud.connect(credentials)
