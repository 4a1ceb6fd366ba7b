"""The processes of all machines, as the kernel tells of them."""

import contextlib
from pathlib import Path


def spaces() -> list[set[int]]:
    """All processes here, those of one machine together."""
    found: dict[int, set[int]] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            found.setdefault((entry / "ns/pid").stat().st_ino, set()).add(int(entry.name))
    return list(found.values())


def most_held(number: int) -> int:
    """Bytes of memory that a process has written to; what several share counts in each."""
    return _sum(number, "status", "RssAnon:", "RssShmem:")


def held(number: int) -> int:
    """The same, with what several share in parts; takes longer."""
    return _sum(number, "smaps_rollup", "Pss_Anon:", "Pss_Shmem:")


def _sum(number: int, file: str, *names: str) -> int:
    with contextlib.suppress(OSError):
        lines = [line.split() for line in Path(f"/proc/{number}/{file}").read_text().splitlines()]
        return sum(int(fields[1]) * 1024 for fields in lines if fields[0] in names)
    return 0
