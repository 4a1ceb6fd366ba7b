"""What programs on a server that runs try against the machine, the other servers, the service."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.playing_servers import boot, commands, console, delete, wait_for
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("playing")]

ROOT = Path(__file__).parents[2]
TRIES = {
    # Files of the machine
    "the account of the service": "cat STATE/clouds.yaml",
    "the folder of the service": "ls STATE",
    "its shadow file": "grep -v '^root:\\*::' /etc/shadow",
    "its keys": "ls /root/.ssh /etc/ssh/ssh_host_rsa_key",
    "its disks": "ls /dev/vda /dev/sda /dev/nvme0n1 /dev/mem /dev/kmsg /dev/fuse /dev/net/tun",
    "a device of one's own": "mknod /tmp/disk b 254 0",
    "the system": "touch /usr/bin/owned",
    "the root folder": "touch /owned",
    "links of the kernel to files": "ls /proc/1/root/../../STATE",
    "the keeper's disks": "ls /mnt/disks/OTHER",
    # Other servers and processes
    "processes of others": "ps -eo args | grep -E 'keeper|isotherm serve|bwrap' | grep -v grep",
    "a signal to a process outside": "kill -0 OUTSIDE",
    "memory that is shared": "ipcs -m | grep 0x",
    # The network
    "another port of the machine": "curl -s -m 2 http://127.0.0.1:LISTENING",
    "a gateway": "curl -s -m 2 http://10.0.0.1",
    "the internet": "curl -s -m 2 http://192.0.2.1",
    "its addresses": "ip addr add 10.0.0.99/24 dev eth0",
    "its routes": "ip route add default via 10.0.0.1",
    "a new interface": "ip link add sly type dummy",
    "raw packets": "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'",
    "metadata of another": "curl -sf -H 'X-Instance-ID: OTHER' METADATA | grep OTHER",
    # Kernel interfaces
    "a mount": "mount -t tmpfs none /mnt",
    "a mount that is read-only": "mount -o remount,rw /usr",
    "a namespace of users": "unshare -U true",
    "a namespace of mounts": "unshare -m true",
    "the namespaces of another": "nsenter -t 1 -n -m true",
    "a module": "python3 -c 'import ctypes, sys;"
    " sys.exit(ctypes.CDLL(None).syscall(175, 0, 0, 0))'",
    "settings of the kernel": "echo 1 > /proc/sys/kernel/panic",
    "the magic key": "echo h > /proc/sysrq-trigger",
    "its log": "dmesg",
    "its memory": "head -c 1 /proc/kcore",
    "its clock": "date -s 2001-01-01",
    "a new root": "chroot /usr true",
    "a higher priority": "nice -n -5 true 2>&1 | grep -v denied",
    "higher limits": "bash -c 'ulimit -u 100000'",
    "a restart": "python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).reboot(0x01234567))'",
    "much shared memory": "head -c 50000000 /dev/zero > /dev/shm/much",
    "much of a memory folder": "head -c 50000000 /dev/zero > /run/much",
    "much memory": "python3 -c 'len(bytearray(3 << 30))'",
}
"""What must not succeed, by what is tried. Words in capitals stand for what the test knows."""


@pytest.fixture(scope="module")
def listening() -> Iterator[int]:
    """A port of this machine that is nobody's business."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made.getsockname()[1]


def test_nothing_of_a_list_of_tries_succeeds(playing: Service, listening: int) -> None:
    other = boot(playing, "other", "#!/bin/sh\n")
    known = {
        "STATE": str(playing.state),
        "OTHER": other,
        "OUTSIDE": str(playing.process.pid if playing.process else 0),
        "LISTENING": str(listening),
        "METADATA": "http://169.254.169.254/openstack/latest/meta_data.json",
    }
    lines = ["#!/bin/bash"]
    for name, command in {**TRIES, "what may succeed": "true"}.items():
        said = re.sub("|".join(known), lambda found: known[found[0]], command)
        lines.append(f"({said}) > /tmp/out 2>&1 && echo 'SUCCEEDED: {name}' $(head -c 99 /tmp/out)")
    server = boot(playing, "hostile", "\n".join([*lines, "echo tried all"]))
    written = wait_for(playing, server, "tried all")
    succeeded = [line for line in written.splitlines() if line.startswith("SUCCEEDED")]
    assert succeeded == ["SUCCEEDED: what may succeed"]
    for each in (other, server):
        delete(playing, each)


