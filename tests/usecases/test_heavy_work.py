"""Big sources: others are served while one is worked through."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.engine.heavy_work import worked_out
from isotherm.planning.dependencies import AllUnknown
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    QueryError,
    load_template,
    run_queries_by,
    run_query,
    try_bind,
)
from isotherm.usecases.outputs import outputs_in, show_output
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.preview import preview_create
from isotherm.usecases.stacks.show import show_stack
from isotherm.usecases.stacks.update import UpdateRequest
from isotherm.usecases.stacks.update_preview import preview_update
from isotherm.usecases.templates import TemplateRequest, check_template

HEAD = "heat_template_version: 2021-04-16\nresources:\n"
VALUE = (
    "  r{}: {{type: OS::Heat::Value, properties: {{value: [some, values, of, this, resource]}}}}\n"
)


async def turns_of_others(desk: Desk, resources: int) -> int:
    """How often the event loop comes round to others while a template is validated."""
    text = HEAD + "".join(VALUE.format(number) for number in range(resources))
    request = TemplateRequest(source=SourceRequest(template=text))
    validation = asyncio.create_task(check_template(desk.services, desk.caller, request))
    turns = 0
    while not validation.done():
        await asyncio.sleep(0)
        turns += 1
    await validation
    return turns


async def test_a_big_template_leaves_the_loop_to_others(desk: Desk) -> None:
    assert await turns_of_others(desk, 1000) > 100


async def test_a_small_template_is_not_worth_a_thread(desk: Desk) -> None:
    assert await turns_of_others(desk, 10) < 20


def test_outputs_share_one_limit() -> None:
    parameter = f"parameters: {{p: {{type: string, default: {'x' * 100_000}}}}}\n"
    value = f"{{value: [{', '.join(['{get_param: p}'] * 100)}]}}"
    source = f"heat_template_version: 2021-04-16\n{parameter}outputs: {{a: {value}, b: {value}}}"
    definition, _ = try_bind(load_template(source), EMPTY_ENVIRONMENT, files={})
    first, second = outputs_in(definition, AllUnknown())
    assert len(first.value) == 100
    assert second.value is None
    assert second.error == "All outputs together have more than 16777216 characters."


QUERY = {"yaql": {"expression": "$.data + 1", "data": {"get_param": "p"}}}
QUERIES = {
    "heat_template_version": "2021-04-16",
    "parameters": {"p": {"type": "number", "default": 1}},
    "conditions": {"c": {"yaql": {"expression": "$.data > 0", "data": {"get_param": "p"}}}},
    "resources": {
        "a": {"type": "OS::Heat::Value", "condition": "c", "properties": {"value": QUERY}}
    },
    "outputs": {"o": {"value": QUERY}},
}


@pytest.fixture
def threads() -> Iterator[list[threading.Thread]]:
    """Those in which queries run."""
    found: list[threading.Thread] = []

    def run(expression: str, data: Any) -> Any:
        found.append(threading.current_thread())
        return run_query(expression, data)

    run_queries_by(run)
    yield found
    run_queries_by(run_query)


async def test_no_request_waits_for_a_query_in_the_loop(
    desk: Desk, threads: list[threading.Thread]
) -> None:
    services, caller, source = desk.services, desk.caller, SourceRequest(template=QUERIES)
    await check_template(services, caller, TemplateRequest(source=source))
    request = CreateRequest(name="web", source=source)
    await preview_create(services, caller, request)
    stack = await create_stack(services, caller, request)
    await desk.settle(stack.id)
    await show_stack(services, caller, "web", stack.id)
    output = await show_output(services, caller, "web", stack.id, "o")
    assert output.value == 2
    await preview_update(services, caller, ("web", stack.id), UpdateRequest(source=source))
    assert len(threads) > 8
    assert threading.current_thread() not in threads


async def test_a_query_that_fails_is_told_at_its_place(
    desk: Desk, threads: list[threading.Thread]
) -> None:
    def refuse(expression: str, data: Any) -> Any:
        raise QueryError("the query takes too long, or too much memory")

    run_queries_by(refuse)
    request = TemplateRequest(source=SourceRequest(template=QUERIES))
    with pytest.raises(InvalidDocument, match=r"conditions\.c: the query takes too long"):
        await check_template(desk.services, desk.caller, request)


async def test_who_asks_for_much_waits_behind_himself() -> None:
    """One project has one piece of heavy work done at a time; others need not wait for it."""
    begun, going_on = threading.Event(), threading.Event()

    def long() -> None:
        begun.set()
        going_on.wait(60)

    first = [asyncio.create_task(worked_out(True, "greedy", long)) for _ in range(8)]
    await asyncio.to_thread(begun.wait)
    assert await worked_out(True, "modest", lambda: "done") == "done"
    assert not any(each.done() for each in first)
    going_on.set()
    await asyncio.gather(*first)
