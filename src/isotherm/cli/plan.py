"""``isotherm plan``: what creating a stack from a template would do, without doing it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from isotherm.cli.disk_types import DiskTypes
from isotherm.cli.options import ENVIRONMENTS, SOURCE
from isotherm.cli.sources import SourceError, read_environment, read_source
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import redact
from isotherm.kit.registry import Registry, load_registry
from isotherm.kit.template_type import with_templates
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Plan, Step
from isotherm.planning.planner import make_plan
from isotherm.sandbox import queries_apart
from isotherm.template import (
    NestedStack,
    PseudoParameters,
    StackDefinition,
    Tree,
    TreeLimits,
    bind,
    check_tree,
    load_template,
    told_once,
)


@click.command()
@click.argument("template", type=SOURCE)
@ENVIRONMENTS
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
def plan(template: Path, environments: Sequence[Path], as_json: bool) -> None:
    """Show the steps that creating a stack from TEMPLATE takes, offline.

    Each step names what it waits for; steps that wait for nothing common run in parallel.
    Templates that stand for types are read, relative to the template that names them, and
    their steps shown below.
    """
    try:
        with queries_apart():
            planned = _plan(template, environments)
    except SourceError as error:
        raise click.UsageError(str(error)) from None
    except InvalidDocument as invalid:
        raise click.ClickException(str(invalid)) from None
    if as_json:
        click.echo(json.dumps(_as_data(planned), indent=2))
    else:
        click.echo("\n".join(_lines(planned)))


@dataclass(frozen=True, slots=True)
class _Planned:
    """The plan of a stack and those of the stacks nested in it, by resource."""

    plan: Plan
    nested: Mapping[str, tuple[str, _Planned]]
    """With the name of the template."""


def _plan(file: Path, environments: Sequence[Path]) -> _Planned:
    registry = load_registry()
    template = load_template(read_source(file), file=str(file))
    environment = read_environment(environments)
    pseudo = PseudoParameters("stack-id", "stack", "region", "project")
    types = DiskTypes(registry, file.parent, environment)
    definition = bind(template, environment, pseudo=pseudo, files=types.files, complete=False)
    tree, found = check_tree(definition, types, TreeLimits(), pseudo=pseudo)
    types.require_local()
    told_once(found).raise_errors()
    named = sorted({each.type for one in _definitions(tree) for each in one.resources.values()})
    return _planned(tree, with_templates(registry, types.templates_among(named)))


def _definitions(stack: Tree | NestedStack) -> Iterator[StackDefinition]:
    yield stack.definition
    for child in stack.children.values():
        yield from _definitions(child)


def _planned(stack: Tree | NestedStack, types: Registry) -> _Planned:
    nested = {
        name: (child.way.names[-1], _planned(child, types))
        for name, child in stack.children.items()
    }
    return _Planned(make_plan(Desired.of(stack.definition, types), ()), nested)


def _lines(planned: _Planned) -> Iterator[str]:
    yield from planned.plan.describe().splitlines()
    for name, (template, below) in planned.nested.items():
        yield f"inside {name} ({template}):"
        yield from (f"  {line}" for line in _lines(below))


def _as_data(planned: _Planned) -> dict[str, Any]:
    data: dict[str, Any] = {"steps": [_step(step) for step in planned.plan]}
    if planned.nested:
        data["nested"] = {
            name: {"template": template, **_as_data(below)}
            for name, (template, below) in planned.nested.items()
        }
    return data


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.key,
        "kind": step.kind.value,
        "resource": step.name,
        "type": step.type,
        "after": sorted(step.after),
        "changes": {name: redact(change.after) for name, change in step.changes.items()},
        "known_later": list(step.unknown),
        "reason": step.reason,
    }
