"""A server process of our own: unprivileged, in its own folder, ended with us."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

# Servers refuse to run as root; this user exists wherever they can be installed.
UNPRIVILEGED = "nobody"


class ServerFailedError(RuntimeError):
    """A server did not come up; the message ends with the tail of its log."""


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on at the moment."""
    with contextlib.ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]


@contextlib.contextmanager
def private_folder(kind: str) -> Iterator[Path]:
    """A temporary folder that belongs to the user the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix=f"isotherm-{kind}-"))
    try:
        if os.geteuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED)
            os.chown(folder, user.pw_uid, user.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged(argv: Sequence[str], *, death_signal: str = "TERM") -> list[str]:
    """The command, without root's rights, and ended when its parent dies."""
    wrapper = ["setpriv", "--pdeathsig", death_signal]
    if os.geteuid() == 0:
        user = pwd.getpwnam(UNPRIVILEGED)
        wrapper += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return [*wrapper, *argv]


def run_once(argv: Sequence[str], folder: Path) -> None:
    """Run a preparing command to its end; raise ServerFailedError with its output."""
    done = subprocess.run(
        unprivileged(argv),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise ServerFailedError(f"{argv[0]} ended with {done.returncode}:\n{done.stdout[-4000:]}")


@contextlib.contextmanager
def running(
    argv: Sequence[str],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in its folder while the block runs; its output goes to `server.log`.

    `stop_signal` goes to the whole process group, as the data is thrown away anyway.
    """
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            unprivileged(argv, death_signal=stop_signal.name.removeprefix("SIG")),
            cwd=folder,
            env={**os.environ, **env} if env else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process, stop_signal)


def _stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, stop_signal)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    folder: Path,
    *,
    within: float = 90.0,
) -> None:
    """Wait (seconds) until the server answers; raise ServerFailedError if it does not."""
    deadline = time.monotonic() + within
    while not ready():
        ended = process.poll()
        if ended is None and time.monotonic() < deadline:
            time.sleep(0.03)
            continue
        why = f"did not answer in {within:.0f} s" if ended is None else f"ended with {ended}"
        log = (folder / "server.log").read_text(errors="replace")[-4000:]
        raise ServerFailedError(f"{process.args!r} {why}:\n{log}")


def replies(port: int, hello: bytes = b"") -> bool:
    """Whether a listener on the port sends anything back after `hello`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            if hello:
                connection.sendall(hello)
            return bool(connection.recv(1))
    except OSError:
        return False
