"""A running service: chosen parts, from settings to a clean end."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from oslo_config import cfg
from starlette.types import ASGIApp

from isotherm import __version__
from isotherm.api.cfn import build_cloudformation
from isotherm.api.cloudwatch import build_cloudwatch
from isotherm.api.native import build_application
from isotherm.cloud import OpenStackCloud
from isotherm.cloud import Settings as CloudSettings
from isotherm.core.ids import new_token
from isotherm.engine.owning.pacemaker import ThreadPacemaker
from isotherm.engine.owning.worker import Worker
from isotherm.engine.probe import NoProbe
from isotherm.engine.recording.durations import Durations
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.poller import Poller
from isotherm.resources import STAND_INS
from isotherm.sandbox import queries_apart
from isotherm.server.adapters import (
    allowed_sources,
    cloud_settings,
    engine_settings,
    names_cloud,
    open_fetcher,
    open_plugins,
    open_policy,
    open_sender,
    usecase_settings,
)
from isotherm.server.buses import open_bus
from isotherm.server.database import open_store
from isotherm.server.errors import ConfigurationError
from isotherm.server.health import Health
from isotherm.server.listener import (
    CfnInitSwitch,
    Listener,
    PathSwitch,
    TemporaryUrlSwitch,
    applications,
)
from isotherm.server.metrics import PrometheusMetrics
from isotherm.server.monitoring import Monitoring, StoreFigures, nothing_here
from isotherm.server.operator_environment import operator_environment, with_operators_templates
from isotherm.server.real_clock import RealClock
from isotherm.server.state_folder import StateFolder
from isotherm.server.stopping import Stopped, Stopping
from isotherm.store import SqlStore
from isotherm.usecases.services import Services

if TYPE_CHECKING:
    from isotherm.localcloud import LocalCloud

log = logging.getLogger(__name__)

_NEW_OBJECTS = 50_000
"""After so many the collector looks for garbage in them: a big template is one look, not many."""

_LAST_SECONDS = 1.5
"""How long calls that are under way may take when the process ends in a hurry."""

NATIVE_PREFIXES = ("/orchestration", "/v1")
CFN_PREFIX = "/cfn"
CLOUDWATCH_PREFIX = "/cloudwatch"


class Part(Enum):
    """What a process may do; ``serve`` does all of it."""

    API = "api"
    CFN = "api-cfn"
    CLOUDWATCH = "api-cloudwatch"
    ENGINE = "engine"


_DOORS: Mapping[Part, Callable[[Services], ASGIApp]] = {
    Part.CFN: build_cloudformation,
    Part.CLOUDWATCH: build_cloudwatch,
}
"""Those that can stand alone, at the root of an address of their own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. ``listen`` is host and port; ``announce`` is told the URL once requests
    are answered. ``beside`` are doors that also listen at addresses of their own."""

    conf: cfg.ConfigOpts
    parts: frozenset[Part]
    state: Path | None
    listen: tuple[str, int]
    announce: Callable[[str], None]
    beside: Mapping[Part, tuple[str, int]] = field(default_factory=dict)


async def run(plan: Plan) -> None:
    """Run until SIGTERM or SIGINT; leases are given back before this returns.

    Raises ConfigurationError, StateFolderInUse.
    """
    if plan.state is not None:
        with closing(StateFolder(plan.state)) as state:
            state.create()
            state.lock()
            await _run(plan, state)
        return
    if not names_cloud(plan.conf):
        # Each process would have a cloud of its own, and none would see another's objects.
        raise ConfigurationError(
            "name a cloud ([isotherm] cloud or [keystone_authtoken] auth_url): "
            "only `isotherm serve` has a local one"
        )
    await _run(plan, None)


async def _run(plan: Plan, state: StateFolder | None) -> None:
    if names_cloud(plan.conf):
        if plan.conf.localcloud.run_servers:
            raise ConfigurationError("[localcloud] run_servers: the local cloud is not in use")
        with closing(Listener(*plan.listen)) as listener:
            account = cloud_settings(plan.conf)
            await _Process(plan, state, listener, account).run()
        return
    # A service on a real cloud does without the local one, and with its memory.
    from isotherm.server.local_cloud import (
        BreakableConnection,
        open_local_cloud,
        running_servers,
        service_account,
    )

    with (
        closing(Listener(*plan.listen, BreakableConnection)) as listener,
        closing(open_local_cloud(plan.conf, state, listener.url)) as local,
        running_servers(plan.conf, state, local, listener.url),
    ):
        account = service_account(local, listener.url)
        await _Process(plan, state, listener, account, local=local).run()


class _Process:
    def __init__(
        self,
        plan: Plan,
        state: StateFolder | None,
        listener: Listener,
        account: CloudSettings,
        *,
        local: LocalCloud | None = None,
    ) -> None:
        self._plan = plan
        self._state = state
        self._listener = listener
        self._account = account
        self._local = local
        self._beside: Mapping[Part, Listener] = {}
        self._metrics = PrometheusMetrics()
        self._plugins = open_plugins(plan.conf)

    async def run(self) -> None:
        stopping = Stopping()
        stopping.listen()
        async with AsyncExitStack() as opened:
            self._beside = {
                part: opened.enter_context(closing(Listener(*address)))
                for part, address in self._plan.beside.items()
            }
            with suppress(Stopped):
                # In a thread: a database that does not answer must not keep us from ending.
                opening = asyncio.to_thread(open_store, self._plan.conf, self._state, self._metrics)
                store = await stopping.unless_asked(opening)
                opened.push_async_callback(store.close)
                opened.enter_context(queries_apart())
                services = self._services(store, opened)
                tools = self._tools(services, store, opened)
                await self._run_parts(services, tools, store, stopping)

    def _services(self, store: SqlStore, opened: AsyncExitStack) -> Services:
        conf, clock = self._plan.conf, RealClock()
        types = self._plugins.registry.with_stand_ins(STAND_INS)
        environment = operator_environment(
            conf.environment_dir, types, balancers=conf.loadbalancer_template
        )
        registry = with_operators_templates(types, environment, conf.environment_dir)
        policy = open_policy(conf)
        policy.tell_what_has_no_effect()
        bus, fetcher = open_bus(conf), open_fetcher(conf)
        count, allowed = self._metrics.called_cloud, allowed_sources(conf)
        cloud = OpenStackCloud(self._account, clock, count=count, allowed=allowed)
        for each in (cloud, fetcher, bus):
            opened.push_async_callback(each.close)
        return Services(
            store=store,
            bus=bus,
            cloud=cloud,
            registry=registry,
            clock=clock,
            fetcher=fetcher,
            policy=policy,
            settings=usecase_settings(conf, self._account.auth_url, __version__),
            environment=environment,
        )

    def _tools(self, services: Services, store: SqlStore, opened: AsyncExitStack) -> Tools:
        settings, sender = engine_settings(self._plan.conf), open_sender(self._plan.conf)
        opened.push_async_callback(sender.close)
        return Tools(
            store=store,
            clock=services.clock,
            types=services.registry,
            settings=settings,
            poller=Poller(services.clock, settings.gather_seconds, self._metrics),
            durations=Durations(store, services.clock),
            probe=NoProbe(),
            sender=sender,
            environment=services.environment,
            lifecycles=self._plugins.lifecycles,
            metrics=self._metrics,
        )

    async def _run_parts(
        self, services: Services, tools: Tools, store: SqlStore, stopping: Stopping
    ) -> None:
        worker = self._worker(services, tools) if Part.ENGINE in self._plan.parts else None
        async with asyncio.TaskGroup() as tasks:
            health = Health(store, worker, tools.settings, self._plan.state)
            app = Monitoring(
                self._application(services),
                self._metrics,
                health,
                StoreFigures(store),
                doors=self._doors(),
            )
            serving = [
                tasks.create_task(self._listener.serve(app)),
                *(
                    tasks.create_task(each.serve(_DOORS[part](services)))
                    for part, each in self._beside.items()
                ),
            ]
            working = tasks.create_task(worker.run()) if worker is not None else None
            # Modules, types and routes live as long as the process: no need to look for
            # garbage in them again and again.
            gc.collect()
            gc.freeze()
            gc.set_threshold(_NEW_OBJECTS, 20, 20)
            self._plan.announce(self._listener.url)
            await stopping.asked.wait()
            log.info("ending")
            if worker is not None and working is not None:
                worker.stop()
                await _ended(working, stopping)
            for each in (self._listener, *self._beside.values()):
                each.stop()
            await asyncio.wait(serving)

    def _worker(self, services: Services, tools: Tools) -> Worker:
        pacemaker = ThreadPacemaker(tools.settings.renew_seconds)
        worker = Worker(tools, services.cloud, services.bus, self._owner(), pacemaker)
        self._metrics.watch_traversals(lambda: worker.running)
        return worker

    def _application(self, services: Services) -> ASGIApp:
        if Part.API not in self._plan.parts:
            return self._lonely(services)
        native = build_application(services)
        prefixes = applications(NATIVE_PREFIXES, native)
        if Part.CFN in self._plan.parts:
            prefixes[CFN_PREFIX] = build_cloudformation(services)
            prefixes["/v1"] = CfnInitSwitch(prefixes[CFN_PREFIX], native)
        if Part.CLOUDWATCH in self._plan.parts:
            prefixes[CLOUDWATCH_PREFIX] = build_cloudwatch(services)
        if self._local is not None:
            local = self._local.app
            prefixes |= applications(local.mounts, local)
            prefixes["/v1"] = TemporaryUrlSwitch(local, prefixes.get("/v1", native))
        return PathSwitch(prefixes, native)

    def _lonely(self, services: Services) -> ASGIApp:
        """The door of a process that has but one, or none."""
        for part, build in _DOORS.items():
            if part in self._plan.parts:
                return build(services)
        return nothing_here

    def _doors(self) -> dict[str, str]:
        local = self._local.app.mounts if self._local is not None else ()
        named = dict.fromkeys(NATIVE_PREFIXES, "native") | dict.fromkeys(local, "localcloud")
        named |= {CFN_PREFIX: "cfn", CLOUDWATCH_PREFIX: "cloudwatch"}
        return {prefix.strip("/"): door for prefix, door in named.items()}

    def _owner(self) -> str:
        """An embedded service is alone with its folder, so it can take back at once what an
        earlier life of it still owns; processes that share a database cannot."""
        if self._state is not None and not self._plan.conf.database.connection:
            return "embedded"
        return f"{socket.gethostname()}:{new_token()}"


async def _ended(working: asyncio.Task[None], stopping: Stopping) -> None:
    """When the worker has ended; in a hurry it breaks off what it waits for."""
    hurried = asyncio.create_task(stopping.hurried.wait())
    await asyncio.wait({working, hurried}, return_when=asyncio.FIRST_COMPLETED)
    hurried.cancel()
    if not working.done():
        await asyncio.wait({working}, timeout=_LAST_SECONDS)
        working.cancel()
        await asyncio.wait({working})
