"""Where the cloud is, who the service is there, and how patient it is."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

import platformdirs
import yaml

from isotherm.cloud.accounts import log_in_plugin
from isotherm.core.suggestions import near_or_all


class SettingsError(Exception):
    """The settings name no cloud that can be used; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackDomainSettings:
    """The domain of the users of stacks, and its administrator. ``own``: the service makes it
    itself, by its own account. ``role`` is what the users have in their projects."""

    id: str = ""
    name: str = ""
    admin: str = ""
    password: str = field(default="", repr=False)
    role: str = "heat_stack_user"
    own: bool = False

    @property
    def is_there(self) -> bool:
        return self.own or bool((self.id or self.name) and self.admin and self.password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service user's account, and limits on calls. All times are in seconds.

    ``timeouts`` overrides ``timeout`` by service type. ``max_connections`` bounds the
    calls under way to each service. ``delegated_roles`` are the roles of a caller that
    are passed on with a trust; empty: all of them. ``allow_redelegation``: by other services, too,
    which need it to act later on what a stack has told them. ``deployment_number`` tells this
    service's trusts from those of others with the same account. A domain's id goes before its
    name.
    """

    auth_url: str
    username: str
    password: str = field(repr=False)
    project_name: str
    user_domain_name: str = "Default"
    project_domain_name: str = "Default"
    user_domain_id: str = ""
    project_domain_id: str = ""
    region: str = ""
    interface: str = "public"
    ca_bundle: str = ""
    insecure: bool = False
    connect_timeout: float = 10.0
    timeout: float = 60.0
    timeouts: Mapping[str, float] = field(default_factory=dict)
    max_connections: int = 32
    read_attempts: int = 3
    token_cache_seconds: float = 300.0
    bad_token_cache_seconds: float = 10.0
    cached_tokens: int = 10_000
    cached_sessions: int = 1_000
    delegated_roles: tuple[str, ...] = ()
    allow_redelegation: bool = False
    deployment_number: int = 0
    cloudformation_url: str = ""
    """Where clients find the API for clients of AWS; empty: where the catalogue says."""
    metadata_url: str = ""
    """Where agents of servers find it; empty: there, too."""
    stack_domain: StackDomainSettings = field(default_factory=StackDomainSettings)
    log_in: tuple[str, Mapping[str, Any]] | None = field(default=None, repr=False)
    """Another way than by password, and what it needs: for users, who delegate nothing."""

    def timeout_for(self, service: str) -> float:
        return self.timeouts.get(service, self.timeout)

    def ssl_context(self) -> ssl.SSLContext:
        """Not to be changed. Raises SettingsError for a CA bundle that cannot be read."""
        if not self.ca_bundle:
            return _system_context(self.insecure)
        try:
            return _context(self.ca_bundle, self.insecure)
        except OSError as error:
            raise SettingsError(f"The CA bundle {self.ca_bundle} cannot be read: {error}") from None

    @classmethod
    def from_clouds_yaml(
        cls, name: str, path: Path | None = None, *, delegates: bool = True
    ) -> Self:
        """The entry ``name`` of the file at ``path``, or else of the first file found where
        OpenStack clients look; with a password if it ``delegates``. Raises SettingsError."""
        file = path or _first_existing(_clients_look_at())
        clouds = _read(file).get("clouds")
        entry = clouds.get(name) if isinstance(clouds, dict) else None
        if not isinstance(entry, dict):
            hint = near_or_all(name, clouds) if isinstance(clouds, dict) else ""
            known = f" ({hint})" if hint else ""
            raise SettingsError(f"There is no cloud {name!r} in {file}{known}.")
        try:
            return cls(**_arguments(entry, delegates=delegates))
        except SettingsError as error:
            raise SettingsError(f"Cloud {name!r} in {file}: {error}") from None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The user that the ``OS_…`` variables name, as a downloaded openrc file sets them.
        Raises SettingsError."""
        found = {name: environment.get(f"OS_{name.upper()}") for name in _VARIABLES}
        auth = {name: value for name, value in found.items() if value}
        entry = {
            "auth_type": environment.get("OS_AUTH_TYPE") or "password",
            "auth": {**auth, "project_name": auth.get("project_name") or auth.get("tenant_name")},
            "region_name": environment.get("OS_REGION_NAME"),
            "interface": environment.get("OS_INTERFACE") or environment.get("OS_ENDPOINT_TYPE"),
            "cacert": environment.get("OS_CACERT"),
            "insecure": environment.get("OS_INSECURE", "").lower() in ("1", "true", "yes"),
        }
        try:
            return cls(**_arguments(entry, delegates=False))
        except SettingsError as error:
            raise SettingsError(f"The OS_ variables are not enough: {error}") from None


_DOMAINS = ("user_domain_name", "project_domain_name", "user_domain_id", "project_domain_id")
_VARIABLES = (
    *("auth_url", "username", "password", "project_name", "tenant_name"),
    *_DOMAINS,
    *("user_id", "project_id", "token", "passcode"),
    *("application_credential_id", "application_credential_name", "application_credential_secret"),
)


@cache
def _system_context(insecure: bool) -> ssl.SSLContext:
    """Made once: reading the system's authorities takes longer than a call of the cloud."""
    return _context(None, insecure)


def _context(ca_bundle: str | None, insecure: bool) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_bundle)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _clients_look_at() -> Iterator[Path]:
    named = os.environ.get("OS_CLIENT_CONFIG_FILE")
    if named:
        yield Path(named)
    yield Path("clouds.yaml")
    yield Path(platformdirs.user_config_dir("openstack")) / "clouds.yaml"
    yield Path("/etc/openstack/clouds.yaml")


