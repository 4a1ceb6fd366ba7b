"""Machines: what there is of each, and the command by which it runs."""

import contextlib
import os
import resource
import signal
import subprocess
from pathlib import Path
from typing import Any

from .namespaces import BASE
from .processes import held, most_held
from .usage import segments, used

DISKS = BASE / "disks"
FIRST_USER = 1000
"""The machine with number n belongs to the user FIRST_USER + n of this namespace."""
PRIVATE = ("etc", "home", "media", "mnt", "opt", "root", "srv", "tmp", "var")
MIB = 1024 * 1024
PROCESSES, FILES, CPU_SECONDS = 256, 1024, 3600
LEAST_MEMORY = 512
"""MiB of a whole machine: the agents need as much."""
MEMORY_FOLDER = 16 * MIB


class Machine:
    """One server's: its network lasts while the server exists, its processes while it runs."""

    def __init__(self, server: str, number: int, namespace: int) -> None:
        self.disk = DISKS / server
        self.user = FIRST_USER + number
        self.namespace = namespace
        self.ports: dict[str, dict[str, Any]] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.space = 0
        self.memory = 0

    def interface(self, name: str) -> str:
        return f"eth{sorted(self.ports).index(name)}"

    def members(self, spaces: list[set[int]]) -> list[int]:
        """The processes in it, among those of all machines."""
        if self.process is None:
            return []
        first = self._first()
        return sorted(next((found for found in spaces if first in found), ()))

    def fills_its_disk(self, hidden: int) -> bool:
        """``hidden``: bytes of files that have no name."""
        return hidden + used(self.disk, self.space - hidden) > self.space

    def spare_memory(self, members: list[int], hidden: dict[int, int]) -> bool:
        """End the biggest processes, the first excepted, while all together hold more than the
        machine has. Whether that is enough. ``hidden``: bytes of files in memory, by process."""
        first = self._first()
        shared = segments(first)
        total = shared + sum(hidden.values())
        if total + sum(most_held(each) for each in members) <= self.memory:
            return True
        sizes = {each: held(each) + hidden.get(each, 0) for each in members}
        for biggest in sorted(set(sizes) - {first}, key=sizes.__getitem__, reverse=True):
            if shared + sum(sizes.values()) <= self.memory:
                break
            del sizes[biggest]
            with contextlib.suppress(ProcessLookupError):
                os.kill(biggest, signal.SIGKILL)
            self.say(f"out of memory (more than {self.memory // MIB} MiB): a process was ended")
        return shared + sum(sizes.values()) <= self.memory

    def say(self, text: str) -> None:
        """On the console."""
        with (self.disk / "console.log").open("a") as console:
            console.write(f"\n{text}\n")

    def _first(self) -> int:
        """Its first process: the child of the one that we started."""
        assert self.process is not None
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        return int(children[0]) if children else 0


def command_line(settings: dict[str, Any], machine: Machine, facts: dict[str, Any]) -> list[str]:
    """A machine as bubblewrap makes it: the system read-only, the rest its own."""
    words = [
        *(settings["bwrap"], "--unshare-user", "--disable-userns", "--uid", "0", "--gid", "0"),
        *("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--die-with-parent", "--new-session", "--as-pid-1", "--hostname", facts["hostname"]),
        # Of root's rights that over files, whatever their mode: only its own are of that root.
        *("--cap-add", "CAP_DAC_OVERRIDE"),
        *("--clearenv", "--proc", "/proc", "--dev", "/dev"),
        *_in_memory("/dev/shm"),  # noqa: S108 - in the machine
        *("--remount-ro", "/dev", *_in_memory("/run"), "--ro-bind", "/usr", "/usr"),
    ]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        place = Path("/", name)
        if place.is_symlink():
            words += ["--symlink", str(place.readlink()), str(place)]
        elif place.is_dir():
            words += ["--ro-bind", str(place), str(place)]
    for name in PRIVATE:
        words += ["--bind", str(machine.disk / name), f"/{name}"]
    for name, place in settings["shown"].items():
        words += ["--ro-bind", str(BASE / name), place]
    for name, value in settings["environment"].items():
        words += ["--setenv", name, value]
    return [*words, "--remount-ro", "/", "--chdir", "/", *settings["first"]]


def _in_memory(folder: str) -> tuple[str, ...]:
    return "--size", str(MEMORY_FOLDER), "--tmpfs", folder


def limit(facts: dict[str, Any]) -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, facts["memory"] * MIB),
        (resource.RLIMIT_NPROC, PROCESSES),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, facts["disk"] * MIB),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))
    os.nice(5)
