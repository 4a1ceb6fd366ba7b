"""How an execution goes on: which task comes when, and what becomes of its answer."""

from __future__ import annotations

import uuid
from typing import Any

from isotherm.localcloud.service import Transitions
from isotherm.localcloud.workflow import definitions
from isotherm.localcloud.workflow.actions import Failure, begin_action
from isotherm.localcloud.workflow.entities import Execution, Task
from isotherm.localcloud.workflow.expressions import ExpressionError, evaluate
from isotherm.localcloud.workflow.state import Workflows

RUNNING, SUCCESS, ERROR, PAUSED = "RUNNING", "SUCCESS", "ERROR", "PAUSED"
ENDED = frozenset({SUCCESS, ERROR, "CANCELLED"})
Spec = dict[str, Any]

transitions = Transitions[Workflows]()


def spec_of(workflows: Workflows, execution: Execution) -> Spec | None:
    workflow = workflows.workflows.get(execution.workflow_id)
    return workflows.spec(workflow) if workflow else None


@transitions.on("execution.start")
def start(workflows: Workflows, execution: Execution, args: dict[str, Any]) -> None:
    spec = spec_of(workflows, execution)
    if spec is None:
        end(workflows, execution, ERROR, "Workflow not found")
        return
    execution.context = dict(execution.input)
    try:
        execution.context |= _value(workflows, execution, spec.get("vars") or {})
    except ExpressionError as error:
        end(workflows, execution, ERROR, str(error))
        return
    for name in definitions.starts(spec, execution.params):
        _make(workflows, execution, spec, name)


@transitions.on("execution.fail")
def fail(workflows: Workflows, execution: Execution, args: dict[str, Any]) -> None:
    end(workflows, execution, args["state"], args["message"])


@transitions.on("task.begin")
def begin(workflows: Workflows, task: Task, args: dict[str, Any]) -> None:
    """Its actions, or its workflow; once for each of its items."""
    execution = workflows.executions.get(task.execution_id)
    spec = spec_of(workflows, execution) if execution else None
    if execution is None or spec is None or execution.state != RUNNING or task.state != RUNNING:
        return
    described = spec["tasks"][task.name] or {}
    task.attempts, task.results = task.attempts + 1, []
    task.started_at = task.started_at or workflows.now()
    try:
        items = _items(workflows, execution, described)
    except ExpressionError as error:
        complete(workflows, task, Failure(str(error)))
        return
    task.waits_for = len(items)
    workflows.tasks.save(task)
    if not items:
        complete(workflows, task, [])
    for item in items:
        try:
            _call(workflows, execution, task, described, item)
        except ExpressionError as error:
            answer(workflows, task.id, Failure(str(error)))


def _items(workflows: Workflows, execution: Execution, task: Spec) -> list[dict[str, Any]]:
    """Names and values of each item; one without any where the task is done but once."""
    said = task.get("with-items")
    if said is None:
        return [{}]
    found: list[dict[str, Any]] = []
    for each in [said] if isinstance(said, str) else said:
        name, _, expression = str(each).partition(" in ")
        values = _value(workflows, execution, expression.strip()) or []
        for at, value in enumerate(values):
            if at == len(found):
                found.append({})
            found[at][name.strip()] = value
    return found


def _call(
    workflows: Workflows, execution: Execution, task: Task, described: Spec, item: dict[str, Any]
) -> None:
    if "workflow" in described:
        name = str(_value(workflows, execution, described["workflow"], item))
        given = _value(workflows, execution, described.get("input") or {}, item)
        _begin_below(workflows, execution, task, (name, given))
        return
    name, given = definitions.action_of(described)
    name = str(_value(workflows, execution, name, item))
    begin_action(
        workflows,
        name,
        _value(workflows, execution, given, item),
        lambda result: answer(workflows, task.id, result),
    )


