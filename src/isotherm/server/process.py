"""A running service: chosen parts, from settings to a clean end."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from oslo_config import cfg

from isotherm import __version__
from isotherm.api.native import build_application
from isotherm.cloud import OpenStackCloud
from isotherm.cloud import Settings as CloudSettings
from isotherm.core.ids import new_token
from isotherm.engine.pacemaker import ThreadPacemaker
from isotherm.engine.poller import Poller
from isotherm.engine.probe import NoProbe
from isotherm.engine.run import Tools
from isotherm.engine.worker import Worker
from isotherm.kit.registry import load_registry
from isotherm.localcloud import CatalogEntry, LocalCloud, build_cloud
from isotherm.ports.bus import Bus
from isotherm.server.adapters import (
    cloud_settings,
    engine_settings,
    names_cloud,
    open_store,
    usecase_settings,
)
from isotherm.server.buses import open_bus
from isotherm.server.listener import Listener, PathSwitch, applications
from isotherm.server.real_clock import RealClock
from isotherm.server.state_folder import StateFolder
from isotherm.usecases.policy import Policy
from isotherm.usecases.services import Services

log = logging.getLogger(__name__)

NATIVE_PREFIXES = ("/orchestration", "/v1")

_CATALOG = (
    CatalogEntry("orchestration", "isotherm", "/orchestration/v1/%(project_id)s"),
    CatalogEntry("cloudformation", "isotherm-cfn", "/cfn/v1"),
)


class Part(Enum):
    """What a process may do; ``serve`` does all of it."""

    API = "api"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. ``listen`` is host and port; ``announce`` is told the URL once requests
    are answered."""

    conf: cfg.ConfigOpts
    parts: frozenset[Part]
    state: Path | None
    listen: tuple[str, int]
    announce: Callable[[str], None]


async def run(plan: Plan) -> None:
    """Run until SIGTERM or SIGINT; leases are given back before this returns.

    Raises ConfigurationError, StateFolderInUse, OSError.
    """
    state = StateFolder(plan.state) if plan.state is not None else None
    if state is not None:
        state.lock()
    listener = Listener(*plan.listen)
    local = None if names_cloud(plan.conf) else _local_cloud(plan.conf, state, listener.url)
    try:
        await _Process(plan, state, listener, local).run()
    finally:
        listener.close()
        if local is not None:
            local.close()


def _local_cloud(conf: cfg.ConfigOpts, state: StateFolder | None, url: str) -> LocalCloud:
    local = build_cloud(state.local_cloud if state else None, public_url=url, catalog=_CATALOG)
    local.frame.timings.seconds.update(conf.localcloud.timings)
    if state is not None:
        state.write_clouds(f"{url}/identity/v3", local.password("demo"), local.password("admin"))
    return local


class _Process:
    def __init__(
        self,
        plan: Plan,
        state: StateFolder | None,
        listener: Listener,
        local: LocalCloud | None,
    ) -> None:
        self._plan = plan
        self._state = state
        self._listener = listener
        self._local = local
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        conf, clock = self._plan.conf, RealClock()
        settings = _account(self._local, self._listener) if self._local else cloud_settings(conf)
        store = open_store(conf, self._state)
        cloud = OpenStackCloud(settings, clock)
        bus = open_bus(conf)
        registry = load_registry()
        services = Services(
            store=store,
            bus=bus,
            cloud=cloud,
            registry=registry,
            clock=clock,
            policy=Policy(conf),
            settings=usecase_settings(conf, settings.auth_url, __version__),
        )
        tools = Tools(
            store=store,
            clock=clock,
            types=registry,
            settings=engine_settings(conf),
            poller=Poller(clock, engine_settings(conf).gather_seconds),
            probe=NoProbe(),
        )
        try:
            await self._run_parts(services, tools, bus)
        finally:
            await bus.close()
            await cloud.close()
            await store.close()

    async def _run_parts(self, services: Services, tools: Tools, bus: Bus) -> None:
        worker = Worker(
            tools,
            services.cloud,
            bus,
            self._owner(),
            ThreadPacemaker(tools.settings.renew_seconds),
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopped.set)
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(self._listener.serve(self._application(services)))
            working = tasks.create_task(worker.run()) if Part.ENGINE in self._plan.parts else None
            # Modules, types and routes live as long as the process: no need to look for
            # garbage in them again and again.
            gc.collect()
            gc.freeze()
            self._plan.announce(self._listener.url)
            await self._stopped.wait()
            worker.stop()
            if working is not None:
                await working
            self._listener.stop()
            await serving

    def _application(self, services: Services) -> PathSwitch:
        native = build_application(services)
        prefixes = applications(NATIVE_PREFIXES, native)
        if self._local is not None:
            prefixes |= applications(self._local.app.mounts, self._local.app)
        return PathSwitch(prefixes, native)

    def _owner(self) -> str:
        """An embedded service is alone with its folder, so it can take back at once what an
        earlier life of it still owns; processes that share a database cannot."""
        if self._state is not None and not self._plan.conf.database.connection:
            return "embedded"
        return f"{socket.gethostname()}:{new_token()}"


def _account(local: LocalCloud, listener: Listener) -> CloudSettings:
    """The service user of the local cloud."""
    return CloudSettings(
        auth_url=f"{listener.url}/identity/v3",
        username="isotherm",
        password=local.password("isotherm"),
        project_name="service",
    )
