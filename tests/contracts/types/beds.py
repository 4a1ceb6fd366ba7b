"""Where the types are tried: a running service on the local cloud, or on a real one."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.clients.service import Service
from tests.contracts.types.stacks import LOOK_EVERY, Stacks
from tests.servers.process import free_ports

from isotherm.cloud import OpenStackCloud, Settings
from isotherm.cloud.sessions import Keystone, ServiceSession
from isotherm.core.errors import Gone
from isotherm.kit import CloudApi, Entity

LOCAL = """\
[localcloud]
timings =
    compute.server.create:0.2,compute.interface.delete:0.2,block-storage.volume.create:0.1,
    network.tap_service.delete:0.3,network.firewall.delete:0.3
"""
"""A real cloud takes its time, too."""

REAL = """\
[DEFAULT]
heat_waitcondition_server_url = {url}/cfn/v1/waitcondition

[isotherm]
cloud = {cloud}
cloud_file = {file}
"""
"""Its catalogue may know of another orchestration service; servers are to report to this one."""


class SystemClock:
    """Real time: real clouds take some."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Account:
    """What one user sees: stacks through the service, everything else through the cloud."""

    stacks: Stacks
    cloud: CloudApi
    project_id: str
    user_id: str
    http: aiohttp.ClientSession
    token: str
    local_url: str

    async def gone(self, entity: Entity, physical_id: str, *, parent: str = "") -> bool:
        """Whether the cloud has no such object (any more)."""
        try:
            await self.cloud.show(entity, physical_id, parent=parent)
        except Gone:
            return True
        return False

    async def settled(self, entity: Entity, physical_id: str, status: str) -> None:
        """Wait until an object that no stack owns has this status."""
        remote = await self.cloud.show(entity, physical_id)
        while remote["status"] != status:
            await asyncio.sleep(LOOK_EVERY)
            remote = await self.cloud.show(entity, physical_id)

    async def door(self, method: str, path: str, body: Any = None) -> Any:
        """The local cloud's control door; for the administrator."""
        headers = {"X-Auth-Token": self.token}
        url = f"{self.local_url}/localcloud{path}"
        async with self.http.request(method, url, json=body, headers=headers) as reply:
            assert reply.status == 200, await reply.text()
            return await reply.json(content_type=None)


@dataclass(frozen=True)
class Bed:
    """A running service. ``user`` and ``admin`` are accounts of its cloud; a real cloud may
    have no administrator to lend."""

    service: Service
    user: Settings
    admin: Settings | None
    local: bool

    @asynccontextmanager
    async def enter(self, settings: Settings) -> AsyncIterator[Account]:
        clock = SystemClock()
        cloud = OpenStackCloud(settings, clock)
        try:
            async with aiohttp.ClientSession() as http:
                token = await ServiceSession(settings, Keystone(settings), clock).token()
                caller = await cloud.authenticate(token)
                url = f"{self.service.url}/v1/{caller.project_id}"
                stacks = Stacks(http, url, token, real=not self.local)
                yield Account(
                    stacks,
                    await cloud.connect_caller(caller),
                    caller.project_id,
                    caller.user_id,
                    http,
                    token,
                    self.service.url,
                )
                await stacks.clean()
        finally:
            await cloud.close()


def start_local(folder: Path) -> Bed:
    service = Service(folder / "state", LOCAL)
    service.start()
    clouds = folder / "state" / "clouds.yaml"
    user = Settings.from_clouds_yaml("isotherm", clouds)
    return Bed(service, user, Settings.from_clouds_yaml("isotherm-admin", clouds), local=True)


def start_real(folder: Path) -> Bed:
    """On the cloud that OS_CLOUD names. ``ISOTHERM_TEST_SERVICE_CLOUD`` names the service's
    own account (by default the user's), ``ISOTHERM_TEST_ADMIN_CLOUD`` an administrator's,
    ``ISOTHERM_TEST_CONFIG`` a file with more of its configuration: the users of stacks."""
    name = os.environ["OS_CLOUD"]
    service_name = os.environ.get("ISOTHERM_TEST_SERVICE_CLOUD", name)
    file = os.environ.get("OS_CLIENT_CONFIG_FILE", "")
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    config = REAL.format(url=url, cloud=service_name, file=Path(file).absolute() if file else "")
    more = os.environ.get("ISOTHERM_TEST_CONFIG")
    config += Path(more).read_text() if more else ""
    service = Service(folder / "state", config, url=url)
    service.start()
    admin = os.environ.get("ISOTHERM_TEST_ADMIN_CLOUD")
    return Bed(
        service,
        Settings.from_clouds_yaml(name),
        Settings.from_clouds_yaml(admin) if admin else None,
        local=False,
    )


def need_admin(bed: Bed) -> Settings:
    if bed.admin is None:
        pytest.skip("only administrators may do this: set ISOTHERM_TEST_ADMIN_CLOUD")
    return bed.admin
