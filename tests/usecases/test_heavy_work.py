"""Big sources: others are served while one is worked through."""

from __future__ import annotations

import asyncio

from tests.desk import Desk

from isotherm.planning.dependencies import AllUnknown
from isotherm.template import EMPTY_ENVIRONMENT, load_template, try_bind
from isotherm.usecases.outputs import outputs_in
from isotherm.usecases.sources import SourceRequest
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
