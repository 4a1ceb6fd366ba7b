"""Whether a service could work with its settings on this machine; looking changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from oslo_config import cfg

from isotherm.cloud import OpenStackCloud
from isotherm.kit.plugins import load_registry
from isotherm.server.adapters import (
    cloud_settings,
    names_cloud,
    open_fetcher,
    open_plugins,
    open_policy,
)
from isotherm.server.buses import reach_broker
from isotherm.server.database import find_key, open_database, schema_in_words, survey
from isotherm.server.errors import ConfigurationError
from isotherm.server.heat_options import left_alone, not_honoured
from isotherm.server.logs import log_path
from isotherm.server.operator_environment import operator_environment, with_operators_templates
from isotherm.server.option_files import read_files
from isotherm.server.options import OptionError, load_options
from isotherm.server.real_clock import RealClock
from isotherm.server.state_folder import StateFolder
from isotherm.store import REVISION, Survey

_LEAST_SPACE = 100 * 1024 * 1024
_LARGEST_LAG = 2.0
_USUAL_ENVIRONMENT = "/etc/heat/environment.d"
_LEAST_KEY = 32
_SAMPLE_KEY = "notgood but just long enough i t"


class Verdict(StrEnum):
    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class _Note(Exception):
    """Something to know that keeps nothing from working."""

    detail: str


def examine(files: Sequence[Path], state: StateFolder) -> Iterator[Finding]:
    """One finding after the other; each thing is looked at whatever is wrong with others."""
    try:
        conf = load_options(files)
    except OptionError as error:
        for line in str(error).splitlines():
            yield Finding("settings", Verdict.WRONG, line)
        return
    yield Finding("settings", Verdict.WELL, ", ".join(map(str, files)) or "defaults")
    yield from _options(files)
    found: list[Survey] = []
    yield _try("database", lambda: _database(conf, state, found))
    if found:
        yield _try("clock", lambda: _clock(found[0]))
        yield _try("encryption key", lambda: _key(conf, state, found[0]))
    yield _try("broker", lambda: asyncio.run(reach_broker(conf)))
    yield (cloud := _try("cloud", lambda: _cloud(conf)))
    if cloud.verdict is Verdict.WELL and names_cloud(conf):
        yield _try("users of stacks", lambda: _users_of_stacks(conf))
    if conf.localcloud.run_servers:
        yield _try("servers that run", lambda: _servers(conf))
    yield _try("resource types", lambda: f"{len(dict(load_registry()))} types")
    yield from _plugins(conf)
    yield _try("policies", lambda: _policies(conf))
    yield _try("environment", lambda: _environment(conf))
    yield _try("templates by address", lambda: _fetching(conf))
    if log_path(conf) is not None:
        yield _try("log", lambda: _log(conf))
    for what, path in _folders(conf, state):
        yield _try("disk", lambda what=what, path=path: _space(what, path))  # type: ignore[misc]


def _options(files: Sequence[Path]) -> Iterator[Finding]:
    written = read_files(files)
    for line in not_honoured(written):
        yield Finding("option", Verdict.NOTE, line)
    for each in left_alone(written):
        yield Finding("option", Verdict.NOTE, each.complaint("is not known and left alone", ""))


def _plugins(conf: cfg.ConfigOpts) -> Iterator[Finding]:
    found = open_plugins(conf)
    for fault in found.faults:
        yield Finding("plug-ins", Verdict.WRONG, str(fault))
    if found.names and not found.faults:
        yield Finding("plug-ins", Verdict.WELL, ", ".join(found.names))


def _try(what: str, look: Callable[[], str]) -> Finding:
    """Whatever a library raises is what there is to report."""
    try:
        return Finding(what, Verdict.WELL, look())
    except _Note as note:
        return Finding(what, Verdict.NOTE, note.detail)
    except Exception as error:  # noqa: BLE001 - the finding is the report
        detail = " ".join(str(error).split())
        return Finding(what, Verdict.WRONG, detail or type(error).__name__)


def _database(conf: cfg.ConfigOpts, state: StateFolder, found: list[Survey]) -> str:
    database = open_database(conf, state)
    looked = survey(database)
    found.append(looked)
    words = f"{database}, {schema_in_words(looked)}"
    if looked.revision not in (None, REVISION):
        raise ConfigurationError(words)
    return words


def _clock(found: Survey) -> str:
    direction = "ahead" if found.ahead > 0 else "behind"
    words = f"the database's goes {abs(found.ahead):.1f} s {direction}"
    if found.exists and abs(found.ahead) > _LARGEST_LAG:
        raise ConfigurationError(f"{words}: let both be set by the same time service")
    return words if found.exists else "this machine's is the only one"


def _key(conf: cfg.ConfigOpts, state: StateFolder, found: Survey) -> str:
    key = find_key(conf, state, found)
    if key is None:
        return f"{state.key_file} will be made; keep a copy with every backup"
    if conf.auth_encryption_key == _SAMPLE_KEY:
        raise _Note("auth_encryption_key is the published default, which everybody knows")
    if 0 < (length := len(conf.auth_encryption_key or "")) < _LEAST_KEY:
        raise _Note(f"auth_encryption_key has {length} characters: give {_LEAST_KEY} or more")
    if conf.auth_encryption_key:
        return f"auth_encryption_key is key {key.id}"
    if stat.S_IMODE(state.key_file.stat().st_mode) & 0o077:
        raise ConfigurationError(f"{state.key_file} can be read by others: chmod 600")
    return f"{state.key_file} is key {key.id}; keep a copy with every backup"


def _cloud(conf: cfg.ConfigOpts) -> str:
    if not names_cloud(conf):
        from isotherm.server.local_cloud import try_local_cloud

        try_local_cloud(conf)
        return "the built-in local cloud"
    settings = cloud_settings(conf)
    services = asyncio.run(_services(OpenStackCloud(settings, RealClock())))
    return f"{settings.auth_url} offers {', '.join(sorted(services))}"


def _users_of_stacks(conf: cfg.ConfigOpts) -> str:
    settings = cloud_settings(conf)
    domain = settings.stack_domain
    if not domain.is_there:
        raise _Note(
            "without stack_user_domain_name, stack_domain_admin and stack_domain_admin_password "
            "handles of wait conditions fail, and servers and alarms cannot signal"
        )
    asyncio.run(_try_domain(OpenStackCloud(settings, RealClock())))
    return f"in domain {domain.name or domain.id}, by {domain.admin or settings.username}"


async def _try_domain(cloud: OpenStackCloud) -> None:
    try:
        await cloud.try_stack_domain()
    finally:
        await cloud.close()


def _servers(conf: cfg.ConfigOpts) -> str:
    """Tried with nothing in it."""
    if names_cloud(conf):
        raise ConfigurationError("run_servers: the local cloud is not in use")
    from isotherm.localcloud.hypervisor import Keeper
    from isotherm.server.local_cloud import hypervisor_settings

    with TemporaryDirectory() as folder:
        settings = hypervisor_settings(conf, Path(folder), "http://127.0.0.1:80")
        Keeper(settings).close()
    found = settings.shown.get("agents")
    agents = f"with the agents of {found[0]}" if found else "without agents: `make agents`"
    return f"each in a sandbox, {agents}"


async def _services(cloud: OpenStackCloud) -> frozenset[str]:
    try:
        return await cloud.services()
    finally:
        await cloud.close()


def _policies(conf: cfg.ConfigOpts) -> str:
    if idle := open_policy(conf).without_effect():
        raise _Note("; ".join(idle))
    file = conf.find_file(conf.oslo_policy.policy_file)
    return f"the defaults, and {file}" if file else "the defaults"


def _environment(conf: cfg.ConfigOpts) -> str:
    types = load_registry()
    environment = operator_environment(
        conf.environment_dir, types, balancers=conf.loadbalancer_template
    )
    with_operators_templates(types, environment, conf.environment_dir)
    folder = Path(conf.environment_dir)
    if not folder.is_dir() and conf.environment_dir != _USUAL_ENVIRONMENT:
        raise _Note(f"[DEFAULT] environment_dir: there is no folder {folder}")
    return str(folder) if folder.is_dir() else f"there is no {folder}"


def _fetching(conf: cfg.ConfigOpts) -> str:
    open_fetcher(conf)
    beside = f" and from {', '.join(conf.isotherm.fetch_from)}" if conf.isotherm.fetch_from else ""
    return f"fetched from the public internet{beside}"


def _log(conf: cfg.ConfigOpts) -> str:
    """Unlike the state folder, the log's is not made by the service."""
    path = log_path(conf)
    assert path is not None
    if not path.parent.is_dir():
        raise ConfigurationError(f"[DEFAULT] log_file: there is no folder {path.parent}")
    if path.exists() and not os.access(path, os.W_OK):
        raise ConfigurationError(f"[DEFAULT] log_file: {path} cannot be written")
    return str(path)


def _folders(conf: cfg.ConfigOpts, state: StateFolder) -> Iterator[tuple[str, Path]]:
    if not conf.database.connection or not conf.auth_encryption_key:
        yield "state", state.path
    if (log := log_path(conf)) is not None:
        yield "log", log.parent


def _space(what: str, path: Path) -> str:
    existing = next(each for each in (path, *path.absolute().parents) if each.exists())
    if not os.access(existing, os.W_OK):
        raise ConfigurationError(f"{what} folder {path}: {existing} cannot be written")
    free = shutil.disk_usage(existing).free
    words = f"{what} folder {path}: {free / 1024**2:.0f} MiB free"
    if free < _LEAST_SPACE:
        raise ConfigurationError(words)
    return words
