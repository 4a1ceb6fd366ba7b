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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

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


@dataclass(kw_only=True)
class Server:
    """A server of which the data outlives a stop; `url` is the same after a restart.

    Its output goes to `server.log` in its folder. `stop_signal` is the quick end that
    leaves nothing behind in the machine, and goes to the whole process group.
    """

    url: str
    argv: Sequence[str]
    folder: Path
    ready: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    env: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers; raises ServerFailedError."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                unprivileged(self.argv, death_signal=self.stop_signal.name.removeprefix("SIG")),
                cwd=self.folder,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _wait_until(self.ready, self._process, self.folder)

    def stop(self) -> None:
        """Nothing happens where it does not run."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, self.stop_signal)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """It takes connections and keeps them, and answers nothing. Not for servers whose
        processes leave the group, as PostgreSQL's do."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    @contextlib.contextmanager
    def running(self) -> Iterator[Self]:
        """Started; stopped in the end."""
        try:
            self.start()
            yield self
        finally:
            self.stop()


def _wait_until(
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


def accepts(port: int) -> bool:
    """Whether somebody listens on the port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False
