"""Connections to what users name: refused where a socket would lead to an address not allowed."""

from __future__ import annotations

import socket
from typing import Any

import requests
import urllib3
from aiohttp import AddrInfoType
from requests.adapters import HTTPAdapter
from urllib3.util.connection import create_connection

from isotherm.cloud.public_addresses import AllowedSources


class NotPublic(OSError):
    """The address lies where only the service itself may reach."""


HOW_TO_ALLOW = "an operator can allow it: [isotherm] fetch_from"


def is_refusal(error: BaseException) -> bool:
    """Whether an address was refused: of several addresses of a name, each."""
    if isinstance(error, NotPublic):
        return True
    inner = getattr(error, "exceptions", None) or [error.__cause__, error.__context__]
    return any(each is not None and is_refusal(each) for each in inner)


class SocketGuard:
    """Checks the very address that a connection goes to, so that no name can change its meaning
    in between. A host that is allowed by name may lead anywhere."""

    def __init__(self, allowed: AllowedSources) -> None:
        self.allowed = allowed

    def require(self, address: str) -> None:
        """Raises NotPublic."""
        if not self.allowed.allows_address(address):
            raise NotPublic(f"{address} is not public")

    def open_socket(self, address: AddrInfoType) -> socket.socket:
        """A socket for aiohttp's connector, which looks names up itself. Raises NotPublic."""
        family, kind, protocol, _, (host, *_) = address
        self.require(str(host))
        return socket.socket(family=family, type=kind, proto=protocol)

    def requests_session(self) -> requests.Session:
        """For the blocking library: nothing of the process's environment goes along."""
        session = requests.Session()
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, _GuardedAdapter(self))
        return session

    def connect(self, host: str, port: int, timeout: Any, options: Any) -> socket.socket:
        """Raises NotPublic, OSError."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not self.allowed.allows_host(host):
            for address in addresses:
                self.require(address)
        return create_connection((addresses[0], port), timeout, socket_options=options)


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, guard: SocketGuard) -> None:
        self._guard = guard
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        guard = self._guard

        class Connection(urllib3.connection.HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(guard, self)

        class SecureConnection(urllib3.connection.HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(guard, self)

        class Pool(urllib3.HTTPConnectionPool):
            ConnectionCls = Connection

        class SecurePool(urllib3.HTTPSConnectionPool):
            ConnectionCls = SecureConnection

        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}


def _connect(guard: SocketGuard, connection: urllib3.connection.HTTPConnection) -> socket.socket:
    """In the errors that the library expects of a connection."""
    try:
        return guard.connect(
            connection.host,
            int(connection.port or 0),
            connection.timeout,
            connection.socket_options,
        )
    except OSError as error:
        raise urllib3.exceptions.NewConnectionError(connection, str(error)) from error
