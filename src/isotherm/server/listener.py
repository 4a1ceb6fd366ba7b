"""The HTTP listener: one socket, behind which several applications share the paths."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Generator, Mapping, Sequence

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from isotherm.server.connections import ClientConnection
from isotherm.server.errors import ConfigurationError

_REASONS = {
    errno.EACCES: "this port takes privileges; choose one above 1023",
    errno.EADDRINUSE: "another process does so; end it, or choose another port",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


_STORE = "/object-store"


class PathSwitch:
    """Gives a request to the application whose prefix its path begins with, else to ``rest``."""

    def __init__(self, prefixes: Mapping[str, ASGIApp], rest: ASGIApp) -> None:
        self._by_segment = {prefix.strip("/"): app for prefix, app in prefixes.items()}
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        segment = scope.get("path", "/").split("/", 2)[1:2]
        app = self._by_segment.get(segment[0], self._rest) if segment else self._rest
        await app(scope, receive, send)


class CfnInitSwitch:
    """cfn-init and its like ask for actions at ``/v1`` of the host that they are told, and cannot
    be told another path: those go to the CloudFormation door, all else to ``rest``."""

    def __init__(self, door: ASGIApp, rest: ASGIApp) -> None:
        self._door = door
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bare = scope.get("path", "").rstrip("/") == "/v1"
        is_action = bare and b"Action=" in scope.get("query_string", b"")
        await (self._door if is_action else self._rest)(scope, receive, send)


class TemporaryUrlSwitch:
    """Clients of the object store make temporary URLs for ``/v1/AUTH_…`` of its host, wherever it
    lies there: those go to the ``store`` of the local cloud, all else to ``rest``."""

    def __init__(self, store: ASGIApp, rest: ASGIApp) -> None:
        self._store = store
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path", "").startswith("/v1/AUTH_"):
            there = {"path": f"{_STORE}{scope['path']}"}
            if scope.get("raw_path"):
                there["raw_path"] = _STORE.encode() + scope["raw_path"]
            await self._store({**scope, **there}, receive, send)
        else:
            await self._rest(scope, receive, send)


class _Server(uvicorn.Server):
    """Leaves signals to the process, which has more to end than the listener."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Listener:
    """``url`` is known as soon as it is made; requests are answered while ``serve`` runs."""

    def __init__(
        self, host: str, port: int, connection: type[ClientConnection] = ClientConnection
    ) -> None:
        """Raises ConfigurationError where the address cannot be had; port 0 picks a free one."""
        self._connection = connection
        self._socket = _bind(host, port)
        self._server: _Server | None = None
        self.url = f"http://{_shown(host)}:{self._socket.getsockname()[1]}"

    async def serve(self, app: ASGIApp) -> None:
        self._server = _Server(self.configure(app))
        await self._server.serve(sockets=[self._socket])

    def configure(self, app: ASGIApp) -> uvicorn.Config:
        """How the application's clients are served."""
        return uvicorn.Config(
            app,
            http=self._connection,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )

    def stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = True

    def close(self) -> None:
        self._socket.close()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024, reuse_port=False)
    except OSError as error:
        number = error.errno or 0
        # Failures to resolve a name have numbers of their own.
        unknown = "no machine of this name is known" if number < 0 else ""
        reason = unknown or _REASONS.get(number, os.strerror(number))
        raise ConfigurationError(f"cannot listen at {_shown(host)}:{port}: {reason}") from None


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def applications(prefixes: Sequence[str], app: ASGIApp) -> dict[str, ASGIApp]:
    """The same application under each prefix."""
    return dict.fromkeys(prefixes, app)
