"""How the keeper of servers that run divides its time, and what happens where files run out:
without any server."""

from __future__ import annotations

import os
import resource
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from isotherm.localcloud.hypervisor import hypervisor
from isotherm.localcloud.hypervisor.hypervisor import Hypervisor
from isotherm.localcloud.hypervisor.keeper import keeper as keeping
from isotherm.localcloud.hypervisor.keeper.keeper import LONGEST_LOOK, Keeper
from isotherm.localcloud.hypervisor.keeper.machines import Machine
from isotherm.localcloud.hypervisor.keeper.talk import Talk
from isotherm.localcloud.hypervisor.keeping import KeeperSettings, allow_many_files
from isotherm.localcloud.peers import Peers


class Ear:
    """Hears what the keeper tells."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def tell(self, what: str, _: tuple[int, ...] = (), **facts: Any) -> None:
        self.told.append((what, facts["server"]))


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class Process:
    def __init__(self, code: int | None = None) -> None:
        self._code = code

    def poll(self) -> int | None:
        return self._code


class Slow(Machine):
    """One that takes a while to examine."""

    def __init__(self, time: Time, disk: Path, code: int | None = None) -> None:
        super().__init__("slow", 1, 0)
        self.disk, self.examined, self._time = disk, 0, time
        self.process = cast(subprocess.Popen[bytes], Process(code))

    def members(self, spaces: list[set[int]]) -> list[int]:
        self.examined += 1
        self._time.now += LONGEST_LOOK / 4
        return []

    def fills_its_disk(self, hidden: int) -> bool:
        return False

    def spare_memory(self, members: list[int], hidden: dict[int, int]) -> bool:
        return True


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    hand = Time()
    monkeypatch.setattr(keeping, "time", hand)
    monkeypatch.setattr(keeping, "spaces", list)
    return hand


def keeper_of(machines: list[Slow]) -> tuple[Keeper, Ear]:
    ear = Ear()
    made = Keeper(cast(Talk, ear), {})
    made._machines = {str(number): each for number, each in enumerate(machines)}
    return made, ear


def test_however_many_there_are_a_look_is_short_and_each_has_its_turn(
    time: Time, tmp_path: Path
) -> None:
    machines = [Slow(time, tmp_path) for _ in range(100)]
    made, _ = keeper_of(machines)
    for _ in range(60):
        begun = time.now
        made._look()
        assert time.now - begun <= LONGEST_LOOK * 1.5
    assert {each.examined for each in machines} <= {2, 3}


def test_those_that_have_ended_are_told_at_once(time: Time, tmp_path: Path) -> None:
    machines = [Slow(time, tmp_path) for _ in range(50)]
    made, ear = keeper_of([*machines, Slow(time, tmp_path, code=0)])
    made._look()
    assert ear.told == [("ended", "50")]


def test_there_may_be_as_many_files_as_the_system_allows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    try:
        allow_many_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(soft, 65_536)
        allow_many_files()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_where_no_descriptors_are_left_a_server_is_turned_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ordered: list[dict[str, Any]] = []
    ended: list[str] = []
    keeper = SimpleNamespace(order=lambda **words: ordered.append(words))
    monkeypatch.setattr(hypervisor, "Keeper", lambda settings: keeper)
    peers = SimpleNamespace(compute=SimpleNamespace(server_ended=ended.append))
    made = Hypervisor(cast(KeeperSettings, None), cast(Peers, peers))
    lone, other = os.pipe()
    os.close(other)
    made._told({"told": "made", "server": "s"}, [lone])
    assert ordered == [{"do": "stop", "server": "s"}]
    assert ended == ["s"]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(lone)
