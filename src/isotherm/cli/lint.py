"""``isotherm lint``: all that is wrong with templates, without a service or a cloud."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from isotherm.cli.findings import Finding, as_data, in_order, print_findings, print_summary
from isotherm.cli.linted_files import LintedFiles
from isotherm.cli.sources import SourceError
from isotherm.core.diagnostics import Severity
from isotherm.kit.registry import load_registry
from isotherm.sandbox import queries_apart
from isotherm.template import WARNINGS


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
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="NAME",
    type=click.Choice(list(WARNINGS)),
    help="Leave out warnings of this name; may be repeated.",
)
def lint(
    files: Sequence[Path], environments: Sequence[Path], as_json: bool, ignored: Sequence[str]
) -> None:
    """Check template FILES offline: every problem at once, with file, line and column.

    Templates that stand for types are read and checked as well. Warnings tell of what is
    legal but probably not meant. Exits with 0 when there are no errors, 1 when there
    are, 2 when a file cannot be read.
    """
    linted = LintedFiles(load_registry())
    try:
        with queries_apart():
            found = in_order(_findings(linted, files, environments))
    except SourceError as error:
        raise click.UsageError(str(error)) from None
    findings = [each for each in found if each.diagnostic.name not in ignored]
    if as_json:
        click.echo(json.dumps({"diagnostics": as_data(findings)}, indent=2))
    else:
        print_findings(findings)
        print_summary(findings, linted.count)
    sys.exit(any(each.diagnostic.severity is Severity.ERROR for each in findings))


def _findings(
    linted: LintedFiles, files: Sequence[Path], environments: Sequence[Path]
) -> list[Finding]:
    environment, found = linted.environment(environments)
    if found:
        return found  # Without it, templates would be found wrong that are not.
    for file in files:
        found += linted.look_at(file, environment)
        found += linted.look_through(file, environment, found)
    return found
