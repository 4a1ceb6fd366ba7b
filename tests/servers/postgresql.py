"""A private PostgreSQL server."""

import contextlib
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
from tests.servers.process import (
    Server,
    ServerFailedError,
    free_ports,
    private_folder,
    run_once,
)


def program(name: str) -> str | None:
    """The path of a server program; Debian keeps one folder a major version, newest wins."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*"), key=lambda path: int(path.name), reverse=True
    )
    places = [str(version / "bin") for version in versions]
    return next(
        (path for place in [*places, None] if (path := shutil.which(name, path=place))), None
    )


@contextlib.contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[Server]:
    """Run PostgreSQL while the block runs; its URL is that of the maintenance database.

    Without `durable` it does not wait for the disk: what a test proves about
    transactions stays true, only a power cut would lose data.
    """
    initdb, postgres = program("initdb"), program("postgres")
    if not initdb or not postgres:
        raise ServerFailedError("initdb and postgres are not installed")
    (port,) = free_ports(1)
    with private_folder("postgresql") as folder:
        data = folder / "data"
        run_once(
            [initdb, "-D", str(data), "-U", "isotherm", "--auth=trust", "--encoding=UTF8"]
            + ["--locale=C", "--no-sync", "--no-instructions"],
            folder,
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "log_min_messages": "fatal",
        }
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        argv = [postgres, "-D", str(data)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        # SIGQUIT is the immediate shutdown: it drops sessions and frees shared memory.
        url = f"postgresql://isotherm@127.0.0.1:{port}/postgres"
        server = Server(
            url=url,
            argv=argv,
            folder=folder,
            ready=lambda: _accepts_sessions(url),
            stop_signal=signal.SIGQUIT,
        )
        with server.running():
            yield server


def _accepts_sessions(url: str) -> bool:
    """The port answers while the server is still starting up; only a session tells."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