def _begin_below(
    workflows: Workflows, execution: Execution, task: Task, wish: tuple[str, dict[str, Any]]
) -> None:
    name, given = wish
    workflow = workflows.named(execution.project_id, name)
    if workflow is None:
        answer(workflows, task.id, Failure(f"Workflow not found [name={name}]"))
        return
    env = {"env": execution.params["env"]} if "env" in execution.params else {}
    below = workflows.executions.add(
        Execution(
            project_id=execution.project_id,
            user_id=execution.user_id,
            workflow_id=workflow.id,
            workflow_name=workflow.name,
            task_execution_id=task.id,
            root_execution_id=execution.root_execution_id or execution.id,
            input=given,
            params=env,
            created_at=workflows.now(),
        )
    )
    start(workflows, below, {})


def answer(workflows: Workflows, task_id: str, result: Any) -> None:
    """One of the answers that a task waits for."""
    task = workflows.tasks.get(task_id)
    if task is None or task.state != RUNNING:
        return
    if isinstance(result, Failure):
        complete(workflows, task, result)
        return
    task.results.append(result)
    task.waits_for -= 1
    workflows.tasks.save(task)
    if task.waits_for <= 0:
        execution = workflows.executions.get(task.execution_id)
        spec = spec_of(workflows, execution) if execution else None
        many = spec is not None and "with-items" in (spec["tasks"][task.name] or {})
        complete(workflows, task, task.results if many else task.results[0])


def complete(workflows: Workflows, task: Task, result: Any) -> None:
    execution = workflows.executions.get(task.execution_id)
    spec = spec_of(workflows, execution) if execution else None
    if execution is None or spec is None:
        return
    failed, described = isinstance(result, Failure), spec["tasks"][task.name] or {}
    retry = definitions.setting(spec, described, "retry") or {}
    if failed and task.attempts <= int(retry.get("count", 0)):
        workflows.schedule("task.begin", task, after=float(retry.get("delay", 0)))
        return
    reason = result.told(_action_id(task)) if failed else None
    task.state, task.result = (ERROR, reason) if failed else (SUCCESS, result)
    task.state_info = reason
    task.updated_at = task.finished_at = workflows.now()
    try:
        published = described.get("publish-on-error" if failed else "publish") or {}
        task.published = _value(workflows, execution, published, task=task)
        execution.context |= task.published
        workflows.tasks.save(task)
        wait = float(definitions.setting(spec, described, "wait-after") or 0)
        workflows.schedule("task.follow", task, after=wait) if wait else follow(workflows, task, {})
    except ExpressionError as error:
        workflows.tasks.save(task)
        end(workflows, execution, ERROR, str(error))


@transitions.on("task.follow")
def follow(workflows: Workflows, task: Task, args: dict[str, Any]) -> None:
    execution = workflows.executions.get(task.execution_id)
    spec = spec_of(workflows, execution) if execution else None
    if execution is None or spec is None or execution.state != RUNNING:
        return
    if spec.get("type") == "reverse":
        _follow_backwards(workflows, execution, spec, task)
    elif not _follow_forwards(workflows, execution, spec, task):
        return
    _close(workflows, execution, spec)


def _follow_forwards(workflows: Workflows, execution: Execution, spec: Spec, task: Task) -> bool:
    """Begin what follows; whether the execution goes on."""
    described = spec["tasks"][task.name] or {}
    events = ("on-success" if task.state == SUCCESS else "on-error", "on-complete")
    targets = [each for event in events for each in definitions.followers(spec, described, event)]
    if task.state == ERROR and not targets:
        end(workflows, execution, ERROR, _cause(task))
        return False
    for name, condition in targets:
        if not _value(workflows, execution, condition):
            continue
        if name in ("fail", "succeed", "pause"):
            state = {"fail": ERROR, "succeed": SUCCESS, "pause": PAUSED}[name]
            end(workflows, execution, state, f"Workflow was told to {name} by task {task.name}")
            return False
        if name != "noop" and _may_begin(workflows, execution, spec, name):
            _make(workflows, execution, spec, name)
    return True


def _action_id(task: Task) -> str:
    return str(uuid.uuid5(uuid.UUID(task.id), "action"))


def _cause(task: Task) -> str:
    info, where = task.state_info, f"[action_ex_id={_action_id(task)}, idx=0]"
    told = f"  {task.name} [task_ex_id={task.id}] -> {info}\n    {where}: {info}\n"
    return f"Failure caused by error in tasks: {task.name}\n\n{told}"


