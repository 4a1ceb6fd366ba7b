"""What a machine holds besides the memory of its processes."""

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from .kernel import NEWIPC, call


def used(folder: Path, enough: int) -> int:
    """Bytes on the disk, counted until there are enough."""
    total, waiting = 0, [str(folder)]
    while waiting and total <= enough:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
    return total


def nameless(numbers: Iterable[int], device: int) -> tuple[int, dict[int, int]]:
    """Bytes of files that processes have open and that have no name any more: on the device, and
    elsewhere, which is in memory, by process. One that several have open is the first one's."""
    on_disk, in_memory, known = 0, dict[int, int](), set[tuple[int, int]]()
    for number in numbers:
        for file in _open_files(number):
            place = (file.st_dev, file.st_ino)
            if file.st_nlink or not stat.S_ISREG(file.st_mode) or place in known:
                continue
            known.add(place)
            size = file.st_blocks * 512
            if file.st_dev == device:
                on_disk += size
            else:
                in_memory[number] = in_memory.get(number, 0) + size
    return on_disk, in_memory


def _open_files(number: int) -> list[os.stat_result]:
    found = []
    with contextlib.suppress(OSError), os.scandir(f"/proc/{number}/fd") as opened:
        for each in opened:
            with contextlib.suppress(OSError):
                found.append(each.stat())
    return found


def segments(number: int) -> int:
    """Bytes of memory that programs share by key (System V), where the process is: it lasts
    without any process."""
    with contextlib.suppress(OSError), contextlib.ExitStack() as opened:
        there, home = (
            opened.enter_context(Path(f"/proc/{each}/ns/ipc").open("rb"))
            for each in (number, "self")
        )
        call("setns", there.fileno(), NEWIPC)
        try:
            lines = Path("/proc/sysvipc/shm").read_text().splitlines()
        finally:
            call("setns", home.fileno(), NEWIPC)
        return sum(int(size) for line in lines[1:] for size in line.split()[-2:])
    return 0
