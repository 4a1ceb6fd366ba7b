"""A wheel has all that the program needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
OFFLINE = ["--no-deps", "--no-index"]


def test_what_is_installed_from_a_wheel_works_without_the_source(tmp_path: Path) -> None:
    wheels, there = tmp_path / "dist", tmp_path / "there"
    building = ["wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT)]
    subprocess.run([*PIP, *building], check=True, timeout=PATIENCE)
    (wheel,) = wheels.glob("isotherm-*.whl")
    subprocess.run([*PIP, "install", *OFFLINE, "--target", str(there), str(wheel)], check=True)
    environment = {"PYTHONPATH": str(there), "PATH": "/usr/bin:/bin"}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-P", *arguments]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    used = run("-c", "import isotherm; print(isotherm.__file__)").strip()
    assert used.startswith(str(there))
    assert "isotherm, version" in run("-m", "isotherm.cli", "--version")
    state = str(tmp_path / "state")
    assert "schema: none" in run("-m", "isotherm.cli", "db", "upgrade", "--state", state)
    run("-m", "isotherm.cli", "doctor", "--state", state)
