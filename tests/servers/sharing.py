"""One server for all test processes of a run, however they end.

Every user holds a shared lock on the file with the server's address; the process that
runs the server waits for the exclusive lock, empties the file and ends. The kernel
drops the locks of processes that die, so the server goes when its last user has gone,
crashed workers included.
"""

import contextlib
import fcntl
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.servers.process import ServerFailedError

_ROOT = Path(__file__).resolve().parents[2]

# Not waited for: they outlive this process where another one still uses the server.
_launchers: list[subprocess.Popen[str]] = []


@contextlib.contextmanager
def shared(kind: str, meeting_place: Path) -> Iterator[str]:
    """Use the server of this kind of all processes that name the same meeting place.

    Gives its URL. The first user starts the server; ServerFailedError says why it
    could not be had.
    """
    address = meeting_place / f"{kind}.url"
    with address.open("a+") as usage:
        with (meeting_place / f"{kind}.start").open("a") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            fcntl.flock(usage, fcntl.LOCK_SH)
            if not address.read_text():
                usage.write(_launch(kind, address))
                usage.flush()
        yield address.read_text()


def _launch(kind: str, address: Path) -> str:
    log = address.with_suffix(".log")
    with log.open("a") as errors:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", kind, "--while-locked", str(address)],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            # An interrupt at the terminal is for the tests; they still need the server then.
            start_new_session=True,
        )
    assert launcher.stdout is not None
    with launcher.stdout:
        announced = launcher.stdout.readline()
    if not announced:
        launcher.wait()
        raise ServerFailedError(log.read_text())
    _launchers.append(launcher)
    url: str = json.loads(announced)[kind]
    return url
