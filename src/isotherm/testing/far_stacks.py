"""Another orchestration service, simulated: stacks that take time and fail on demand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

from isotherm.core.clock import Clock
from isotherm.core.errors import Conflict, Exists, Gone, Lost, RemoteError
from isotherm.kit.connection import Reply, Request

FAILING = "fail"
"""A parameter; where it is true, what is done with the stack fails."""


class Struck(Protocol):
    """What a fault does to a call that was let through."""

    @property
    def error(self) -> RemoteError | None: ...


Answer = Callable[[str, str], Awaitable[Struck | None]]


@dataclass
class FarStacks:
    """``answer`` takes the time of a call and strikes with what was injected for its operation:
    ``far.create``, ``far.update``, ``far.delete``, ``far.show``, ``far.list``, and the names of
    actions. ``working`` is how long an action takes; with ``late`` it shows only so many seconds
    after it was asked for. Outputs are the parameters; one that is null has an error instead.
    """

    clock: Clock
    answer: Answer
    working: float = 3.0
    late: float = 0.0
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int = 0

    async def send(self, request: Request) -> Reply:
        path, _, query = request.path.partition("?")
        parts = [unquote(each) for each in path.strip("/").split("/")]
        match request.method, parts:
            case "GET", ["stacks"]:
                await self.answer("far.list", "")
                wanted = dict(parse_qsl(query)).get("name")
                found = [self._seen(each) for each in self.stacks.values()]
                return Reply({"stacks": [e for e in found if wanted in (None, e["stack_name"])]})
            case "POST", ["stacks"]:
                return await self._create(request.body)
            case "GET", ["stacks", name, stack_id]:
                await self.answer("far.show", name)
                return Reply({"stack": self._seen(self._found(name, stack_id, deleted=True))})
            case "PUT", ["stacks", name, stack_id]:
                return await self._do("far.update", name, stack_id, "UPDATE", request.body)
            case "DELETE", ["stacks", name, stack_id]:
                return await self._do("far.delete", name, stack_id, "DELETE")
            case "POST", ["stacks", name, stack_id, "actions"]:
                (action,) = request.body
                return await self._do(f"far.{action}", name, stack_id, action.upper())
            case _, ["stacks", name, stack_id, "snapshots", *more]:
                fault = await self.answer("far.snapshot", name)
                stack = self._found(name, stack_id)
                told = self._snapshots(stack, request.method, more, request.body)
                self._raise(fault)
                return Reply(told)
        raise Lost(f"the other service has no {request.method} {path}")

    def live(self) -> list[dict[str, Any]]:
        """What exists now."""
        seen = [self._seen(each) for each in self.stacks.values()]
        return [each for each in seen if each["stack_status"] != "DELETE_COMPLETE"]

    def vanish(self, stack_id: str) -> None:
        """Somebody has removed it."""
        self.stacks[stack_id]["stack_status"] = "DELETE_COMPLETE"
        self.stacks[stack_id]["_steps"] = []

    async def _create(self, body: Mapping[str, Any]) -> Reply:
        name = str(body["stack_name"])
        fault = await self.answer("far.create", name)
        if any(each["stack_name"] == name for each in self.live()):
            raise Exists(f"The Stack ({name}) already exists.", status=409)
        self.made += 1
        stack: dict[str, Any] = {
            "id": f"far-{self.made}",
            "stack_name": name,
            "stack_status": "CREATE_IN_PROGRESS",
            "stack_status_reason": "",
            "updated_time": None,
            "_steps": [],
        }
        self.stacks[stack["id"]] = stack
        self._begin(stack, "CREATE", body)
        self._raise(fault)
        return Reply({"stack": {"id": stack["id"]}})

    async def _do(
        self,
        operation: str,
        name: str,
        stack_id: str,
        action: str,
        body: Mapping[str, Any] | None = None,
    ) -> Reply:
        fault = await self.answer(operation, name)
        stack = self._found(name, stack_id)
        status = self._seen(stack)["stack_status"]
        if status.endswith("IN_PROGRESS") and action not in ("UPDATE", "DELETE"):
            raise Conflict(f"Stack {name} already has an action in progress.", status=409)
        self._begin(stack, action, body)
        self._raise(fault)
        return Reply()

    def _snapshots(
        self, stack: dict[str, Any], method: str, more: Sequence[str], body: Any
    ) -> dict[str, Any]:
        kept: dict[str, dict[str, Any]] = stack.setdefault("_snapshots", {})
        match method, list(more):
            case "GET", []:
                return {"snapshots": [{"id": i, "name": e["name"]} for i, e in kept.items()]}
            case "POST", []:
                number = f"{stack['id']}-snapshot-{len(kept) + 1}"
                kept[number] = {"name": body["name"], "body": stack["_body"]}
                self._begin(stack, "SNAPSHOT", None)
                return {"id": number}
            case "POST", [number, "restore"] if number in kept:
                self._begin(stack, "RESTORE", kept[number]["body"])
                return {}
            case "DELETE", [number] if number in kept:
                del kept[number]
                return {}
        raise Gone("there is no such snapshot", status=404)

    def _begin(self, stack: dict[str, Any], action: str, body: Mapping[str, Any] | None) -> None:
        if body is not None:
            stack["_body"] = body
        given = stack["_body"]["environment"].get("parameters", {})
        fails = action != "DELETE" and given.get(FAILING)
        now = self.clock.monotonic()
        status = f"{action}_{'FAILED' if fails else 'COMPLETE'}"
        begin = now + (0.0 if action == "CREATE" else self.late)
        stack["_steps"] = [
            (begin, {"stack_status": f"{action}_IN_PROGRESS", "updated_time": self._time()}),
            (
                begin + self.working,
                {
                    "stack_status": status,
                    "stack_status_reason": "a thing would not" if fails else "done",
                    "outputs": [] if fails else [_output(*each) for each in given.items()],
                },
            ),
        ]

    def _seen(self, stack: dict[str, Any]) -> dict[str, Any]:
        now = self.clock.monotonic()
        while stack["_steps"] and stack["_steps"][0][0] <= now:
            stack.update(stack["_steps"].pop(0)[1])
        return {key: value for key, value in stack.items() if not key.startswith("_")}

    def _found(self, name: str, stack_id: str, *, deleted: bool = False) -> dict[str, Any]:
        stack = self.stacks.get(stack_id)
        if stack is not None and stack["stack_name"] == name:
            gone = self._seen(stack)["stack_status"] == "DELETE_COMPLETE"
            if deleted or not gone:
                return stack
        raise Gone(f"The Stack ({name}) could not be found.", status=404)

    def _time(self) -> str:
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _raise(self, fault: Struck | None) -> None:
        if fault is not None and fault.error is not None:
            raise fault.error


def _output(name: str, value: Any) -> dict[str, Any]:
    error = {} if value is not None else {"output_error": f"{name} has no value"}
    return {"output_key": name, "output_value": value, **error}
