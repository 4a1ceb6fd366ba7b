"""Networks of machines: bridges, namespaces, and the cables between them."""

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kernel import NEWNET, call

METADATA, MACHINE = "169.254.169.254", "169.254.169.253"


def _ip(*lines: str, known: tuple[int, ...] = ()) -> None:
    """Commands of `ip`, in the present network namespace; `known` are file descriptors that they
    name. Raises OSError."""
    done = subprocess.run(
        ["ip", "-batch", "-"],
        input="\n".join(lines),
        text=True,
        capture_output=True,
        check=False,
        pass_fds=known,
    )
    if done.returncode:
        raise OSError(f"ip: {done.stderr.strip()}")


class Networks:
    """A bridge for each network of the cloud, here; and a network namespace for each machine."""

    def __init__(self) -> None:
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self._bridges: dict[str, str] = {}
        self._links = 0

    def make(self, service: tuple[str, int]) -> tuple[int, list[socket.socket]]:
        """A namespace, and sockets that listen for what is in it: for metadata, and where machines
        know the service.

        Metadata are at an address of its own, beyond a cable that leads there only: so programs
        can listen at the same port of all addresses of the machine.
        """
        host, port = service
        edge, inside = self._new(), self._new()
        with self.inside(inside):
            own = [] if host.startswith("127.") else [f"addr add {host}/32 dev lo"]
            _ip(
                *("link set lo up", *own),
                f"link add metadata type veth peer name edge netns /proc/self/fd/{edge}",
                f"addr add {MACHINE}/30 dev metadata",
                "link set metadata up",
                known=(edge,),
            )
            Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").write_text("0")
            known_here = socket.create_server((host, port))
        with self.inside(edge):
            _ip(f"addr add {METADATA}/30 dev edge", "link set edge up")
            metadata = socket.create_server((METADATA, 80))
        os.close(edge)  # It stays as long as the socket in it.
        return inside, [metadata, known_here]

    def _new(self) -> int:
        """The file descriptor of a new namespace, which stays as long as it."""
        call("unshare", NEWNET)
        try:
            return os.open("/proc/self/ns/net", os.O_RDONLY)
        finally:
            call("setns", self._home, NEWNET)

    @contextlib.contextmanager
    def inside(self, namespace: int) -> Iterator[None]:
        call("setns", namespace, NEWNET)
        try:
            yield
        finally:
            call("setns", self._home, NEWNET)

    def plug(self, namespace: int, port: dict[str, Any], name: str) -> None:
        """An interface of a machine, on the bridge of its network."""
        self._links += 1
        outside, bridge = f"port{self._links}", self._bridge(port["network"])
        _ip(
            f"link add {outside} type veth peer name {outside}p address {port['mac']}",
            f"link set {outside} master {bridge} up",
            f"link set {outside}p netns /proc/self/fd/{namespace}",
            known=(namespace,),
        )
        addresses = [f"addr add {each} dev {name} nodad" for each in port["addresses"]]
        with self.inside(namespace):
            _ip(f"link set {outside}p name {name} up", *addresses)

    def unplug(self, namespace: int, name: str) -> None:
        with self.inside(namespace):
            _ip(f"link del {name}")

    def _bridge(self, network: str) -> str:
        if network not in self._bridges:
            name = f"net{len(self._bridges)}"
            _ip(f"link add {name} type bridge", f"link set {name} up")
            self._bridges[network] = name
        return self._bridges[network]
