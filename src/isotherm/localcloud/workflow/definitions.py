"""Definitions: the text of workflows, read and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.workflow.expressions import JINJA

_ARGUMENT = re.compile(r"""(\w+)=(<%.*?%>|"[^"]*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|\S+)""", re.DOTALL)
ABOUT_TEXT = "text"
"""The kind of refusals where the request was no JSON: they are told more shortly."""
COMMANDS = frozenset({"noop", "fail", "succeed", "pause"})
EVENTS = ("on-success", "on-error", "on-complete")
ACTIONS = frozenset({"std.noop", "std.echo", "std.fail", "std.http", "std.async_noop"})


def invalid(message: str) -> Fault:
    return _refused(f"Invalid DSL: {message}")


def _refused(message: str) -> Fault:
    return Fault(400, message, kind=ABOUT_TEXT)


def read_definitions(text: str) -> dict[str, dict[str, Any]]:
    """The workflows of a text by their names. Raises Fault 400."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _refused(f"Definition could not be parsed: {error}\n") from error
    if not isinstance(document, dict) or "version" not in document:
        raise invalid("'version' must be 2.0")
    if JINJA.search(text):
        raise invalid("Jinja expressions are not supported by this cloud: write YAQL, <% … %>")
    found = {str(name): each for name, each in document.items() if name != "version"}
    if not found:
        raise _refused(f"At least one item must be in the list [data={document}].")
    for name, each in found.items():
        _check(name, each)
    return found


def _check(name: str, spec: Any) -> None:
    if not isinstance(spec, dict) or not isinstance(spec.get("tasks"), dict) or not spec["tasks"]:
        raise invalid(f"'tasks' is a required property of workflow {name!r}")
    if spec.get("type", "direct") not in ("direct", "reverse"):
        raise invalid(f"Workflow type of {name!r} must be direct or reverse")
    for task_name, task in spec["tasks"].items():
        if task_name in COMMANDS:
            raise invalid(f"Task name {task_name!r} is reserved")
        if task is not None and not isinstance(task, dict):
            raise invalid(f"Task {task_name!r} is no object")
        if task and "action" in task and "workflow" in task:
            raise invalid(f"Task {task_name!r} has both an action and a workflow")
        for target in _named(spec, task or {}):
            if target not in spec["tasks"] and target not in COMMANDS:
                raise _refused(f"Task {target!r} not found.")


def _named(spec: dict[str, Any], task: dict[str, Any]) -> Iterator[str]:
    for event in EVENTS:
        yield from (name for name, _ in followers(spec, task, event))
    yield from task.get("requires") or ()


def setting(spec: dict[str, Any], task: dict[str, Any], name: str) -> Any:
    """What a task says, or the defaults of all tasks."""
    return task[name] if name in task else (spec.get("task-defaults") or {}).get(name)


def followers(spec: dict[str, Any], task: dict[str, Any], event: str) -> list[tuple[str, Any]]:
    """Names that follow a task in the event, each with its condition."""
    said = setting(spec, task, event)
    if isinstance(said, dict) and "next" in said:
        said = said["next"]
    found: list[tuple[str, Any]] = []
    for each in [said] if isinstance(said, str | dict) else said or ():
        if isinstance(each, dict):
            found += [(_bare(str(name)), condition) for name, condition in each.items()]
        else:
            found.append((_bare(str(each)), True))
    return found


def _bare(target: str) -> str:
    """Without arguments: `fail msg="…"`."""
    return target.split(maxsplit=1)[0]


def inputs_of(spec: dict[str, Any]) -> dict[str, Any]:
    """The names of what goes in, with defaults; `...` where one must be given."""
    found: dict[str, Any] = {}
    for each in spec.get("input") or ():
        found |= each if isinstance(each, dict) else {str(each): ...}
    return found


def described_inputs(spec: dict[str, Any]) -> str:
    return ", ".join(
        name if default is ... else f"{name}={json.dumps(default)}"
        for name, default in inputs_of(spec).items()
    )


def interface_of(spec: dict[str, Any]) -> dict[str, Any]:
    """What goes in and comes out, by names."""
    inputs = [n if each is ... else {n: each} for n, each in inputs_of(spec).items()]
    return {"input": inputs, "output": list(spec.get("output") or ())}


def action_of(task: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Name and input of a task's action; both may stand in one line."""
    line = str(task.get("action", "std.noop"))
    name, _, rest = line.partition(" ")
    inline = {key: _plain(value) for key, value in _ARGUMENT.findall(rest)}
    return name, {**inline, **(task.get("input") or {})}


def _plain(value: str) -> Any:
    return value if value.startswith("<%") else yaml.safe_load(value)


def starts(spec: dict[str, Any], params: dict[str, Any]) -> list[str]:
    """The tasks with which it begins. Raises Fault 400."""
    tasks = spec["tasks"]
    if spec.get("type") == "reverse":
        goal = str(params.get("task_name"))
        if goal not in tasks:
            raise Fault(400, f"Reverse workflow needs a task_name among its tasks: {goal}")
        return [name for name in required(spec, goal) if not (tasks[name] or {}).get("requires")]
    named = {
        name
        for task in tasks.values()
        for event in EVENTS
        for name, _ in followers({}, task or {}, event)
    }
    return [name for name in tasks if name not in named] or list(tasks)[:1]


def required(spec: dict[str, Any], goal: str) -> list[str]:
    """The goal of a reverse workflow and all that it needs, first what comes first."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name not in found:
            for each in (spec["tasks"][name] or {}).get("requires") or ():
                visit(each)
            found.append(name)

    visit(goal)
    return found


def arrivals(spec: dict[str, Any], name: str) -> list[str]:
    """The tasks that lead to a task."""
    return [
        other
        for other, task in spec["tasks"].items()
        if any(name == to for event in EVENTS for to, _ in followers(spec, task or {}, event))
    ]
