"""A token with its catalogue, kept fresh where the service holds the credentials for it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Protocol

from keystoneauth1 import exceptions as keystone_errors
from keystoneauth1.access import AccessInfoV3
from keystoneauth1.identity import v3
from keystoneauth1.identity.base import BaseIdentityPlugin
from keystoneauth1.session import Session as KeystoneSession

from isotherm.cloud.catalogues import Catalogue, Catalogues
from isotherm.cloud.endpoints import Microversion, base_url
from isotherm.cloud.faults import classify, fault_message
from isotherm.cloud.guarded_sockets import HOW_TO_ALLOW, SocketGuard, is_refusal
from isotherm.cloud.settings import Settings
from isotherm.cloud.single_flight import SingleFlight
from isotherm.core.clock import Clock
from isotherm.core.errors import Busy, Denied, RemoteError
from isotherm.ports.cloud import NotAuthenticated

RENEW_BEFORE_END = 0.1
"""A token is renewed when less than this share of its life, or two minutes, is left."""

_MOMENT = 10.0
"""Seconds in which a catalogue is not asked for again, whatever is missing in it."""


class Session(Protocol):
    """As whom calls are made."""

    async def token(self) -> str:
        """Raises RemoteError."""
        ...

    async def renew(self, rejected: str) -> str:
        """Another token than the rejected one; raises Denied where there cannot be one."""
        ...

    async def catalogue(self) -> Catalogue: ...

    async def latest_catalogue(self) -> Catalogue:
        """As identity has it by now, or had it a moment ago. Raises RemoteError."""
        ...


class CallerSession:
    """The token that came with a request: it cannot be renewed. ``forget`` is told of it where
    it turns out to be over before its time."""

    def __init__(self, token: str, catalogue: Catalogue, forget: Callable[[str], None]) -> None:
        self._token = token
        self._catalogue = catalogue
        self._forget = forget

    async def token(self) -> str:
        return self._token

    async def renew(self, rejected: str) -> str:
        self._forget(rejected)
        raise NotAuthenticated("The token of the request is not valid any more.")

    async def catalogue(self) -> Catalogue:
        return self._catalogue

    async def latest_catalogue(self) -> Catalogue:
        return self._catalogue


class Keystone:
    """The blocking library for all that is hard and rare, at arm's length. A ``guard`` watches
    over its connections where a user has named the cloud."""

    def __init__(self, settings: Settings, guard: SocketGuard | None = None) -> None:
        self._settings = settings
        self._guard = guard
        self._session = self._new_session()
        self.catalogues = Catalogues(settings)

    async def log_in(self, plugin: BaseIdentityPlugin) -> AccessInfoV3:
        """A new token. Raises Denied where the credentials do not give one (any more)."""
        try:
            return await asyncio.to_thread(self._new_access, plugin)
        except keystone_errors.ClientException as error:
            raise _log_in_trouble(error) from error

    async def highest_microversion(self, plugin: BaseIdentityPlugin, endpoint: str) -> Microversion:
        """What the endpoint's version document says. Raises Busy where it says nothing."""
        try:
            found = await asyncio.to_thread(
                plugin.get_endpoint_data,
                self._new_session(plugin),  # some version documents are for users only
                endpoint_override=endpoint,
            )
        except keystone_errors.ClientException as error:
            raise Busy(f"The versions at {endpoint} cannot be read: {error}") from error
        if found is None or found.max_microversion is None:
            raise Busy(f"No versions are to be found at {endpoint}")
        major, minor = found.max_microversion
        return Microversion(int(major), int(minor))

    def _new_session(self, plugin: BaseIdentityPlugin | None = None) -> KeystoneSession:
        return KeystoneSession(
            auth=plugin,
            session=self._guard.requests_session() if self._guard else None,
            verify=False if self._settings.insecure else self._settings.ca_bundle or True,
            timeout=self._settings.timeout_for("identity"),
            app_name="isotherm",
        )

    def _new_access(self, plugin: BaseIdentityPlugin) -> AccessInfoV3:
        plugin.invalidate()
        found = plugin.get_access(self._session)
        assert isinstance(found, AccessInfoV3)
        return found


def _project(settings: Settings) -> dict[str, Any]:
    domain = _domain("project", settings.project_domain_id, settings.project_domain_name)
    return {"project_name": settings.project_name, **domain}


def _domain(of: str, domain_id: str, name: str) -> dict[str, Any]:
    return {f"{of}_domain_id": domain_id} if domain_id else {f"{of}_domain_name": name}


