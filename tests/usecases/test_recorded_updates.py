"""What becomes of parameters in an update; a running orchestration service was asked the same.

The file holds ``[name, existing, created, change, answer]``: a stack is made of ``created`` and
updated with ``change``, keeping what is not mentioned if ``existing``. The answer names the
type of the refusal, or what is shown of the parameters then. A sixth item says of what kind
a difference is; docs/reference/differences.md explains them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RequestError
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.show import show_environment, show_stack
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

CASES = json.loads((Path(__file__).parent / "recorded_updates.json").read_text())
EXPLAINED = Path(__file__).parents[2] / "docs" / "reference" / "differences.md"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
async def test_same_parameters(desk: Desk, case: Any) -> None:
    _, existing, created, change, expected, *purpose = case
    got = await answer(desk, existing, created, change)
    assert (got == expected) is not bool(purpose)


def test_every_difference_is_explained() -> None:
    explained = EXPLAINED.read_text()
    assert all(f"| {kind} |" in explained for *_, kind in (case for case in CASES if case[5:]))


async def answer(desk: Desk, existing: bool, created: Any, change: Any) -> dict[str, Any]:
    made = CreateRequest(name="web", source=SourceRequest(**created))
    stack = await create_stack(desk.services, desk.caller, made)
    await desk.settle(stack.id)
    cleared = tuple(change.get("clear_parameters", ()))
    said = {key: each for key, each in change.items() if key != "clear_parameters"}
    request = UpdateRequest(
        source=SourceRequest(**said), existing=existing, clear_parameters=cleared
    )
    try:
        await update_stack(desk.services, desk.caller, "web", stack.id, request)
    except InvalidDocument as refused:
        error = refused.diagnostics[0].error
        return {"error": "StackValidationFailed" if error == "EntityNotFound" else error}
    except RequestError as refused:
        return {"error": "HTTP" + type(refused).__name__}
    shown = await show_stack(desk.services, desk.caller, "web", stack.id)
    environment = await show_environment(desk.services, desk.caller, "web", stack.id)
    names = [name for name in shown.parameters if not name.startswith("OS::")]
    return {
        "parameters": {name: shown.parameters[name] for name in names},
        "given": environment["parameters"],
        "defaults": environment["parameter_defaults"],
    }
