"""``isotherm plan``: what creating a stack from a template would do, without doing it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from isotherm.cli.sources import SourceError, read_environment, read_files, read_source
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import redact
from isotherm.kit.registry import load_registry
from isotherm.planning.plan import Plan, Step
from isotherm.planning.planner import make_plan
from isotherm.template import PseudoParameters, bind, load_template, validate


@click.command()
@click.argument("template", type=click.Path(path_type=Path))
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Environment file; may be repeated, later ones win.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
def plan(template: Path, environments: Sequence[Path], as_json: bool) -> None:
    """Show the steps that creating a stack from TEMPLATE takes, offline.

    Each step names what it waits for; steps that wait for nothing common run in parallel.
    """
    try:
        made = _make(template, environments)
    except SourceError as error:
        raise click.UsageError(str(error)) from None
    except InvalidDocument as invalid:
        raise click.ClickException(str(invalid)) from None
    if as_json:
        click.echo(json.dumps({"steps": [_as_data(step) for step in made]}, indent=2))
    else:
        click.echo(made.describe())


def _make(file: Path, environments: Sequence[Path]) -> Plan:
    types = load_registry()
    template = load_template(read_source(file), file=str(file))
    definition = bind(
        template,
        read_environment(environments),
        pseudo=PseudoParameters("stack-id", "stack", "region", "project"),
        files=read_files(template, file),
        complete=False,
    )
    validate(definition, types).raise_errors()
    return make_plan(definition, (), types)


def _as_data(step: Step) -> dict[str, Any]:
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