class ServiceSession:
    """The service user in its own project or, with a trust, in the trustor's place; with a
    ``plugin``, whoever that logs in."""

    def __init__(
        self,
        settings: Settings,
        keystone: Keystone,
        clock: Clock,
        *,
        trust_id: str = "",
        plugin: BaseIdentityPlugin | None = None,
    ) -> None:
        self._settings = settings
        self._keystone = keystone
        self._clock = clock
        self.plugin = plugin or v3.Password(
            auth_url=base_url("identity", settings.auth_url, ""),
            username=settings.username,
            password=settings.password,
            **_domain("user", settings.user_domain_id, settings.user_domain_name),
            **({"trust_id": trust_id} if trust_id else _project(settings)),
        )
        self._log_ins: SingleFlight[None, _LogIn] = SingleFlight()
        self._present: _LogIn | None = None

    async def token(self) -> str:
        return (await self._log_in()).token

    async def renew(self, rejected: str) -> str:
        if self._present is not None and self._present.token == rejected:
            self._present = None
        return await self.token()

    async def catalogue(self) -> Catalogue:
        return (await self._log_in()).catalogue

    async def latest_catalogue(self) -> Catalogue:
        """A catalogue comes with a token: an older one is given up."""
        present = self._present
        if present is not None and self._clock.monotonic() >= present.asked_at + _MOMENT:
            self._present = await self._log_ins.run(None, self._log_in_anew)
        return await self.catalogue()

    async def user_id(self) -> str:
        return (await self._log_in()).user_id

    async def domain_id(self) -> str:
        """The domain that the token is for."""
        return (await self._log_in()).domain_id

    async def _log_in(self) -> _LogIn:
        if self._present is None or self._clock.monotonic() >= self._present.renew_at:
            self._present = await self._log_ins.run(None, self._log_in_anew)
        return self._present

    async def _log_in_anew(self) -> _LogIn:
        asked_at = self._clock.monotonic()
        access = await self._keystone.log_in(self.plugin)
        return _LogIn(access, self._keystone.catalogues.of(access), asked_at)


class _LogIn:
    """One token, while it lasts."""

    def __init__(self, access: AccessInfoV3, catalogue: Catalogue, asked_at: float) -> None:
        self.token = str(access.auth_token)
        self.user_id = str(access.user_id)
        self.domain_id = str(access.domain_id or "")
        self.catalogue = catalogue
        self.asked_at = asked_at
        self.renew_at = asked_at + _useful_seconds(access)


def _useful_seconds(access: AccessInfoV3) -> float:
    """By the difference of two times of the cloud, so that our clock may differ from its."""
    if access.expires is None or access.issued is None:
        return 0.0
    life = (access.expires - access.issued).total_seconds()
    return life - min(life * RENEW_BEFORE_END, 120.0)


def _log_in_trouble(error: keystone_errors.ClientException) -> RemoteError:
    """Never Gone: it is the credentials that are gone, not the object somebody asks for."""
    if is_refusal(error):
        return Denied(f"Identity lies at an address that is not public; {HOW_TO_ALLOW}")
    if isinstance(error, keystone_errors.HttpError) and error.response is not None:
        response = error.response
        message = fault_message(response.status_code, response.content)
        trouble = classify(response.status_code, message, response.headers)
        if isinstance(trouble, Busy):
            return trouble
        kind = Busy if response.status_code >= 500 else Denied
        return kind(
            f"Identity gives no token: {message}",
            status=trouble.status,
            request_id=trouble.request_id,
        )
    if isinstance(error, keystone_errors.ConnectionError) and not isinstance(
        error, keystone_errors.SSLError
    ):
        return Busy(f"Identity cannot be reached{_at(error)}: {_first_cause(error)}")
    return Denied(f"Identity gives no token: {error}")


def _at(error: Exception) -> str:
    address = re.search(r"https?://[^\s/]+", str(error))
    return f" at {address[0].rstrip(':')}" if address else ""


def _first_cause(error: BaseException) -> str:
    """The libraries tell each other's stories; the system's word at the bottom is the shortest."""
    while below := _below(error):
        error = below
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _below(error: BaseException) -> BaseException | None:
    first = error.args[0] if error.args else None
    told = (getattr(error, "reason", None), error.__cause__, first, error.__context__)
    return next((each for each in told if isinstance(each, BaseException)), None)
