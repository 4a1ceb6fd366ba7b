"""``isotherm demo``, as ``make demo`` runs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from tests.clients.service import PROGRAM
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_demo_goes_from_nothing_to_nothing_and_tells_it_in_plain_lines() -> None:
    done = subprocess.run(
        [*PROGRAM, "demo"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = done.stdout
    assert "\x1b" not in shown, "piped output is plain"
    for line in (
        r" s  CREATE_IN_PROGRESS +server \(OS::Nova::Server\)",
        r" s  CREATE_COMPLETE +volume \(OS::Cinder::Volume\)",
        r" s  CREATE_COMPLETE +demo \(stack\)",
        r"device: /dev/vdb",
        r" s  DELETE_COMPLETE +attachment \(OS::Cinder::VolumeAttachment\)",
        r" s  DELETE_COMPLETE +demo \(stack\)",
        r"no server\n",
        r"no volume\n",
    ):
        assert re.search(line, shown), line


def test_a_demo_that_is_stopped_leaves_neither_service_nor_folder(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("== Creating"):
                break
        assert list(tmp_path.iterdir())
        running.send_signal(signal.SIGTERM)
        rest = running.stdout.read()
    assert running.returncode == 1
    assert rest.splitlines()[-1] == "Error: stopped"
    assert not list(tmp_path.iterdir())
