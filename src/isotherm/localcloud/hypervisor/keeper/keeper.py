"""The keeper: carries out orders of the service, and tells what becomes of machines."""

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .disks import lay_out, own_files
from .machines import DISKS, LEAST_MEMORY, MIB, Machine, command_line, limit
from .namespaces import enter
from .networks import Networks
from .processes import spaces
from .talk import Talk
from .usage import nameless

LOOK_SECONDS = 0.5
"""Between two looks: orders have as much time, however many machines there are."""
LONGEST_LOOK = 0.2


class Keeper:
    def __init__(self, talk: Talk, settings: dict[str, Any]) -> None:
        self._talk = talk
        self._settings = settings
        self._networks = Networks()
        self._machines: dict[str, Machine] = {}

    def work(self) -> None:
        looked = 0.0
        while True:
            ready, _, _ = select.select([self._talk.socket], [], [], LOOK_SECONDS)
            if ready:
                self._obey(self._talk.hear())
            if time.monotonic() - looked > LOOK_SECONDS:
                self._look()
                looked = time.monotonic()

    def _obey(self, order: dict[str, Any]) -> None:
        do, server = order.pop("do"), order.pop("server")
        try:
            getattr(self, f"do_{do}")(server, **order)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            self._talk.tell("failed", server=server, what=do, why=str(error))

    def do_run(self, server: str, **facts: Any) -> None:
        machine = self._machines.get(server) or self._make(server, facts["number"])
        if machine.process is not None:
            return
        if not (machine.disk / "etc").is_dir():
            lay_out(machine.disk, self._settings["image"])
        own_files(machine, facts)
        self.do_plug(server, facts["ports"])
        machine.space = facts["disk"] * MIB
        machine.memory = max(facts["memory"], LEAST_MEMORY) * MIB
        with (
            self._networks.inside(machine.namespace),
            (machine.disk / "console.log").open("ab") as console,
        ):
            console.truncate(0)
            machine.process = subprocess.Popen(
                command_line(self._settings, machine, facts),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                user=machine.user if self._settings["mapped"] else None,
                group=machine.user if self._settings["mapped"] else None,
                extra_groups=[] if self._settings["mapped"] else None,
                preexec_fn=lambda: limit(facts),  # noqa: PLW1509 - no threads here
            )
        self._talk.tell("runs", server=server)

    def _make(self, server: str, number: int) -> Machine:
        namespace, listeners = self._networks.make(tuple(self._settings["service"]))
        machine = self._machines[server] = Machine(server, number, namespace)
        numbers = tuple(each.fileno() for each in listeners)
        self._talk.tell("made", numbers, server=server)
        for each in listeners:
            each.close()
        return machine

    def do_plug(self, server: str, ports: dict[str, dict[str, Any]]) -> None:
        """Interfaces as they should be; those that changed are made anew."""
        machine = self._machines.get(server)
        if machine is None or machine.ports == ports:
            return
        for name in list(machine.ports):
            self._networks.unplug(machine.namespace, machine.interface(name))
        machine.ports = {}
        for index, (name, port) in enumerate(sorted(ports.items())):
            self._networks.plug(machine.namespace, port, f"eth{index}")
            machine.ports[name] = port

    def do_stop(self, server: str) -> None:
        machine = self._machines.get(server)
        if machine is None or machine.process is None:
            return
        process, machine.process = machine.process, None
        process.kill()
        process.wait()

    def do_wipe(self, server: str) -> None:
        self.do_stop(server)
        shutil.rmtree(DISKS / server, ignore_errors=True)

    def do_remove(self, server: str) -> None:
        self.do_wipe(server)
        machine = self._machines.pop(server, None)
        if machine is not None:
            os.close(machine.namespace)

    def do_freeze(self, server: str) -> None:
        self._signal(server, signal.SIGSTOP)

    def do_thaw(self, server: str) -> None:
        self._signal(server, signal.SIGCONT)

    def _signal(self, server: str, number: signal.Signals) -> None:
        machine = self._machines.get(server)
        for member in machine.members(spaces()) if machine else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, number)

    def do_reach(self, server: str, request: int, version: int) -> None:
        """A socket in the machine's network, to connect from."""
        machine = self._machines.get(server)
        if machine is None:
            return
        family = socket.AF_INET6 if version == 6 else socket.AF_INET
        with self._networks.inside(machine.namespace), socket.socket(family) as made:
            self._talk.tell("reached", (made.fileno(),), server=server, request=request)

    def do_listening(self, server: str) -> None:
        """Which ports programs in the machine listen at, told when asked."""
        machine = self._machines.get(server)
        if machine is not None:
            with self._networks.inside(machine.namespace):
                text = Path("/proc/thread-self/net/tcp").read_text()
                text += Path("/proc/thread-self/net/tcp6").read_text()
            ports = {
                int(local.rpartition(":")[2], 16)
                for _, local, _, state, *_ in (line.split() for line in text.splitlines())
                if state == "0A"
            }
            self._talk.tell("listens", server=server, ports=sorted(ports))

    def _look(self) -> None:
        """Which machines have ended; and of as many as there is time for, each in its turn, what
        they hold."""
        until = time.monotonic() + LONGEST_LOOK
        for server, machine in self._machines.items():
            if machine.process is not None and machine.process.poll() is not None:
                machine.process = None
                self._talk.tell("ended", server=server)
        all_processes = spaces()
        for server, machine in list(self._machines.items()):
            self._machines[server] = self._machines.pop(server)  # the last one now
            if machine.process is not None:
                self._examine(server, machine, all_processes)
                if time.monotonic() > until:
                    break

    def _examine(self, server: str, machine: Machine, all_processes: list[set[int]]) -> None:
        """One that fills the disk is ended, and of one that fills the memory the biggest processes
        are."""
        members = machine.members(all_processes)
        on_disk, in_memory = nameless(members, machine.disk.stat().st_dev)
        if machine.fills_its_disk(on_disk):
            self._turn_off(server, f"more than {machine.space // MIB} MiB of disk")
        elif not machine.spare_memory(members, in_memory):
            self._turn_off(server, f"more than {machine.memory // MIB} MiB of memory")

    def _turn_off(self, server: str, why: str) -> None:
        self.do_stop(server)
        self._machines[server].say(f"turned off: {why}")
        self._talk.tell("ended", server=server)


def main() -> None:
    talk = Talk(int(sys.argv[2]))
    settings = talk.hear()
    try:
        enter(talk, settings["folders"], settings["mapped"])
        keeper = Keeper(talk, settings)
    except OSError as error:
        talk.tell("refused", why=str(error))
        return
    talk.tell("ready")
    keeper.work()
