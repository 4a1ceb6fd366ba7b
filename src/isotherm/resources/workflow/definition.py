"""Definitions of workflows: written from properties, and read back to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from isotherm import kit
from isotherm.kit import Properties, deprecated, hidden, prop, supported

WRITTEN = ("type", "tags", "description", "input", "output", "task_defaults", "tasks")
"""Properties that the definition is written from."""
FORWARD = ("on_success", "on_error", "on_complete")
_POLICIES = ("retry", "wait_before", "wait_after", "pause_before", "timeout", "concurrency")


class Defaults(Properties):
    on_success: list[Any] | None = prop("Tasks that follow a success.")
    on_error: list[Any] | None = prop("Tasks that follow a failure.")
    on_complete: list[Any] | None = prop("Tasks that follow either.")
    requires: list[Any] | None = prop("Tasks that come first, in a reverse workflow.")
    retry: dict[str, Any] | None = prop("How often a failed task is tried again (`count`, `delay`).")
    wait_before: int | None = prop("Seconds to wait before a task.")
    wait_after: int | None = prop("Seconds to wait after a task.")
    pause_before: bool | None = prop("Whether the execution pauses before a task.")
    timeout: int | None = prop("Seconds that a task may take.")
    concurrency: int | None = prop("How many actions of a task may run at once.", since="8.0.0")


class Task(Properties):
    name: str = prop("Name.")
    description: str | None = prop("Description.")
    input: dict[str, Any] | None = prop("Input of the action or workflow.")
    action: str | None = prop("Action to do.")
    workflow: str | None = prop("Workflow to run.", exists="mistral.workflow")
    publish: dict[str, Any] | None = prop("What later tasks get to know.")
    on_success: list[Any] | None = prop("Tasks that follow a success.")
    on_error: list[Any] | None = prop("Tasks that follow a failure.")
    on_complete: list[Any] | None = prop("Tasks that follow either.")
    policies: dict[str, Any] | None = prop(
        "Former place of retry, wait_before and the like.",
        support=hidden("8.0.0", deprecated("5.0.0", supported("2015.1"))),
    )
    requires: list[Any] | None = prop("Tasks that come first, in a reverse workflow.")
    retry: dict[str, Any] | None = prop("How often it is tried again (`count`, `delay`).", since="5.0.0")
    wait_before: int | None = prop("Seconds to wait before it.", since="5.0.0")
    wait_after: int | None = prop("Seconds to wait after it.", since="5.0.0")
    pause_before: bool | None = prop("Whether the execution pauses before it.", since="5.0.0")
    timeout: int | None = prop("Seconds that it may take.", since="5.0.0")
    with_items: str | None = prop("Does it once for each item.", since="5.0.0")
    keep_result: bool | None = prop("Whether its result is kept.", since="5.0.0")
    concurrency: int | None = prop("How many of its actions may run at once.", since="8.0.0")
    target: str | None = prop("Who is to do it.", since="5.0.0")
    join: str | None = prop("How many of those before must have come (`all`, `one`, a number).", since="6.0.0")


def write(name: str, properties: kit.Fields) -> str:
    """The text of the definition."""
    spec = {key: properties[key] for key in ("type", "description", "tags", "output") if properties.get(key)}
    if properties.get("input") is not None:
        spec["input"] = list(properties["input"])
    if defaults := properties.get("task_defaults"):
        spec["task-defaults"] = _dashed(defaults)
    spec["tasks"] = {task["name"]: _dashed(_whole(task)) for task in properties["tasks"]}
    return str(yaml.safe_dump({"version": "2.0", name: spec}, sort_keys=False, allow_unicode=True))


def _whole(task: kit.Fields) -> dict[str, Any]:
    """With the policies at their present place."""
    former = {_underscored(key): each for key, each in (task.get("policies") or {}).items()}
    moved = {key: each for key, each in former.items() if key in _POLICIES}
    return {**moved, **{key: each for key, each in task.items() if key not in ("name", "policies")}}


def _dashed(group: kit.Fields) -> dict[str, Any]:
    return {key.replace("_", "-"): each for key, each in group.items() if each is not None}


def _underscored(key: str) -> str:
    return key.replace("-", "_")


def read(name: str, text: str) -> dict[str, Any]:
    """Properties as the definition has them; inputs without their values, which it does not know."""
    try:
        spec = (yaml.safe_load(text) or {})[name]
    except (yaml.YAMLError, KeyError):
        return {}
    tasks = [
        {"name": task, **{_underscored(key): each for key, each in (said or {}).items()}}
        for task, said in spec["tasks"].items()
    ]
    told = {key: spec.get(key) for key in ("type", "description", "tags", "output")}
    return {**told, "tasks": tasks}


def problems(properties: kit.Values) -> kit.Problems:
    """What does not go together in the tasks, and in executions."""
    reverse = properties.get("type") == "reverse"
    params, tasks = properties.get("params"), properties.get("tasks")
    if reverse and not isinstance(params, kit.Unknown) and "task_name" not in (params or {}):
        yield "params", "a reverse workflow needs 'task_name', the task that it is to reach"
    for at, task in enumerate(tasks if isinstance(tasks, list) else ()):
        if isinstance(task, Mapping):
            yield from ((f"tasks.{at}.{key}", reason) for key, reason in _of_task(task, reverse=reverse))


def _of_task(task: kit.Fields, *, reverse: bool) -> kit.Problems:
    if task.get("action") is not None and task.get("workflow") is not None:
        yield "workflow", "a task has an action or a workflow, not both"
    if reverse:
        for key in FORWARD:
            if task.get(key):
                yield key, "in a reverse workflow tasks name those before, by 'requires'"
    elif task.get("requires"):
        yield "requires", "only tasks of a reverse workflow name those before"