def _may_begin(workflows: Workflows, execution: Execution, spec: Spec, name: str) -> bool:
    """A task that joins begins once, when enough have come."""
    join = (spec["tasks"][name] or {}).get("join")
    if join is None:
        return True
    held = workflows.tasks.find(execution_id=execution.id)
    if any(each.name == name for each in held):
        return False
    before = definitions.arrivals(spec, name)
    came = sum(any(each.name == other and each.state in ENDED for each in held) for other in before)
    return came >= (len(before) if join == "all" else 1 if join == "one" else int(join))


def _follow_backwards(workflows: Workflows, execution: Execution, spec: Spec, task: Task) -> None:
    if task.state == ERROR:
        end(workflows, execution, ERROR, _cause(task))
        return
    held = workflows.tasks.find(execution_id=execution.id)
    done = {each.name for each in held if each.state == SUCCESS}
    begun = {each.name for each in held}
    for name in definitions.required(spec, execution.params["task_name"]):
        needs = set((spec["tasks"][name] or {}).get("requires") or ())
        if name not in begun and needs <= done:
            _make(workflows, execution, spec, name)


def _make(workflows: Workflows, execution: Execution, spec: Spec, name: str) -> None:
    described = spec["tasks"][name] or {}
    task = workflows.tasks.add(
        Task(
            project_id=execution.project_id,
            execution_id=execution.id,
            workflow_id=execution.workflow_id,
            workflow_name=execution.workflow_name,
            name=name,
            type="WORKFLOW" if "workflow" in described else "ACTION",
            created_at=workflows.now(),
        )
    )
    wait = float(definitions.setting(spec, described, "wait-before") or 0)
    if limit := float(definitions.setting(spec, described, "timeout") or 0):
        workflows.schedule("task.expire", task, after=wait + limit)
    workflows.schedule("task.begin", task, after=wait)


@transitions.on("task.expire")
def expire(workflows: Workflows, task: Task, args: dict[str, Any]) -> None:
    if task.state == RUNNING:
        complete(workflows, task, Failure("Task timed out"))


def _close(workflows: Workflows, execution: Execution, spec: Spec) -> None:
    """The execution ends when no task is left."""
    held = workflows.tasks.find(execution_id=execution.id)
    if execution.state != RUNNING or any(each.state not in ENDED for each in held):
        return
    end(workflows, execution, SUCCESS, None)


def end(workflows: Workflows, execution: Execution, state: str, info: str | None) -> None:
    spec = spec_of(workflows, execution) or {}
    execution.state, execution.state_info = state, info if state != SUCCESS else None
    execution.updated_at = workflows.now()
    try:
        said = spec.get("output-on-error" if state == ERROR else "output") or {}
        execution.output = _value(workflows, execution, said)
    except ExpressionError as error:
        execution.state, execution.state_info = ERROR, str(error)
    if state in (ERROR, "CANCELLED"):
        execution.output.setdefault("result", execution.state_info)
    workflows.executions.save(execution)
    if execution.task_execution_id and execution.state in ENDED:
        failed = Failure(execution.state_info or "Sub-workflow failed")
        told = execution.output if execution.state == SUCCESS else failed
        answer(workflows, execution.task_execution_id, told)


def _value(
    workflows: Workflows,
    execution: Execution,
    said: Any,
    item: dict[str, Any] | None = None,
    *,
    task: Task | None = None,
) -> Any:
    """What is said, evaluated where the execution stands. Raises ExpressionError."""
    held = {each.name: each for each in workflows.tasks.find(execution_id=execution.id)}

    def task_of(name: str | None = None) -> dict[str, Any]:
        found = held.get(name) if name else task
        if found is None:
            return {}
        return {"name": found.name, "state": found.state, "result": found.result, "id": found.id}

    def env() -> dict[str, Any]:
        return dict(execution.params.get("env") or {})

    def described() -> dict[str, Any]:
        return {"id": execution.id, "input": execution.input, "name": execution.workflow_name}

    results = {each.name: each.result for each in held.values() if each.state == SUCCESS}
    data = {**results, **execution.context, **(item or {})}
    return evaluate(said, data, {"task": task_of, "env": env, "execution": described})
