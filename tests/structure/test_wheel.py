"""What is installed from a wheel has all that the commands need."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from isotherm.resources import TYPES

ROOT = Path(__file__).parents[2]
LOAD = "from isotherm.kit import load_registry; print(*sorted(load_registry()))"
GONE = "from isotherm.kit import load_registry; print(load_registry()['OS::Senlin::Node'].name)"
LOOK = "from isotherm.cli.examples import example; print(example('01-server-with-volume'))"


@pytest.mark.slow
def test_a_wheel_brings_the_types_and_the_example_of_the_demo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    assert _run(installed, LOAD).split() == sorted(TYPES)
    assert _run(installed, GONE) == "OS::Senlin::Node"
    folder = Path(_run(installed, LOOK))
    assert folder.is_relative_to(installed)
    assert (folder / "template.yaml").is_file()


def _run(installed: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(installed), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
