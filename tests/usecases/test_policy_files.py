"""Operators' policy files: read whole or not at all, whenever they change."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from isotherm.core.errors import Forbidden
from isotherm.ports.cloud import Caller
from isotherm.server.options import load_options
from isotherm.usecases.policy import Policy
from isotherm.usecases.policy_files import PolicyError

MEMBER = Caller(user_id="u", username="demo", project_id="p", roles=("member", "reader"), token="t")
NOBODY = '"stacks:index": "!"\n'


class Bench:
    """A policy with a file of its own, and a clock that is put forward by hand."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "policy.yaml"
        self.seconds = 0.0
        self._config = folder / "isotherm.conf"
        self._config.write_text(f"[oslo_policy]\npolicy_file = {self.file}\n")
        self._edits = 0

    def start(self) -> Policy:
        return Policy(load_options([self._config]), lambda: self.seconds)

    def edit(self, text: str) -> None:
        """And let the time pass until it is looked at again."""
        self.file.write_text(text)
        # Two edits within one tick of the file system are edits all the same.
        self._edits += 1
        os.utime(self.file, (self._edits, self._edits))
        self.seconds += 10


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_an_edited_file_takes_effect_without_a_restart(bench: Bench) -> None:
    policy = bench.start()
    policy.require("stacks:index", MEMBER)
    bench.edit(NOBODY)
    with pytest.raises(Forbidden):
        policy.require("stacks:index", MEMBER)
    bench.edit("")
    policy.require("stacks:index", MEMBER)
    bench.edit(NOBODY)
    bench.file.unlink()
    bench.seconds += 10
    policy.require("stacks:index", MEMBER)


BROKEN = {
    "no YAML": '"stacks:index": "!\n',
    "no map": "- a\n- b\n",
    "cannot be understood": NOBODY + '"stacks:create": "role:member and"\n',
    "'never_defined', which is not there": NOBODY + '"stacks:show": "rule:never_defined"\n',
    "rules that refer to themselves: ['mine']": NOBODY + '"mine": "rule:mine or role:x"\n',
}


@pytest.mark.parametrize(("told", "text"), BROKEN.items(), ids=BROKEN)
def test_a_broken_file_changes_nothing_and_is_told_once(
    bench: Bench, told: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    bench.edit('"stacks:delete": "!"\n')
    policy = bench.start()
    bench.edit(text)
    for _ in range(3):
        bench.seconds += 10
        policy.require("stacks:index", MEMBER)
        policy.require("stacks:create", MEMBER)
        assert not policy.allows("stacks:delete", MEMBER, "p")
    complaints = [
        each.getMessage()
        for each in caplog.records
        if each.levelno == logging.ERROR and each.name.startswith("isotherm")
    ]
    assert len(complaints) == 1
    assert told in complaints[0]
    assert str(bench.file) in complaints[0]
    bench.edit(NOBODY)
    assert not policy.allows("stacks:index", MEMBER, "p")


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_nothing_starts_with_a_broken_file(bench: Bench, text: str) -> None:
    bench.edit(text)
    with pytest.raises(PolicyError, match=r"policy\.yaml"):
        bench.start()


def test_what_decides_nothing_is_told(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.edit('"mine": "role:boss"\n"stacks:creat": "rule:mine"\n"resource_types:My::*": "!"\n')
    policy = bench.start()
    told = f"{bench.file}: no rule is called stacks:creat; did you mean 'stacks:create'?"
    assert policy.without_effect() == [told]
    bench.edit('"stack:index": "!"\n')
    with caplog.at_level(logging.WARNING):
        policy.require("stacks:index", MEMBER)
    assert "no rule is called stack:index; did you mean 'stacks:index'?" in caplog.text


def test_a_file_that_is_named_and_not_there_is_told(bench: Bench) -> None:
    assert bench.start().without_effect() == [f"{bench.file} is not there; the default rules hold"]
