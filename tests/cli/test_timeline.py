"""``isotherm timeline``: a bar for each step."""

from __future__ import annotations

from typing import Any

from isotherm.cli.timeline_chart import chart


def a_step(name: str, begun: float, ended: float, **fields: Any) -> dict[str, Any]:
    given = {"resource_type": "OS::Nova::Server", "step": "create", "outcome": "done"}
    times = {"ready": begun, "begun": begun, "ended": ended, "seconds": ended - begun}
    return {"resource_name": name, "waited_for": [], **given, **times, **fields}


def a_timeline(*steps: dict[str, Any], critical: int = 0, **fields: Any) -> dict[str, Any]:
    given = {"stack_name": "web", "operation": 3, "action": "UPDATE", "seconds": 10.0}
    path = {"critical_path": list(steps[:critical]), "steps": list(steps), "nested": {}}
    return {**given, **path, **fields}


def lines(timeline: dict[str, Any], width: int = 60, *, everything: bool = False) -> list[str]:
    return [line.plain.rstrip() for line in chart(timeline, width, everything=everything)]


def test_bars_begin_and_end_when_their_steps_did_and_show_who_waited_for_his_turn() -> None:
    net = a_step("net", 0, 2)
    server = a_step("server", 3, 10, ready=2, waited_for=["net"])
    volume = a_step("volume", 0, 4)
    assert lines(a_timeline(net, server, volume, critical=2), 50) == [
        "stack web: UPDATE (operation 3), 10.0 s",
        "critical path, at work for 9.00 s: net 2.00 s → server 7.00 s",
        "* net create     ━━━━━                    2.00 s",
        "* server create       ··━━━━━━━━━━━━━━━━  7.00 s",
        "                 waited 2.00 s for net",
        "  volume create  ━━━━━━━━━                4.00 s",
        "━ at work   · ready, and waiting for its turn   * on the critical path",
    ]


def test_of_many_steps_the_critical_path_and_the_longest_are_shown() -> None:
    many = [a_step(f"s{n}", 0, n / 100) for n in range(100)]
    shown = lines(a_timeline(*many, critical=1))
    assert sum("create" in line for line in shown) == 30
    assert any(line.startswith("* s0 create") for line in shown)
    assert any("s99 create" in line for line in shown)
    assert shown[-2] == "and 70 more steps (--all)"
    assert sum("create" in line for line in lines(a_timeline(*many), everything=True)) == 100


def test_long_names_and_many_reasons_are_cut() -> None:
    others = [f"other_{n}" for n in range(9)]
    step = a_step("n" * 50, 2, 10, waited_for=others)
    shown = lines(a_timeline(step, critical=1), 80)
    assert f"* {'n' * 31}… create" in shown[2]
    assert shown[3].strip().endswith("other_3, other_4 and 4 more")


def test_an_operation_without_steps_says_so() -> None:
    assert lines(a_timeline(seconds=0.0)) == [
        "stack web: UPDATE (operation 3), 0.00 s",
        "nothing had to be done",
    ]


def test_nested_stacks_follow_and_are_named_by_the_way_to_them() -> None:
    member = a_timeline(a_step("server", 0, 4), critical=1, stack_name="web-group-x-0-y")
    group = a_timeline(
        a_step("0", 0, 5), critical=1, stack_name="web-group-x", nested={"0": [member]}
    )
    batch = a_timeline(a_step("1", 0, 1), critical=1, stack_name="web-group-x", seconds=1.0)
    batches = {"group": [batch, group]}
    shown = lines(a_timeline(a_step("group", 0, 6), critical=1, nested=batches))
    assert shown[2] == "the longest of it, inside: group/0/server 4.00 s"
    assert shown[4:6] == ["", "group: stack web-group-x: UPDATE (operation 3), 1.00 s"]
    assert "group: stack web-group-x: UPDATE (operation 3), 10.0 s" in shown
    assert "group/0: stack web-group-x-0-y: UPDATE (operation 3), 10.0 s" in shown
    assert sum("on the critical path" in line for line in shown) == 1
    assert "on the critical path" in shown[-1]
