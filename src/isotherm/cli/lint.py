"""``isotherm lint``: all that is wrong with templates, without a service or a cloud."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from isotherm.cli.sources import SourceError, read_environment, read_files, read_source
from isotherm.core.diagnostics import Diagnostic, Diagnostics, InvalidDocument, Severity
from isotherm.kit.registry import Registry, load_registry
from isotherm.template import (
    Environment,
    PseudoParameters,
    bind,
    excerpt,
    load_template,
    validate,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with the text of the file it speaks of."""

    diagnostic: Diagnostic
    source: str
    file: str


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Environment file; may be repeated, later ones win.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
def lint(files: Sequence[Path], environments: Sequence[Path], as_json: bool) -> None:
    """Check template FILES offline: every problem at once, with file, line and column.

    Exits with 0 when there are no errors, 1 when there are, 2 when a file cannot be read.
    """
    try:
        environment = read_environment(environments)
        findings = list(_lint_all(files, environment))
    except SourceError as error:
        raise click.UsageError(str(error)) from None
    except InvalidDocument as invalid:
        findings = [Finding(each, "", "") for each in invalid.diagnostics]
    if as_json:
        click.echo(json.dumps({"diagnostics": [_as_data(each) for each in findings]}, indent=2))
    else:
        _print(findings)
    errors = [f for f in findings if f.diagnostic.severity is Severity.ERROR]
    sys.exit(1 if errors else 0)


def _lint_all(files: Sequence[Path], environment: Environment) -> Iterator[Finding]:
    types = load_registry()
    for file in files:
        source = read_source(file)
        for diagnostic in check(source, file, environment, types):
            yield Finding(diagnostic, source, str(file))


def check(source: str, file: Path, environment: Environment, types: Registry) -> Diagnostics:
    """All findings in one template. Parameters without a value are taken as unknown."""
    found = Diagnostics()
    try:
        template = load_template(source, file=str(file))
        definition = bind(
            template,
            environment,
            pseudo=PseudoParameters("stack-id", "stack", "region", "project"),
            files=read_files(template, file),
            complete=False,
        )
        found.extend(definition.locate(validate(definition, types)))
    except InvalidDocument as invalid:
        found.extend(invalid.diagnostics)
    return found


def _print(findings: Sequence[Finding]) -> None:
    for finding in findings:
        diagnostic = finding.diagnostic
        where = diagnostic.position or finding.file
        severity = diagnostic.severity.value
        colour = "red" if diagnostic.severity is Severity.ERROR else "yellow"
        path = f" {diagnostic.path}:" if diagnostic.path else ""
        hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
        click.echo(
            f"{where}: {click.style(severity, fg=colour, bold=True)}:{path} {diagnostic.text}{hint}"
        )
        if shown := excerpt(diagnostic, finding.source):
            click.echo(shown)


def _as_data(finding: Finding) -> dict[str, Any]:
    diagnostic, position = finding.diagnostic, finding.diagnostic.position
    return {
        "file": position.file if position else finding.file,
        "line": position.line if position else None,
        "column": position.column if position else None,
        "path": diagnostic.path,
        "severity": diagnostic.severity.value,
        "error": diagnostic.error,
        "text": diagnostic.text,
        "hint": diagnostic.hint,
    }
