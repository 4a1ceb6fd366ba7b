"""The built-in cloud as a part of the process; imported only where no other cloud is named."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from oslo_config import cfg

from isotherm.cloud import Settings as CloudSettings
from isotherm.cloud import StackDomainSettings
from isotherm.core.suggestions import suggest
from isotherm.localcloud import (
    PUBLIC_NETWORK,
    AbortableHttpProtocol,
    CatalogEntry,
    JournalError,
    LocalCloud,
    build_cloud,
)
from isotherm.server.connections import ClientConnection
from isotherm.server.errors import ConfigurationError
from isotherm.server.state_folder import StateFolder

if TYPE_CHECKING:
    from isotherm.localcloud.hypervisor import KeeperSettings

_REACHABLE = "127.24.4.0/24"
"""Floating addresses of servers that run: on the loopback device, all of these are ours."""
_CATALOG = (
    CatalogEntry("orchestration", "isotherm", "/orchestration/v1/%(project_id)s"),
    CatalogEntry("cloudformation", "isotherm-cfn", "/cfn/v1"),
    CatalogEntry("cloudwatch", "isotherm-cloudwatch", "/cloudwatch"),
)
_SERVICE_USER = "isotherm"


class BreakableConnection(AbortableHttpProtocol, ClientConnection):
    """A client's connection that the cloud's faults can cut."""


def open_local_cloud(conf: cfg.ConfigOpts, state: StateFolder | None, url: str) -> LocalCloud:
    """Raises ConfigurationError for timings of operations that do not exist, and where its
    folder cannot be written."""
    try:
        local = build_cloud(
            state.local_cloud if state else None,
            public_url=url,
            catalog=_CATALOG,
            public_network=_REACHABLE if conf.localcloud.run_servers else PUBLIC_NETWORK,
        )
    except JournalError as error:
        raise ConfigurationError(f"the local cloud cannot write what it does: {error}") from None
    try:
        _check_timings(local, conf.localcloud.timings)
    except ConfigurationError:
        local.close()
        raise
    local.frame.timings.seconds.update(conf.localcloud.timings)
    if state is not None:
        passwords = {name: local.password(name) for name in ("demo", "admin", _SERVICE_USER)}
        state.write_clouds(f"{url}/identity/v3", passwords)
        endpoints = {"cloudformation": f"{url}/cfn/v1", "cloudwatch": f"{url}/cloudwatch"}
        state.write_aws(endpoints, local.ec2_key("demo"))
    return local


def try_local_cloud(conf: cfg.ConfigOpts) -> None:
    """Whether it could be opened with its options; nothing of it is kept.

    Raises ConfigurationError."""
    with contextlib.closing(build_cloud(None, public_url="http://127.0.0.1:80")) as local:
        _check_timings(local, conf.localcloud.timings)


def _check_timings(local: LocalCloud, timings: Collection[str]) -> None:
    if unknown := local.unknown_timings(timings):
        known = local.timed()
        raise ConfigurationError("; ".join(_no_operation(each, known) for each in unknown))


def _no_operation(name: str, known: Collection[str]) -> str:
    hint = suggest(name, known)
    return f"[localcloud] timings: no operation is called {name}" + (f" ({hint})" if hint else "")


@contextlib.contextmanager
def running_servers(
    conf: cfg.ConfigOpts, state: StateFolder | None, local: LocalCloud, url: str
) -> Iterator[None]:
    """Servers of the local cloud run meanwhile, where that is asked for.

    Raises ConfigurationError where this machine does not let them."""
    if not conf.localcloud.run_servers:
        yield
        return
    from isotherm.localcloud.hypervisor import CannotRunServersError, Hypervisor

    with contextlib.ExitStack() as undo:
        folder = state.servers if state else Path(undo.enter_context(TemporaryDirectory()))
        try:
            hypervisor = Hypervisor(hypervisor_settings(conf, folder, url), local.frame.peers)
        except CannotRunServersError as error:
            raise ConfigurationError(f"[localcloud] run_servers: {error}") from None
        undo.callback(hypervisor.close)
        local.frame.peers.join("machines", hypervisor)
        hypervisor.start()
        yield


def hypervisor_settings(conf: cfg.ConfigOpts, disks: Path, url: str) -> KeeperSettings:
    """Raises ConfigurationError for a folder of agents that is none."""
    from isotherm.localcloud.hypervisor import settings_for

    named = conf.localcloud.agents
    agents = Path(named) if named else Path(sys.prefix) / "agents"
    if named and not (agents / "bin").is_dir():
        raise ConfigurationError(f"[localcloud] agents: {agents} has no folder bin")
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 80)
    return settings_for(disks, address, agents if agents.is_dir() else None)


def service_account(local: LocalCloud, url: str) -> CloudSettings:
    """The service user of the local cloud."""
    return CloudSettings(
        auth_url=f"{url}/identity/v3",
        username=_SERVICE_USER,
        password=local.password(_SERVICE_USER),
        project_name="service",
        stack_domain=StackDomainSettings(own=True),
    )
