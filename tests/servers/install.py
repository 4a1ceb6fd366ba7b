"""What the servers need of the machine, and putting it there where we may.

`python -m tests.servers.install` installs what is missing (root on Debian) or says
exactly what is missing and exits 1.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers import mariadb, postgresql, rabbitmq

_POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Requirement:
    """The programs that a kind of server is made of, and where Debian has them."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    services: tuple[str, ...]
    find: Callable[[str], str | None]

    def missing(self) -> list[str]:
        """The programs that are not on this machine."""
        return [name for name in self.programs if not self.find(name)]


REQUIREMENTS = {
    "postgresql": Requirement(
        ("initdb", "postgres"), ("postgresql",), ("postgresql.service",), postgresql.program
    ),
    # The -core packages bring the programs without a system service.
    "mariadb": Requirement(
        ("mariadb-install-db", "mariadbd", "my_print_defaults"),
        ("mariadb-server-core", "mariadb-client-core"),
        (),
        mariadb.program,
    ),
    "rabbitmq": Requirement(
        ("rabbitmq-server", "epmd"),
        ("rabbitmq-server",),
        ("rabbitmq-server.service", "epmd.service", "epmd.socket"),
        rabbitmq.program,
    ),
    # What balances load on servers of the local cloud.
    "haproxy": Requirement(("haproxy",), ("haproxy",), ("haproxy.service",), mariadb.program),
    # What servers of the local cloud run in.
    "sandbox": Requirement(("bwrap", "ip"), ("bubblewrap", "iproute2"), (), mariadb.program),
}


class MissingServerError(RuntimeError):
    """A server cannot be had on this machine; the message names what to install."""


def ensure_installed(kinds: Iterable[str]) -> None:
    """Install what is missing for these kinds; raise MissingServerError where we may not."""
    needed = {kind: names for kind in kinds if (names := REQUIREMENTS[kind].missing())}
    if not needed:
        return
    packages = [package for kind in needed for package in REQUIREMENTS[kind].packages]
    wanted = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in needed.items())
    advice = f"programs that the tests need are missing ({wanted}); on Debian install: "
    advice += " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingServerError(advice)
    services = [service for kind in needed for service in REQUIREMENTS[kind].services]
    try:
        with _no_service_starts():
            _apt_get("update")
            _apt_get("install", "--no-install-recommends", "--no-upgrade", *packages)
            _keep_from_boot(services)
    except subprocess.CalledProcessError as error:
        raise MissingServerError(f"{advice} (tried, but {error})") from error
    if any(REQUIREMENTS[kind].missing() for kind in needed):
        raise MissingServerError(f"{advice} (tried, but they are still missing)")


def _apt_get(*arguments: str) -> None:
    # Its progress goes to stderr: stdout carries the addresses of the servers.
    subprocess.run(
        ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=True,
    )


@contextlib.contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keep Debian's packages from starting system-wide services."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


def _keep_from_boot(services: list[str]) -> None:
    """We want the programs only: nothing new may run after the next boot."""
    if services and shutil.which("systemctl"):
        subprocess.run(["systemctl", "--quiet", "disable", *services], check=False)


if __name__ == "__main__":
    try:
        ensure_installed(REQUIREMENTS)
    except MissingServerError as problem:
        sys.exit(str(problem))
