"""The tutorial runs as it is written."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.service import Service
from tests.clients.test_boto3 import aws
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
QUICK = "compute.server.create:2,block-storage.volume.create:0.5"
"""In place of the times that a reader watches."""

OF_THE_FIRST_TERMINAL = ("make ", "printf ", ".venv/bin/isotherm serve", "export ")
"""How lines begin that the fixtures of this test stand for."""


FIRST, SECOND = TEXT.split("# A group that follows its load")


def commands(part: str) -> list[str]:
    """What is typed in the second terminal, in order; and where the service is killed."""
    lines = [line.strip() for line in part.splitlines() if line.startswith("    ")]
    return [line for line in lines if not line.startswith(OF_THE_FIRST_TERMINAL)]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path / "state", config=f"[localcloud]\ntimings = {QUICK}\n")
    running.start()
    yield running
    running.stop()


@pytest.mark.slow
@pytest.mark.timeout(480)  # some thirty starts of the real client
@pytest.mark.parametrize("part", [FIRST, SECOND], ids=["first", "second"])
def test_every_command_does_what_the_tutorial_says(
    service: Service, tmp_path: Path, part: str
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = service.client_environment() | aws(service)
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    folder = tmp_path if part == FIRST else tmp_path / "state" / "lesson"
    folder.mkdir(parents=True, exist_ok=True)
    for line in commands(part):
        if line.startswith("kill -9"):
            service.kill()
            service.start()
        elif moved := re.fullmatch(r"cd (\S+)", line):
            folder /= moved[1]
        else:
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            told = f"{line}\n{done.stdout}{done.stderr}"
            assert (done.returncode != 0) == ("# refused" in line), told
    assert service.openstack("server", "list").strip() == ""


def test_the_tutorial_has_commands_to_try() -> None:
    assert len(commands(FIRST)) > 20
    assert len(commands(SECOND)) > 12
