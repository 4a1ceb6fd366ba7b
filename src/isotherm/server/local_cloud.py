"""The built-in cloud as a part of the process; imported only where no other cloud is named."""

from __future__ import annotations

from oslo_config import cfg

from isotherm.cloud import Settings as CloudSettings
from isotherm.cloud import StackDomainSettings
from isotherm.localcloud import (
    AbortableHttpProtocol,
    CatalogEntry,
    JournalError,
    LocalCloud,
    build_cloud,
)
from isotherm.server.connections import ClientConnection
from isotherm.server.errors import ConfigurationError
from isotherm.server.state_folder import StateFolder

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
        local = build_cloud(state.local_cloud if state else None, public_url=url, catalog=_CATALOG)
    except JournalError as error:
        raise ConfigurationError(f"the local cloud cannot write what it does: {error}") from None
    if unknown := local.unknown_operations(conf.localcloud.timings):
        local.close()
        raise ConfigurationError(
            f"[localcloud] timings: no operation is called {', '.join(unknown)}"
        )
    local.frame.timings.seconds.update(conf.localcloud.timings)
    if state is not None:
        passwords = {name: local.password(name) for name in ("demo", "admin", _SERVICE_USER)}
        state.write_clouds(f"{url}/identity/v3", passwords)
        endpoints = {"cloudformation": f"{url}/cfn/v1", "cloudwatch": f"{url}/cloudwatch"}
        state.write_aws(endpoints, local.ec2_key("demo"))
    return local


def service_account(local: LocalCloud, url: str) -> CloudSettings:
    """The service user of the local cloud."""
    return CloudSettings(
        auth_url=f"{url}/identity/v3",
        username=_SERVICE_USER,
        password=local.password(_SERVICE_USER),
        project_name="service",
        stack_domain=StackDomainSettings(own=True),
    )
