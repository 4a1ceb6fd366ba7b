"""``isotherm plan``: what creating or updating a stack would do, without doing it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from isotherm.cli.bundle import Bundle
from isotherm.cli.disk_types import DiskTypes
from isotherm.cli.findings import print_mistakes, wanted_colour
from isotherm.cli.options import ENVIRONMENTS, PLUGINS, SOURCE, STACK, account_options
from isotherm.cli.sources import SourceError, read_environment, read_source
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import redact
from isotherm.kit.plugins import load_plugins
from isotherm.kit.registry import Registry
from isotherm.kit.template_type import with_templates
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Plan, Step
from isotherm.planning.planner import make_plan
from isotherm.sandbox import queries_apart
from isotherm.server.operator_environment import aliases_of
from isotherm.template import (
    NestedStack,
    PseudoParameters,
    StackDefinition,
    Tree,
    TreeLimits,
    check_tree,
    merge_environments,
    parse_template,
    told_once,
    try_bind,
)

_NOTHING, _CHANGES = 0, 2


def _parameters(
    context: click.Context, option: click.Parameter, given: Sequence[str]
) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    if wrong := [name for name, equals, _ in pairs if not equals or not name]:
        raise click.BadParameter(f"give NAME=VALUE, not {wrong[0]}")
    return {name: value for name, _, value in pairs}


@click.command()
@click.argument("template", type=SOURCE, required=False)
@ENVIRONMENTS
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_parameters,
    help="Value of a parameter; may be repeated, wins over environments.",
)
@click.option(
    "--stack", type=STACK, metavar="NAME", help="Plan an update of this stack; asks the service."
)
@click.option(
    "--existing",
    is_flag=True,
    help="With --stack: values that are not given stay as they are in the stack.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
@PLUGINS
@account_options
def plan(
    template: Path | None,
    environments: Sequence[Path],
    parameters: Mapping[str, str],
    stack: str | None,
    *,
    existing: bool,
    as_json: bool,
    plugin_folders: Sequence[Path],
    cloud: str | None,
    cloud_file: Path | None,
) -> None:
    """Show the steps that creating a stack from TEMPLATE takes, offline; with --stack what
    updating that stack would change.

    Each step of a creation names what it waits for; steps that wait for nothing common run in
    parallel. Templates that stand for types are read, relative to the template that names
    them, and their steps shown below.

    Of an update each changed resource is shown (+ created, ~ updated, -/+ replaced, -
    deleted) with old and new values of its properties, and what changes inside of it. Without
    TEMPLATE the stack keeps its own.

    Exits with 0, 1 for mistakes, 2 for wrong usage; with --stack with 0 if nothing changes, 1
    for mistakes, 2 if something changes, 3 if there is no such stack, 4 if the service cannot
    be reached.
    """
    _refuse_idle_options(stack, existing=existing, plugin_folders=plugin_folders)
    try:
        if stack is None:
            if template is None:
                raise click.UsageError("give a TEMPLATE, or --stack")
            types = load_plugins(plugin_folders).registry
            _show(_planned_offline(template, environments, parameters, types), as_json=as_json)
            return
        environment = read_environment(environments)
        bundle = Bundle(template, environment) if template else None
    except SourceError as error:
        raise (click.UsageError if stack is None else click.ClickException)(str(error)) from None
    except InvalidDocument as invalid:
        print_mistakes(invalid, template or Path("environment"))
        raise SystemExit(1) from None
    # Who plans offline need not wait for what talks to a service.
    from isotherm.cli.account import run_or_exit
    from isotherm.cli.stack_plan import described, planned_changes

    changes = run_or_exit(
        cloud,
        cloud_file,
        lambda account: planned_changes(account, stack, bundle, parameters, existing=existing),
    )
    if as_json:
        click.echo(json.dumps({"changes": changes}, indent=2))
    else:
        click.echo("\n".join(described(changes)), color=wanted_colour())
    sys.exit(_CHANGES if changes else _NOTHING)


def _refuse_idle_options(
    stack: str | None, *, existing: bool, plugin_folders: Sequence[Path]
) -> None:
    """Whoever gives an option expects it to count."""
    if stack is None and existing:
        raise click.UsageError("--existing goes with --stack")
    if stack is not None and plugin_folders:
        raise click.UsageError("--plugins is for planning offline: the service has its own types")


def _planned_offline(
    template: Path,
    environments: Sequence[Path],
    parameters: Mapping[str, str],
    types: Registry,
) -> _Planned:
    with queries_apart():
        return _plan(template, environments, parameters, types)


def _show(planned: _Planned, *, as_json: bool) -> None:
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


def _plan(
    file: Path, environments: Sequence[Path], parameters: Mapping[str, str], registry: Registry
) -> _Planned:
    template, found = parse_template(read_source(file), file=str(file))
    environment = merge_environments([aliases_of(registry), read_environment(environments)])
    given = {**environment.parameters, **parameters}
    environment = replace(environment, parameters=given)
    pseudo = PseudoParameters("stack-id", "stack", "region", "project")
    types = DiskTypes(registry, file.parent, environment)
    definition, mistakes = try_bind(
        template, environment, pseudo=pseudo, files=types.files, types=registry
    )
    found.extend(mistakes)
    tree, mistakes = check_tree(definition, types, TreeLimits(), pseudo=pseudo)
    found.extend(mistakes)
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
