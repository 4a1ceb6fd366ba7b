"""The package's folders are exactly the rooms that the import rules know."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def declared_rooms() -> set[str]:
    """The rooms named in the layers contract."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["id"] == "layers"]
    return {room for layer in layers for room in re.split(r"\s*[:|]\s*", layer)}


def test_every_room_is_declared_and_every_declared_room_exists() -> None:
    package = ROOT / "src" / "isotherm"
    rooms = {path.parent.name for path in package.glob("*/*.py")}
    assert rooms == declared_rooms()


def test_every_folder_of_tests_is_a_rooms_or_told_of() -> None:
    """A folder that nobody explains is where the next one puts what belongs elsewhere."""
    told = set(re.findall(r"`tests/(\w+)`", (ROOT / "CONTRIBUTING.md").read_text()))
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/*.py")}
    assert folders - told <= declared_rooms()
    assert told <= folders
