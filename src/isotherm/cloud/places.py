"""Other regions and other clouds: as whom they are spoken to, and over which connections."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import IO, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from isotherm.cloud.accounts import account_plugin
from isotherm.cloud.guarded_sockets import SocketGuard
from isotherm.cloud.public_addresses import AllowedSources
from isotherm.cloud.sessions import Keystone, ServiceSession, Session
from isotherm.cloud.settings import Settings, SettingsError
from isotherm.cloud.transport import Counter, Transport
from isotherm.core.clock import Clock
from isotherm.core.errors import Denied, Gone, Refused
from isotherm.kit.place import Place

MOST = 100
"""Other clouds that are kept at hand."""
REMEMBERED = 300.0
"""Seconds after which the secret with an account is read again."""

Open = Callable[[str], Any]


@dataclass(slots=True)
class _Far:
    """``bundle`` is the file with the certificates, which lives as long as this does."""

    session: Session | None
    transport: Transport
    bundle: IO[str] | None


@dataclass(frozen=True, slots=True)
class _Account:
    payload: Any
    until: float


class Places:
    """To be used within one event loop."""

    def __init__(
        self, settings: Settings, clock: Clock, count: Counter, allowed: AllowedSources
    ) -> None:
        own_host = (urlsplit(settings.auth_url).hostname or "").rstrip(".").lower()
        # Whatever else stands where this cloud's identity does is within the users' reach anyway.
        hosts = allowed.hosts | {own_host}
        self._guard = SocketGuard(replace(allowed, hosts=hosts))
        self._settings = settings
        self._clock = clock
        self._count = count
        self._far: OrderedDict[tuple[object, ...], _Far] = OrderedDict()
        # By who reads them: nobody comes by this to a secret that is not his.
        self._accounts: WeakKeyDictionary[Session, dict[str, _Account]] = WeakKeyDictionary()

    async def reach(
        self, place: Place, session: Session, transport: Transport, read_secret: Open
    ) -> tuple[Session, Transport]:
        """As whom and over what requests go to ``place``, for whoever ``session`` stands for.

        ``read_secret`` gets the content of a secret. Raises RemoteError, never Gone.
        """
        if not place.account:
            if not place.ca_cert and not place.insecure:
                return session, transport
            return session, (await self._reached(place, None)).transport
        payload = await self._payload(place.account, session, read_secret)
        far = await self._reached(place, payload)
        assert far.session is not None
        return far.session, far.transport

    def forget(self, place: Place, session: Session) -> None:
        """Read the secret again before the next request: the credentials were not accepted."""
        self._accounts.get(session, {}).pop(place.account, None)

    async def close(self) -> None:
        while self._far:
            await self._drop()

    async def _payload(self, secret_id: str, session: Session, read_secret: Open) -> Any:
        known = self._accounts.setdefault(session, {})
        account = known.get(secret_id)
        if account is None or account.until <= self._clock.monotonic():
            try:
                payload = await read_secret(secret_id)
            except Gone as gone:
                # Not the object is gone that is asked for, but the way to it.
                raise Denied(
                    f"There is no secret {secret_id} with credentials for the other cloud: "
                    f"{gone.message}"
                ) from gone
            account = _Account(payload, self._clock.monotonic() + REMEMBERED)
            known[secret_id] = account
        return account.payload

    async def _reached(self, place: Place, payload: Any) -> _Far:
        key = (repr(payload), place.ca_cert, place.insecure)
        if key not in self._far:
            self._far[key] = self._opened(place, payload)
        self._far.move_to_end(key)
        while len(self._far) > MOST:
            await self._drop()
        return self._far[key]

    def _opened(self, place: Place, payload: Any) -> _Far:
        bundle = _written(place.ca_cert) if place.ca_cert else None
        settings = replace(
            self._settings,
            region="",
            ca_bundle=bundle.name if bundle else self._settings.ca_bundle,
            insecure=place.insecure,
        )
        try:
            if payload is None:
                return _Far(None, Transport(settings, self._clock, self._count), bundle)
            plugin, url = account_plugin(payload)
            settings = replace(settings, auth_url=url)
            keystone = Keystone(settings, self._guard)
            return _Far(
                ServiceSession(settings, keystone, self._clock, plugin=plugin),
                Transport(settings, self._clock, self._count, self._guard),
                bundle,
            )
        except SettingsError:
            raise Refused("ca_cert holds no certificates that can be read.") from None

    async def _drop(self) -> None:
        _, far = self._far.popitem(last=False)
        await far.transport.close()
        if far.bundle is not None:
            far.bundle.close()


def _written(certificates: str) -> IO[str]:
    """The blocking library takes certificates from files only."""
    file = tempfile.NamedTemporaryFile("w", prefix="isotherm-ca-", suffix=".pem")  # noqa: SIM115
    file.write(certificates)
    file.flush()
    return file
