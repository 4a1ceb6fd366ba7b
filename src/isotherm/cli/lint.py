"""``isotherm lint``: all that is wrong with templates, without a service or a cloud."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from isotherm.cli.findings import Finding, print_findings
from isotherm.cli.linted_files import LintedFiles
from isotherm.cli.sources import SourceError, read_environment, read_source
from isotherm.core.diagnostics import InvalidDocument, Severity
from isotherm.kit.registry import load_registry


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

    Templates that stand for types are read and checked as well. Warnings tell of what is
    legal but probably not meant. Exits with 0 when there are no errors, 1 when there
    are, 2 when a file cannot be read.
    """
    try:
        findings = _lint(files, environments)
    except SourceError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps({"diagnostics": [_as_data(each) for each in findings]}, indent=2))
    else:
        print_findings(findings)
    errors = [f for f in findings if f.diagnostic.severity is Severity.ERROR]
    sys.exit(1 if errors else 0)


def _lint(files: Sequence[Path], environments: Sequence[Path]) -> list[Finding]:
    try:
        environment = read_environment(environments)
    except InvalidDocument as invalid:
        sources = {str(file): read_source(file) for file in environments}
        return [
            Finding(each, sources.get(file, ""), file)
            for each in invalid.diagnostics
            for file in [each.position.file if each.position else str(environments[-1])]
        ]
    linted = LintedFiles(load_registry())
    return [finding for file in files for finding in linted.look_at(file, environment)]


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
