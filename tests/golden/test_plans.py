"""Template → plan as stable text.

Each ``plans/NAME.yaml`` holds two or more templates as YAML documents: the first is
created on an empty stack, each further one updates what the one before left. The plans are
in ``plans/NAME.plan``; ``ISOTHERM_REWRITE_PLANS=1`` writes them anew, to be read in the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from isotherm.core.states import Status
from isotherm.kit.plugins import load_registry
from isotherm.kit.registry import Registry
from isotherm.planning.desired import Desired
from isotherm.planning.planner import make_plan
from isotherm.planning.removal import make_removal_plan
from isotherm.ports.records import Resource
from isotherm.template import PseudoParameters, bind, load_environment, load_template
from isotherm.testing.scene import Scene, play

FOLDER = Path(__file__).parent / "plans"
CASES = sorted(FOLDER.glob("*.yaml"))
REWRITE = bool(os.environ.get("ISOTHERM_REWRITE_PLANS"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_plans_are_as_they_were(case: Path) -> None:
    found = _plans([yaml.safe_dump(each) for each in yaml.safe_load_all(case.read_text())])
    golden = case.with_suffix(".plan")
    if REWRITE:
        golden.write_text(found)
    assert found == golden.read_text()


def test_every_plan_has_a_template() -> None:
    assert {each.stem for each in FOLDER.glob("*.plan")} == {each.stem for each in CASES}


def _plans(templates: list[str]) -> str:
    parts: list[str] = []

    async def scenario(scene: Scene) -> None:
        scene.types = Registry(dict(scene.types) | dict(load_registry()))
        stack_id = ""
        async with scene.worker():
            for number, template in enumerate(templates, start=1):
                rows = await scene.store.resources(stack_id) if stack_id else []
                parts.append(f"# template {number}\n{_plan(template, rows, scene.types)}\n")
                if stack_id:
                    await scene.update(stack_id, template)
                else:
                    stack_id = await scene.create(template)
                stack = await scene.settle(stack_id)
                assert stack.status is Status.COMPLETE, stack.status_reason
        rows = await scene.store.resources(stack_id)
        parts.append(f"# delete\n{_named(make_removal_plan(rows).describe(), rows)}\n")

    play(scenario)
    return "\n".join(parts)


def _plan(template: str, rows: list[Resource], types: Registry) -> str:
    pseudo = PseudoParameters(stack_id="id", stack_name="stack", region="", project_id="project")
    definition = bind(load_template(template), load_environment({}), pseudo=pseudo, files={})
    plan = make_plan(Desired.of(definition, types), rows)
    return _named(plan.describe(), rows) or "nothing to do"


def _named(text: str, rows: list[Resource]) -> str:
    """Rows by the names of their resources, as their ids are random; lists sorted anew."""
    for row in rows:
        text = text.replace(row.id, row.name)
    return "\n".join(_sorted_after(line) for line in text.splitlines())


def _sorted_after(line: str) -> str:
    head, mark, waits = line.rpartition("; after ")
    return f"{head}{mark}{', '.join(sorted(waits.split(', ')))}" if mark else line