def test_a_fork_bomb_keeps_to_its_server(playing: Service) -> None:
    bomb = "import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(0.1)"
    server = boot(playing, "bomb", f"#!/bin/sh\necho begins\npython3 -c '{bomb}' 2>/dev/null\n")
    wait_for(playing, server, "begins")
    time.sleep(2)
    number = len([each for each in commands() if bomb[:20] in each])
    assert 50 < number < 300
    begun = time.monotonic()
    assert playing.get("/healthcheck") is not None
    assert time.monotonic() - begun < 20
    delete(playing, server)
    end = time.monotonic() + PATIENCE
    while any(bomb[:20] in each for each in commands()):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_server_that_fills_its_disk_is_turned_off(playing: Service) -> None:
    fill = "for i in $(seq 40); do head -c 20000000 /dev/zero > /var/tmp/$i; sleep 0.1; done"
    server = boot(playing, "filler", f"#!/bin/sh\n{fill}\n")
    end = time.monotonic() + PATIENCE
    while playing.get(f"/compute/v2.1/servers/{server}")["server"]["status"] != "SHUTOFF":
        assert time.monotonic() < end, console(playing, server)
        time.sleep(0.3)
    assert "turned off: more than 256 MiB of disk" in console(playing, server)
    delete(playing, server)


def test_a_server_that_fills_its_memory_loses_its_biggest_process(playing: Service) -> None:
    greedy = "python3 -c 'held = b\"x\" * (200 << 20); import time; time.sleep(100)'"
    each = f"({greedy}; echo ended) &"
    server = boot(playing, "greedy", f"#!/bin/sh\n{each}\n{each}\n{each}\n{each}\n")
    written = wait_for(playing, server, "ended\n")
    assert "out of memory (more than 512 MiB): a process was ended" in written
    assert playing.get(f"/compute/v2.1/servers/{server}")["server"]["status"] == "ACTIVE"
    delete(playing, server)


HOLD = "import ctypes, os, time\nfor n in range({}):\n    {}\ntime.sleep(100)"
HIDDEN = {
    "files that are open and have no name": (
        HOLD.format(
            9,
            "f = os.open('/var/tmp/x', os.O_CREAT | os.O_RDWR); os.unlink('/var/tmp/x');"
            " os.write(f, b'x' * (50 << 20))",
        ),
        "turned off: more than 256 MiB of disk",
    ),
    "files in memory": (
        HOLD.format(4, "os.write(os.memfd_create('x'), b'x' * (200 << 20))"),
        "out of memory (more than 512 MiB): a process was ended",
    ),
    "memory that is shared by key": (
        # What it has let go of stays when it is ended for what it holds; so it is begun anew.
        "os.execv('/bin/sh', ['sh', '-c', 'while :; do python3 -c \"$1\"; done', 'sh', "
        + repr(
            "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.shmat.restype = ctypes.c_void_p\n"
            + HOLD.format(
                4,
                "a = libc.shmat(libc.shmget(0, 200 << 20, 0o1600), None, 0);"
                " ctypes.memset(a, 1, 200 << 20); libc.shmdt(ctypes.c_void_p(a))",
            )
        )
        + "])",
        "turned off: more than 512 MiB of memory",
    ),
}
"""What no folder and no process shows: how it is taken, and what becomes of who takes too much."""


def test_what_is_hidden_counts_too(playing: Service) -> None:
    servers = {
        boot(playing, f"hider-{number}", f"#!/usr/bin/python3\nimport ctypes, os\n{program}\n"): end
        for number, (program, end) in enumerate(HIDDEN.values())
    }
    for server, end in servers.items():
        wait_for(playing, server, end)
    for server in servers:
        delete(playing, server)


def test_the_page_lists_what_was_tried() -> None:
    page = (ROOT / "docs" / "how-to" / "run-servers.md").read_text(encoding="utf-8")
    assert not [each for each in (*TRIES, *HIDDEN) if each not in " ".join(page.split())]
