"""Servers that run: what compute orders, carried out by the keeper; ways in and out of them."""

import asyncio
import base64
import contextlib
import errno
import itertools
import logging
import os
import socket
from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.hypervisor import metadata
from isotherm.localcloud.hypervisor.forwarding import answer_by, forward_to
from isotherm.localcloud.hypervisor.keeping import Keeper, KeeperSettings
from isotherm.localcloud.machines import ServerFacts
from isotherm.localcloud.peers import Peers, PortFacts

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often addresses, and ports at which servers listen, are compared with what is there."""
DISK_MIB = 256
"""The most that a server may keep, whatever its flavor says."""
LEAST_MEMORY = 256
_CONSOLE = 256 * 1024
_LOW_PORT = ": a port below 1024 needs a service that is root (or a higher port on the server)"
_LISTENERS = 2
"""Sockets that come with a new machine: for metadata, and for the service."""
Way = tuple[str, int]
"""A floating address, and a port of it."""


class Hypervisor:
    """Implements `machines.Machines`; see there."""

    def __init__(self, settings: KeeperSettings, peers: Peers) -> None:
        self._settings = settings
        self._peers = peers
        self._keeper = Keeper(settings)
        self._running: set[str] = set()
        self._inner: dict[str, list[asyncio.Server]] = {}
        self._ports: dict[str, dict[str, Any]] = {}
        self._ways: dict[str, dict[Way, asyncio.Server]] = {}
        self._numbers = itertools.count()
        self._requests: dict[int, asyncio.Future[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: set[Way] = set()

    def start(self) -> None:
        """In the running loop. Servers that are to run do."""
        self._keeper.listen(self._told)
        self._do(self._watch())
        for server_id in self._peers.compute.running_servers():
            self.run(server_id)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for server_id in list(self._inner):
            self._close(server_id)
        self._keeper.close()

    # What compute orders.

    def run(self, server_id: str) -> None:
        facts = self._peers.compute.server_facts(server_id)
        if facts is None:
            return
        if server_id in self._running:
            self._keeper.order(do="thaw", server=server_id)
            return
        self._running.add(server_id)
        ports = self._ports[server_id] = self._wanted(server_id)
        disk = min(facts.disk * 1024 or DISK_MIB, DISK_MIB)
        self._keeper.order(
            do="run",
            server=server_id,
            number=facts.number,
            hostname=facts.hostname,
            hosts=_hosts(facts, ports),
            ports=ports,
            memory=max(facts.memory, LEAST_MEMORY),
            disk=disk,
            drive=self._drive(facts),
        )

    def _drive(self, facts: ServerFacts) -> dict[str, str]:
        if not facts.config_drive:
            return {}
        found = metadata.documents(facts, self._peers.network.ports_of(facts.id))
        return {name: base64.b64encode(content).decode() for name, content in found.items()}

    def stop(self, server_id: str) -> None:
        self._running.discard(server_id)
        self._keeper.order(do="stop", server=server_id)

    def freeze(self, server_id: str) -> None:
        self._keeper.order(do="freeze", server=server_id)

    def wipe(self, server_id: str) -> None:
        self._running.discard(server_id)
        self._keeper.order(do="wipe", server=server_id)

    def remove(self, server_id: str) -> None:
        self._running.discard(server_id)
        self._close(server_id)
        self._keeper.order(do="remove", server=server_id)

    def console(self, server_id: str) -> str | None:
        file = self._settings.disks / server_id / "console.log"
        try:
            with file.open("rb") as opened:
                opened.seek(max(os.fstat(opened.fileno()).st_size - _CONSOLE, 0))
                return opened.read().decode(errors="replace")
        except OSError:
            return ""

    # What the keeper tells.

    def _told(self, message: Mapping[str, Any], numbers: list[int]) -> None:
        server_id = message.get("server", "")
        match message["told"]:
            case "made" if len(numbers) == _LISTENERS:
                self._do(self._open(server_id, numbers))
            case "made":
                self._give_up(server_id, numbers)
            case "reached":
                self._connected(self._requests.pop(message["request"], None), numbers)
            case "listens":
                self._do(self._forward(server_id, message["ports"]))
            case "ended" if server_id in self._running:
                self._running.discard(server_id)
                self._peers.compute.server_ended(server_id)
            case "failed":
                _log.error("server %s: %s: %s", server_id, message["what"], message["why"])
                if message["what"] == "run":
                    self._running.discard(server_id)
            case "gone":
                _log.error("the keeper of servers has ended: no server runs any more")

    def _connected(self, waiting: asyncio.Future[int] | None, numbers: list[int]) -> None:
        if waiting is None or waiting.done():
            _close_all(numbers)
        elif numbers:
            waiting.set_result(numbers[0])
        else:
            waiting.set_exception(OSError(errno.EMFILE, os.strerror(errno.EMFILE)))

    def _give_up(self, server_id: str, numbers: list[int]) -> None:
        """One that nothing can be served to: where descriptors run out, none come with the news."""
        _close_all(numbers)
        _log.error("server %s is turned off: this process may open no more files", server_id)
        self.stop(server_id)
        self._peers.compute.server_ended(server_id)

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, server_id: str, numbers: list[int]) -> None:
        """Serve what listens inside: metadata, and the service where machines know it."""
        inner, outer = (socket.socket(fileno=number) for number in numbers)
        host, port = self._settings.service
        answers = answer_by(lambda path: self._document(server_id, path))
        service = forward_to(lambda: asyncio.open_connection(host, port))
        self._inner[server_id] = [
            await asyncio.start_server(answers, sock=inner),
            await asyncio.start_server(service, sock=outer),
        ]

    def _document(self, server_id: str, path: str) -> bytes | None:
        facts = self._peers.compute.server_facts(server_id)
        if facts is None:
            return None
        return metadata.read(path, facts, self._peers.network.ports_of(server_id))

    def _close(self, server_id: str) -> None:
        for each in self._inner.pop(server_id, ()):
            each.close()
        for each in self._ways.pop(server_id, {}).values():
            each.close()

    # Networks.

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for server_id in list(self._running):
                ports = self._wanted(server_id)
                if ports != self._ports.get(server_id):
                    self._ports[server_id] = ports
                    self._keeper.order(do="plug", server=server_id, ports=ports)
                if self._floating(server_id) or self._ways.get(server_id):
                    self._keeper.order(do="listening", server=server_id)

    def _wanted(self, server_id: str) -> dict[str, Any]:
        return {
            port.id: {
                "network": port.network_id,
                "mac": port.mac_address,
                "addresses": [f"{a.address}/{a.cidr.rpartition('/')[2]}" for a in port.addresses],
            }
            for port in self._peers.network.ports_of(server_id)
        }

    def _floating(self, server_id: str) -> dict[str, tuple[PortFacts, str]]:
        """The ports and their own addresses, by floating address."""
        return {
            address.floating_address: (port, address.address)
            for port in self._peers.network.ports_of(server_id)
            for address in port.addresses
            if address.floating_address is not None
        }

    async def _forward(self, server_id: str, listening: list[int]) -> None:
        """Floating addresses answer at the ports at which a program listens and that the
        security groups leave open."""
        wanted: dict[Way, tuple[str, int]] = {}
        for floating, (port, address) in self._floating(server_id).items():
            allowed = self._peers.network.open_to_all(port.id)
            for number in listening:
                if any(first <= number <= last for first, last in allowed):
                    wanted[floating, number] = (address, number)
        ways = self._ways.setdefault(server_id, {})
        for way in set(ways) - set(wanted):
            ways.pop(way).close()
        for way in set(wanted) - set(ways):
            if opened := await self._way(server_id, way, wanted[way]):
                ways[way] = opened

    async def _way(self, server_id: str, way: Way, to: tuple[str, int]) -> asyncio.Server | None:
        serve = forward_to(lambda: self._reach(server_id, to))
        try:
            return await asyncio.start_server(serve, loopback(way[0]), way[1])
        except OSError as error:
            if way not in self._refused:
                self._refused.add(way)
                remedy = _LOW_PORT if isinstance(error, PermissionError) else ""
                place = f"{loopback(way[0])}:{way[1]}"
                _log.warning("%s cannot be reached: %s%s", place, error, remedy)
            return None

    async def _reach(
        self, server_id: str, to: tuple[str, int]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection from inside of the machine's network to an address of its own."""
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        waiting = self._requests[number] = loop.create_future()
        version = 6 if ":" in to[0] else 4
        self._keeper.order(do="reach", server=server_id, request=number, version=version)
        with contextlib.ExitStack() as undo:
            made = socket.socket(fileno=await asyncio.wait_for(waiting, 10))
            undo.callback(made.close)
            made.setblocking(False)
            await loop.sock_connect(made, to)
            undo.pop_all()
        return await asyncio.open_connection(sock=made)


def loopback(address: str) -> str:
    """Where a floating address answers: on the loopback device all of 127.0.0.0/8 does."""
    return "127." + address.partition(".")[2]


def _hosts(facts: ServerFacts, ports: Mapping[str, Any]) -> str:
    lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost", f"127.0.1.1 {facts.hostname}"]
    return "\n".join([*lines, ""])


def _close_all(numbers: list[int]) -> None:
    for each in numbers:
        os.close(each)
