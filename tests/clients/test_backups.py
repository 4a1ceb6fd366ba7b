"""Backing up and restoring go as the page says, word by word."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.clients.service import Service
from tests.docs.pages import HOW_TO, blocks

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "01-server-with-volume" / "template.yaml"
COLD, HOT, BACK, *_ = blocks(HOW_TO / "back-up-and-restore.md")

# Where the command is not installed; Python's module of the same name does the same.
SQLITE3 = """\
#!{python}
import sqlite3, sys
database, (verb, target) = sys.argv[1], sys.argv[2].split()
assert verb == ".backup"
with sqlite3.connect(database) as source, sqlite3.connect(target) as copy:
    source.backup(copy)
"""


class Operator:
    """Does what stands in a block, with the folders of a test in the place of the system's."""

    def __init__(self, service: Service, folder: Path) -> None:
        self._service = service
        self.backup = folder / "backup"
        self.backup.mkdir()
        self._tools = folder / "bin"
        self._tools.mkdir()
        if shutil.which("sqlite3") is None:
            tool = self._tools / "sqlite3"
            tool.write_text(SQLITE3.format(python=sys.executable))
            tool.chmod(0o755)

    def follow(self, block: str) -> None:
        for line in block.splitlines():
            if line == "systemctl stop isotherm":
                assert self._service.stop() == 0
            elif line == "systemctl start isotherm":
                self._service.start()
            else:
                self._run(line)

    def _run(self, line: str) -> None:
        here = line.replace("/var/lib/isotherm", str(self._service.state))
        here = here.replace("/srv/backup", str(self.backup))
        path = f"{self._tools}:/usr/bin:/bin"
        subprocess.run(["/bin/sh", "-c", here], check=True, env={"PATH": path})


@pytest.fixture
def operator(own_service: Service, tmp_path: Path) -> Operator:
    return Operator(own_service, tmp_path)


def test_a_copied_folder_brings_all_back(own_service: Service, operator: Operator) -> None:
    own_service.start()
    own_service.create_stack(str(EXAMPLE), "kept")
    servers = own_service.read("server", "list")
    for _ in range(2):
        operator.follow(COLD)
    own_service.delete_stack("kept")
    operator.follow(BACK)
    assert own_service.settle("kept") == "CREATE_COMPLETE"
    assert own_service.read("server", "list") == servers
    own_service.delete_stack("kept")


def test_a_snapshot_of_a_service_that_runs_has_all_that_was_answered(
    own_service: Service, operator: Operator
) -> None:
    own_service.start()
    own_service.create_stack(str(EXAMPLE), "kept")
    for _ in range(2):
        operator.follow(HOT)
    own_service.stop()
    # The cloud that this service has is the built-in one, which is not in the copy.
    for file in own_service.state.glob("isotherm.sqlite*"):
        file.unlink()
    for file in (operator.backup / "isotherm").iterdir():
        shutil.copy2(file, own_service.state)
    own_service.start()
    assert own_service.settle("kept") == "CREATE_COMPLETE"
    own_service.delete_stack("kept")
