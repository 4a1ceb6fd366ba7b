"""ARCHITECTURE.md names what is there."""

from __future__ import annotations

import re

import pytest
from tests.docs.pages import ROOT

SOURCE = ROOT / "src" / "isotherm"
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROOMS = TEXT.partition("\n## Rooms\n")[2].partition("\n## ")[0]
NAMED = sorted(set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*(?:/|\.py))`", TEXT)))
CALLED = re.findall(
    r"`((?:[A-Z]\w+\.)?\w+)`", TEXT.partition("From the worker to the wire:")[2].partition(".\n")[0]
)
CODE = "\n".join(each.read_text(encoding="utf-8") for each in (SOURCE / "engine").rglob("*.py"))


@pytest.mark.parametrize("name", NAMED)
def test_every_file_and_folder_that_is_named_exists(name: str) -> None:
    found = [*ROOT.glob(name), *SOURCE.rglob(name.rstrip("/"))]
    assert found


@pytest.mark.parametrize("name", CALLED)
def test_every_step_from_the_worker_to_the_wire_is_one(name: str) -> None:
    owner, _, called = name.rpartition(".")
    assert not owner or re.search(rf"^class {owner}\b", CODE, re.MULTILINE)
    assert re.search(rf"(?:def|class) {called}\b|import .*\b{called}\b", CODE)


def test_every_room_has_its_line() -> None:
    rooms = {each.name for each in SOURCE.iterdir() if (each / "__init__.py").exists()}
    told = {each.split("/")[0] for each in re.findall(r"^\| `([a-z]+)/", ROOMS, re.MULTILINE)}
    assert told == rooms
