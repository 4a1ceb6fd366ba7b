"""The tutorial's third part runs as it is written, on servers that run, to its last step."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.playing_servers import playing_service
from tests.clients.service import Service
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "tutorial-servers.md").read_text(encoding="utf-8")
AT_FIRST = ("make ", "apt-get ", "printf ", ".venv/bin/isotherm doctor", "export ")
"""How lines begin that the fixture stands for."""

TOLD = [
    "The first release: visit number 1",
    "The first release: visit number 2",
    "The second release: visit number 3",
    "The second release: visitor number 4",
    "The second release: visitor number 5",
    "The second release: visitor number 6",
]
"""What the page says, one time after the other."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    yield from playing_service(tmp_path)


def commands() -> list[str]:
    lines = [line.strip() for line in TEXT.splitlines() if line.startswith("    ")]
    return [line for line in lines if not line.startswith(AT_FIRST)]


class Reader:
    """Who types the lines of the tutorial."""

    def __init__(self, service: Service, folder: Path) -> None:
        self._service, self._folder = service, folder
        self._environment = service.client_environment()
        self._environment["PATH"] = f"{Path(sys.executable).parent}:{self._environment['PATH']}"

    def type(self, line: str) -> str:
        """What is printed."""
        if line.startswith(".venv/bin/isotherm serve"):
            if self._service.process is None:
                self._service.start()
        elif line == "kill -9 %1":
            self._service.kill()
        elif line == "kill %1":
            self._service.stop()
        elif asked := re.fullmatch(r"(\w+)=(\$\(.+\))", line):
            self._environment[asked[1]] = self._run(f"echo {asked[2]}").strip()
        elif not line.startswith("rm "):
            return self._run(line)
        return ""

    def _run(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        told = f"{line}\n{done.stdout}{done.stderr}"
        assert (done.returncode != 0) == ("# refused" in line), told
        return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.xdist_group("playing")
def test_every_command_does_what_the_tutorial_says(service: Service, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    reader, said = Reader(service, tmp_path), ""
    for line in commands():
        said += reader.type(line)
    assert re.findall(r"The \w+ release: visit\w* number \d+", said) == TOLD
    assert "heat-config-notify" in said
    assert service.process is None
