"""A process of its own, and the questions to it: each has an answer, or an end."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import time
from typing import Any

from isotherm.sandbox.messages import LENGTH, MOST_BYTES, unpacked

_MODULE = "isotherm.sandbox.query_process"
_KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT")
"""All of the environment that the process gets: the rest may hold passwords."""
_START_SECONDS = 30.0
_BLOCK = 65536


class Ended(Exception):
    """The process has ended, or took too long and was ended."""


class Channel:
    """One process. Not to be used by two threads at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            start_new_session=True,  # Ctrl-C is meant for the service
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        try:
            self._receive(time.monotonic() + _START_SECONDS)
        except Ended:
            self.close()
            raise

    def ask(self, message: bytes, seconds: float) -> Any:
        """The answer within so many seconds. Raises Ended, after which there are no others."""
        deadline = time.monotonic() + seconds
        try:
            self._send(message, deadline)
            return self._receive(deadline)
        except (Ended, ValueError, OSError):
            self.close()
            raise Ended from None

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _send(self, message: bytes, deadline: float) -> None:
        left = memoryview(message)
        while left:
            if not select.select([], [self._to], [], _until(deadline))[1]:
                raise Ended
            left = left[os.write(self._to, left[:_BLOCK]) :]

    def _receive(self, deadline: float) -> Any:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if length > MOST_BYTES:
            raise Ended
        return unpacked(self._read(length, deadline))

    def _read(self, length: int, deadline: float) -> bytes:
        content = bytearray()
        while len(content) < length:
            if not select.select([self._from], [], [], _until(deadline))[0]:
                raise Ended
            piece = os.read(self._from, min(_BLOCK, length - len(content)))
            if not piece:
                raise Ended
            content += piece
        return bytes(content)


def _until(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
