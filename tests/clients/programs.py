"""Programs of this environment, each run in a process of its own that has imported them already.

Most of the time that ``openstack`` takes goes into its imports, those of all its plug-ins. One
process a worker of the tests does these (``preloading``); each command is a fork of it, and has
its own arguments, environment and output as if a shell had started it. The programs
themselves are what is installed in ``bin``.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

_PRELOADED = ["tests.clients.preloading"]


def run_program(
    command: Sequence[str], environment: Mapping[str, str], *, timeout: float = 100
) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment's ``bin``; TimeoutExpired as ``subprocess.run`` has it."""
    script = Path(sys.executable).with_name(command[0])
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder, "output"), Path(folder, "errors")
        process = _prepared().Process(
            target=_become,
            args=([str(script), *command[1:]], dict(environment), output, errors),
        )
        process.start()
        process.join(timeout)
        code = process.exitcode
        if code is None:
            process.kill()
            process.join()
        process.close()
        told, complained = output.read_text(), errors.read_text()
    if code is None:
        raise subprocess.TimeoutExpired(list(command), timeout, told, complained)
    return subprocess.CompletedProcess(list(command), code, told, complained)


@cache
def _prepared() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def _become(words: list[str], environment: dict[str, str], output: Path, errors: Path) -> None:
    """What the forked process does: it becomes the program."""
    for number, file, mode in (
        (0, Path(os.devnull), os.O_RDONLY),
        (1, output, os.O_WRONLY | os.O_CREAT),
        (2, errors, os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(file, mode)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = words
    runpy.run_path(words[0], run_name="__main__")
