"""What is to be started first."""

from __future__ import annotations

from isotherm.planning.plan import Kind, Step, ordered
from isotherm.planning.priorities import remaining_seconds

SECONDS = {"net": 1.0, "port": 2.0, "server": 8.0, "volume": 3.0}


def test_a_step_is_followed_by_the_longest_of_all_ways_to_the_end() -> None:
    after = {"net": (), "port": ("net",), "server": ("port",), "volume": ("net",)}
    steps = [
        Step(name, Kind.CREATE, name, "Test::Thing", frozenset(needs))
        for name, needs in after.items()
    ]
    remaining = remaining_seconds(ordered(steps), lambda step: SECONDS[step.name])
    assert remaining == {"server": 8.0, "port": 10.0, "volume": 3.0, "net": 11.0}
