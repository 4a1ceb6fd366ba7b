"""The guide to writing a type: its type works, and its words are the kit's."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
from tests.waiting import PATIENCE

from isotherm import kit
from isotherm.kit import AnyType, Ready, prop, registry
from isotherm.testing.resource_run import ResourceRun

GUIDE = (Path(__file__).parents[2] / "docs" / "how-to" / "write-a-resource-type.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
FILES = dict(re.findall(r"```python\n# (\S+)\n(.*?)```", GUIDE, re.DOTALL))
"""The tutorial's files by name."""
WHOLE = next(each for each in BLOCKS if "AddressScope" in each)


@pytest.fixture
def guided(monkeypatch: pytest.MonkeyPatch) -> AnyType:
    module = types.ModuleType("guided")
    monkeypatch.setitem(sys.modules, "guided", module)
    # The real type of that name is offered again afterwards.
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))
    exec(compile(WHOLE, "guided", "exec"), module.__dict__)
    made: AnyType = module.AddressScope()
    return made


def run(folder: Path, command: str) -> None:
    program, *arguments = command.split()
    path = str(Path(sys.executable).with_name(program))
    done = subprocess.run(
        [path, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_tutorial_runs(tmp_path: Path) -> None:
    begin = GUIDE[GUIDE.index("## Begin") : GUIDE.index("## A whole type")]
    commands = re.findall(r"^    (\w.*)$", begin.partition("```python")[0], re.MULTILINE)
    assert [each.split()[0] for each in commands] == ["isotherm", "pytest"]
    for command in commands:
        run(tmp_path, command)
    assert set(FILES) == {"anvil.py", "test_anvil.py"}
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    run(tmp_path, commands[-1])
    run(tmp_path, "mypy --strict anvil.py test_anvil.py")


async def test_the_type_of_the_guide_lives(guided: AnyType) -> None:
    run = ResourceRun.begin(guided, {"ip_version": 6, "tenant_id": "p"})
    assert isinstance(await run.create(), Ready)
    assert run.cloud.made("create")[0].body == {
        "name": "stack-it-token",
        "shared": False,
        "tenant_id": "p",
        "ip_version": 6,
    }
    assert [each.physical_id for each in await run.type.find(run.ctx)] == [run.ctx.physical_id]
    assert isinstance(await run.update({"ip_version": 6, "tenant_id": "p", "name": "n"}), Ready)
    assert isinstance(await run.delete(), Ready)


def test_the_words_of_the_guide_are_known() -> None:
    table = GUIDE[GUIDE.index("## Properties") : GUIDE.index("## Which base")]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    words = {word for row in rows for word in re.findall(r"`([a-z_]+)[=`]", row)}
    assert len(words) > 15
    assert words <= inspect.signature(prop).parameters.keys()


def test_what_the_guide_says_of_the_bases_is_there() -> None:
    section = GUIDE[GUIDE.index("## Which base") : GUIDE.index("## Verbs")]
    for base in re.findall(r"`(\w+Type)`", section):
        if base != "StackType":
            assert hasattr(kit, base), base
    told = re.findall(r"^- (.*?)[:.] ", section, re.MULTILINE)
    for name in {word for line in told for word in re.findall(r"`([a-z_]+)`", line)}:
        assert hasattr(kit.EntityType, name) or name in kit.EntityType.__annotations__, name