def _first_existing(paths: Iterator[Path]) -> Path:
    tried = list(paths)
    for path in tried:
        if path.is_file():
            return path
    looked = ", ".join(map(str, tried))
    raise SettingsError(
        f"No clouds.yaml found; looked at {looked}. OS_CLIENT_CONFIG_FILE may name another one; "
        "isotherm serve prints which one it has written."
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} cannot be read: it is not UTF-8 text.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise SettingsError(f"{path}{place}: no YAML: {error.problem}.") from None
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: no YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(data, dict):
        raise SettingsError(f"{path} is no clouds.yaml: there is no section 'clouds' in it.")
    return data


def _arguments(entry: Mapping[str, Any], *, delegates: bool) -> dict[str, Any]:
    """Constructor arguments from one entry; raises SettingsError."""
    kind = entry.get("auth_type", "password")
    auth = {name: each for name, each in (entry.get("auth") or {}).items() if each is not None}
    if kind in ("password", "v3password"):
        if delegates or not _goes_by_ids(auth):
            return {**_by_password(entry), **_reached(entry)}
        kind = "v3password"
        if "user_domain_id" not in auth:
            auth = {"user_domain_name": "Default", **auth}
    elif delegates:
        raise SettingsError(f"auth_type {kind!r} cannot take on trusts; use password.")
    try:
        _, url = log_in_plugin(str(kind), auth)
    except ValueError as error:
        raise SettingsError(f"{error}.") from None
    nobody = dict.fromkeys(("username", "password", "project_name"), "")
    return {**nobody, "auth_url": url, "log_in": (str(kind), auth), **_reached(entry)}


def _goes_by_ids(auth: Mapping[str, Any]) -> bool:
    """Whether user or project are named by an id alone, which users may."""
    return any(
        auth.get(f"{kind}_id") and not auth.get(name)
        for kind, name in (("user", "username"), ("project", "project_name"))
    )


def _by_password(entry: Mapping[str, Any]) -> dict[str, Any]:
    auth = entry.get("auth") or {}
    required = ("auth_url", "username", "password", "project_name")
    missing = [key for key in required if not auth.get(key)]
    if missing:
        raise SettingsError("auth has no " + ", ".join(missing) + ".")
    arguments: dict[str, Any] = {key: str(auth[key]) for key in required}
    for key in _DOMAINS:
        if auth.get(key):
            arguments[key] = str(auth[key])
    return arguments


def _reached(entry: Mapping[str, Any]) -> dict[str, Any]:
    """How the cloud is reached, whoever logs in."""
    arguments: dict[str, Any] = {}
    if entry.get("region_name"):
        arguments["region"] = str(entry["region_name"])
    if entry.get("interface"):
        arguments["interface"] = str(entry["interface"]).removesuffix("URL")
    if entry.get("cacert"):
        arguments["ca_bundle"] = str(entry["cacert"])
    return {**arguments, "insecure": entry.get("verify") is False or bool(entry.get("insecure"))}
