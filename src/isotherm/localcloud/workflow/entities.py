"""What the workflow service stores. Objects inside of objects go over the wire as JSON text."""

import json
from typing import Annotated, Any

from isotherm.localcloud.cron import cron_pattern
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import said, shown
from isotherm.localcloud.kinds.checks import integer, or_none, text
from isotherm.localcloud.workflow.checks import first_time, json_object


def _json(value: Any) -> str:
    return json.dumps(value)


def _pattern(value: Any) -> str:
    try:
        return cron_pattern(value)
    except ValueError:
        raise ValueError(f"The specified pattern is not valid: {value}") from None


class Workflow(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    name: Annotated[str, shown()]
    namespace: Annotated[str, shown()] = ""
    definition: Annotated[str, shown()] = ""
    input: Annotated[str, shown()] = ""
    interface: dict[str, Any] = {}
    checksum: Annotated[str, shown()] = ""
    tags: Annotated[list[str], shown()] = []
    scope: Annotated[str, shown()] = "private"
    created_at: Annotated[float, shown(render=first_time.told)]
    updated_at: float | None = None


class Execution(Entity, kw_only=True, eq=False):
    """`context` is what its tasks have published so far."""

    project_id: Annotated[str, shown()]
    user_id: str = ""
    workflow_id: Annotated[str, shown()]
    workflow_name: Annotated[str, shown()]
    workflow_namespace: Annotated[str, shown()] = ""
    task_execution_id: Annotated[str | None, shown()] = None
    root_execution_id: Annotated[str | None, shown()] = None
    description: Annotated[str, shown()] = ""
    state: Annotated[str, shown()] = "RUNNING"
    state_info: Annotated[str | None, shown()] = None
    input: Annotated[dict[str, Any], shown(render=_json)] = {}
    output: dict[str, Any] = {}
    tags: Annotated[list[str], shown()] = []
    params: Annotated[dict[str, Any], shown(render=_json)] = {}
    context: dict[str, Any] = {}
    created_at: Annotated[float, shown(render=first_time.told)]
    updated_at: Annotated[float | None, shown(render=first_time.told)] = None


class Task(Entity, kw_only=True, eq=False):
    """`waits_for` counts the answers that have not come, `results` are those that have."""

    project_id: Annotated[str, shown()]
    execution_id: Annotated[str, shown(name="workflow_execution_id")]
    workflow_name: Annotated[str, shown()]
    workflow_namespace: Annotated[str, shown()] = ""
    name: Annotated[str, shown()]
    type: Annotated[str, shown()] = "ACTION"
    state: Annotated[str, shown()] = "RUNNING"
    state_info: Annotated[str | None, shown()] = None
    workflow_id: Annotated[str, shown()] = ""
    tags: Annotated[list[str], shown()] = []
    runtime_context: Annotated[dict[str, Any], shown(render=_json)] = {}
    processed: Annotated[bool, shown()] = True
    result: Any = None
    published: Annotated[dict[str, Any], shown(render=_json)] = {}
    attempts: int = 0
    results: list[Any] = []
    waits_for: int = 0
    created_at: Annotated[float, shown(render=first_time.told)]
    started_at: Annotated[float | None, shown(render=first_time.told)] = None
    finished_at: Annotated[float | None, shown(render=first_time.told)] = None
    updated_at: Annotated[float | None, shown(render=first_time.told)] = None


class CronTrigger(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    user_id: str = ""
    name: Annotated[str, said(text(1), required=True)]
    workflow_id: Annotated[str, said(text())] = ""
    workflow_name: Annotated[str, said(text())] = ""
    workflow_input: Annotated[dict[str, Any], said(json_object, render=_json)] = {}
    workflow_params: Annotated[dict[str, Any], said(json_object, render=_json)] = {}
    scope: Annotated[str, shown()] = "private"
    pattern: Annotated[str | None, said(or_none(_pattern))] = None
    first_execution_time: Annotated[
        float | None, said(or_none(first_time), render=first_time.told)
    ] = None
    remaining_executions: Annotated[int | None, said(or_none(integer(1)))] = None
    next_execution_time: Annotated[float | None, shown(render=first_time.told)] = None
    created_at: Annotated[float, shown(render=first_time.told)]
    updated_at: float | None = None
