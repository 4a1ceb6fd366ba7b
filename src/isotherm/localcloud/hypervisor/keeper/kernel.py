"""Calls of the kernel that the standard library lacks."""

import ctypes
import os
from pathlib import Path
from typing import Any

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    *(0x00020000, 0x04000000, 0x08000000),
    *(0x10000000, 0x20000000, 0x40000000),
)
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
DEATH_SIGNAL = 1
_libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: Any) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def mount(source: str, target: Path, kind: str | None, flags: int = 0, data: str = "") -> None:
    words = (source.encode(), os.fsencode(target), kind.encode() if kind else None)
    call("mount", *words, ctypes.c_ulong(flags), data.encode() or None)
