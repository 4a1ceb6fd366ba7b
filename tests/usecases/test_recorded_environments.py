"""What a stack keeps of environments, asked of a running orchestration service; we answer alike.

A question is ``[name, request, answer]``; a request may name its template by index among
``templates``, and what follows it under ``updates`` (``method`` PATCH changes in part). The
answer tells what is shown after the create and after each update: the environment and the
parameters, or the type of the refusal under ``error``; ``broken`` says that the service
itself failed. A fourth item says of what kind a difference on purpose is;
docs/reference/differences.md explains them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RequestError
from isotherm.ports.records import Stack
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.show import show_environment, show_stack
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

RECORDED = Path(__file__).parent / "recorded" / "environments.json"
REASONS = Path(__file__).parents[2] / "docs" / "reference" / "differences.md"
_SOURCE = ("template", "environment", "files", "parameters")


async def answer(request: Mapping[str, Any]) -> Any:
    desk = Desk()
    try:
        creation = CreateRequest(name="stack", source=_source(request))
        stack = await create_stack(desk.services, desk.caller, creation)
    except (InvalidDocument, RequestError) as refused:
        return {"error": _error_type(refused)}
    shown = [await _shown(desk, stack)]
    for update in request.get("updates", ()):
        await desk.settle(stack.id)
        shown.append(await _updated(desk, stack, update))
    return shown


async def _updated(desk: Desk, stack: Stack, update: Mapping[str, Any]) -> dict[str, Any]:
    request = UpdateRequest(
        source=_source(update),
        existing=update.get("method") == "PATCH",
        clear_parameters=tuple(update.get("clear_parameters", ())),
    )
    try:
        await update_stack(desk.services, desk.caller, stack.name, stack.id, request)
    except (InvalidDocument, RequestError) as refused:
        return {"error": _error_type(refused)}
    return await _shown(desk, stack)


async def _shown(desk: Desk, stack: Stack) -> dict[str, Any]:
    address = (desk.services, desk.caller, stack.name, stack.id)
    parameters = (await show_stack(*address)).parameters
    return {
        "environment": await show_environment(*address),
        "parameters": {k: v for k, v in parameters.items() if not k.startswith(("OS::", "AWS::"))},
    }


def _source(request: Mapping[str, Any]) -> SourceRequest:
    given = {name: request[name] for name in _SOURCE if name in request}
    files = request.get("environment_files") or ()
    return SourceRequest(**given, environment_files=tuple(files))


def _error_type(refused: InvalidDocument | RequestError) -> str:
    if isinstance(refused, RequestError):
        return refused.error_type
    error = refused.diagnostics[0].error
    return "StackValidationFailed" if error == "EntityNotFound" else error


def _cases() -> Iterator[Any]:
    recorded = json.loads(RECORDED.read_text())
    for name, request, *rest in recorded["cases"]:
        if isinstance(index := request["template"], int):
            request["template"] = recorded["templates"][index]
        yield name, request, *rest


async def test_same_answers() -> None:
    different = []
    for name, request, expected, *purpose in _cases():
        got = json.loads(json.dumps(await answer(request)))
        broken = isinstance(expected, dict) and expected.get("broken")
        same = "error" in got if broken else got == expected
        if same is bool(purpose):
            different.append((name, expected, got))
    assert not different


def test_every_difference_is_explained() -> None:
    explained = REASONS.read_text()
    assert all(f"| {kind} |" in explained for *_, kind in (case for case in _cases() if case[3:]))
