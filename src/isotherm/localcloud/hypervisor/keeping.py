"""The keeper from the service's side: a process, and messages to and from it."""

import asyncio
import contextlib
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from isotherm.localcloud.hypervisor.orders import Orders

# A package by itself: imported by its place in ours, it would bring us along.
_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from keeper.keeper import main; main()"
_HERE = Path(__file__).parent
_LONGEST = 1 << 20
_FIRST_USER, _USERS = 200_000, 65_536
"""Users of this machine that own nothing and stand behind those of the servers."""
_NEEDS = {"bwrap": "bubblewrap", "ip": "iproute2"}
_SEARCH = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/local/sbin"
_WITHIN = 30.0
_MOST_FILES = 65_536


class CannotRunServersError(Exception):
    """What this machine lacks, and what to do about it."""


class KeeperSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`shown` are folders by a short name, each also the place where machines see it, `inside`
    are other folders; `first` is the command line of a machine's first process."""

    disks: Path
    service: tuple[str, int]
    shown: dict[str, tuple[Path, Path]]
    inside: dict[str, Path]
    image: str | None
    environment: dict[str, str]
    first: tuple[str, ...]


def program(name: str) -> str:
    """Raises CannotRunServersError."""
    found = shutil.which(name, path=_SEARCH)
    if found is None:
        advice = f"`{name}` is not installed (on Debian: apt-get install {_NEEDS[name]})"
        raise CannotRunServersError(advice)
    return found


def allow_many_files() -> None:
    """Each server takes two descriptors here, one of the keeper's, and one for each connection:
    the soft limit of most systems ends at some three hundred servers, the hard one does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Keeper:
    def __init__(self, settings: KeeperSettings) -> None:
        """Starts it. Raises CannotRunServersError, with what the system refuses."""
        if sys.platform != "linux":
            raise CannotRunServersError("servers run on Linux only")
        bwrap, _ = program("bwrap"), program("ip")
        _check_version(bwrap)
        allow_many_files()
        self._told: Callable[[dict[str, Any], list[int]], None] = lambda message, numbers: None
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(_WITHIN)
        self._orders = Orders(self._socket)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-ISB", "-c", _PROGRAM, str(_HERE), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env={"PATH": _SEARCH},
            )
        try:
            self._begin(settings, bwrap)
        except (OSError, ValueError) as error:
            self.close()
            raise CannotRunServersError(f"the keeper of servers did not start: {error}") from None
        except CannotRunServersError:
            self.close()
            raise

    def _begin(self, settings: KeeperSettings, bwrap: str) -> None:
        mapped = os.geteuid() == 0
        settings.disks.mkdir(parents=True, exist_ok=True)
        if mapped:
            os.chown(settings.disks, _FIRST_USER, _FIRST_USER)
        shown = {name: str(source) for name, (source, _) in settings.shown.items()}
        inside = {name: str(source) for name, source in settings.inside.items()}
        self.order(
            folders={"disks": str(settings.disks), **shown, **inside},
            shown={name: str(place) for name, (_, place) in settings.shown.items()},
            mapped=mapped,
            bwrap=bwrap,
            service=settings.service,
            image=settings.image,
            environment=settings.environment,
            first=settings.first,
        )
        if mapped:
            self._expect("unshared")
            for kind in ("uid_map", "gid_map"):
                users = f"0 {_FIRST_USER} {_USERS}"
                Path(f"/proc/{self._process.pid}/{kind}").write_text(users)
            self.order()
        self._expect("ready")

    def _expect(self, told: str) -> None:
        text = self._socket.recv(_LONGEST)
        message = json.loads(text) if text else {"why": "it ended"}
        if message.get("told") != told:
            raise CannotRunServersError(
                "this machine does not allow the namespaces that servers run in "
                f"({message.get('why')}): a container must be privileged for it, and "
                "kernel.unprivileged_userns_clone, user.max_user_namespaces and AppArmor "
                "must not forbid user namespaces"
            )

    def listen(self, told: Callable[[dict[str, Any], list[int]], None]) -> None:
        """From now on `told` is called with each message and its file descriptors."""
        self._told = told
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._hear)

    def order(self, **words: Any) -> None:
        self._orders.send(words)

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                text, numbers, _, _ = socket.recv_fds(self._socket, _LONGEST, 8)
                if not text:
                    asyncio.get_running_loop().remove_reader(self._socket.fileno())
                    self._told({"told": "gone"}, [])
                    return
                self._told(json.loads(text), numbers)

    def close(self) -> None:
        """All machines end with it."""
        with contextlib.suppress(RuntimeError, ValueError):
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._orders.close()
        self._socket.close()
        self._process.kill()
        self._process.wait()


def _check_version(bwrap: str) -> None:
    said = subprocess.run([bwrap, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = [int(part) for part in said.split()[-1].split(".") if part.isdigit()] if said else []
    if numbers < [0, 8]:
        raise CannotRunServersError(f"bubblewrap 0.8 or later is needed, here is {said.strip()}")
