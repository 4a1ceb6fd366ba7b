"""``isotherm demo``, as ``make demo`` runs it."""

from __future__ import annotations

import re
import subprocess

import pytest
from tests.clients.service import PROGRAM

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_demo_goes_from_nothing_to_nothing_and_tells_it_in_plain_lines() -> None:
    done = subprocess.run(
        [*PROGRAM, "demo"], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = done.stdout
    assert "\x1b" not in shown, "piped output is plain"
    for line in (
        r" s  CREATE_IN_PROGRESS +server \(OS::Nova::Server\)",
        r" s  CREATE_COMPLETE +volume \(OS::Cinder::Volume\)",
        r" s  CREATE_COMPLETE +demo \(stack\)",
        r"device: /dev/vdb",
        r" s  DELETE_COMPLETE +demo \(stack\)",
        r"no server\n",
        r"no volume\n",
    ):
        assert re.search(line, shown), line
