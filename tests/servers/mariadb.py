"""A private MariaDB server."""

import contextlib
import shutil
import signal
from collections.abc import Iterator

from tests.servers.process import (
    Server,
    ServerFailedError,
    free_ports,
    private_folder,
    replies,
    run_once,
)

_SEARCH_PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"


def program(name: str) -> str | None:
    """The path of a server program."""
    return shutil.which(name) or shutil.which(name, path=_SEARCH_PATH)


@contextlib.contextmanager
def running_mariadb(*, durable: bool = False) -> Iterator[Server]:
    """Run MariaDB while the block runs; its URL is that of the system database.

    Without `durable` it does not wait for the disk: what a test proves about
    transactions stays true, only a power cut would lose data.
    """
    install, program_path = program("mariadb-install-db"), program("mariadbd")
    if not install or not program_path:
        raise ServerFailedError("mariadb-install-db and mariadbd are not installed")
    (port,) = free_ports(1)
    with private_folder("mariadb") as folder:
        settings = [
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            f"--tmpdir={folder}",
            "--skip-log-bin",
            "--innodb-log-file-size=16M",
            "--innodb-buffer-pool-size=64M",
            "--lc-messages-dir=/usr/share/mysql",
        ]
        hurried = ["--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"]
        hurried += ["--skip-innodb-doublewrite"]
        run_once(
            [install, *settings, *hurried, "--skip-test-db"]
            + ["--auth-root-authentication-method=normal"],
            folder,
        )
        argv = [program_path, *settings, *([] if durable else hurried)]
        argv += ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder / 'socket'}"]
        argv += ["--skip-name-resolve", "--max-connections=200", "--performance-schema=OFF"]
        server = Server(
            url=f"mysql+pymysql://root@127.0.0.1:{port}/mysql",
            argv=argv,
            folder=folder,
            ready=lambda: replies(port),
            stop_signal=signal.SIGKILL,
        )
        with server.running():
            yield server
