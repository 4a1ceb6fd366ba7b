"""Servers that run where the service belongs to an ordinary user."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.playing_servers import boot, commands, playing_service, wait_for
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("playing")]

NOBODY = 65534
NEEDED = (Path(sys.base_prefix), Path(sys.prefix), Path(__file__).parents[2])
"""What the user has to read: the interpreter, the environment, the project."""


def closed_above(path: Path) -> Path | None:
    """The topmost folder on the way that others may not pass."""
    way = [*reversed(path.parents), path]
    return next((each for each in way if each.stat().st_mode & 0o005 != 0o005), None)


def as_nobody() -> tuple[str, ...]:
    """The command that makes the next one that of an ordinary user. What is closed to that user, as
    the home of root is, is seen by it empty but for what is needed."""
    closed = {each: above for each in NEEDED if (above := closed_above(each)) is not None}
    lines = ["set -e", "mount --make-rprivate /", "mount -t tmpfs -o mode=755 none /mnt"]
    for number, path in enumerate(closed):
        lines += [f"mkdir /mnt/{number}", f"mount --bind {shlex.quote(str(path))} /mnt/{number}"]
    for above in sorted(set(closed.values())):
        lines.append(f"mount -t tmpfs -o mode=755 none {shlex.quote(str(above))}")
    for number, path in enumerate(closed):
        quoted = shlex.quote(str(path))
        lines += [f"mkdir -p {quoted}", f"mount --bind /mnt/{number} {quoted}"]
    lines.append(f'exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups "$@"')
    return ("unshare", "--mount", "sh", "-c", "\n".join(lines), "sh")


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the user may use: those of pytest are closed to others."""
    made = Path(tempfile.mkdtemp(prefix="isotherm-user-"))
    if os.geteuid() == 0:
        os.chown(made, NOBODY, NOBODY)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    yield from playing_service(folder, as_nobody() if os.geteuid() == 0 else ())


def test_servers_run_for_an_ordinary_user_and_are_theirs(service: Service) -> None:
    script = '#!/bin/sh\necho "inside I am $(id -u)"\necho kept > /srv/note\n'
    server = boot(service, "theirs", script)
    said = wait_for(service, server, "theirs is up")
    assert "inside I am 0" in said
    assert f"({server}) starts" in said, "the metadata were read"
    disk = service.state / "localcloud/servers" / server
    assert (disk / "srv/note").stat().st_uid == service.state.stat().st_uid != 0
    service.kill()
    end = time.monotonic() + PATIENCE
    while any(server in line for line in commands()):
        assert time.monotonic() < end, "its processes end with the service"
        time.sleep(0.05)
