"""``isotherm lint``: all that is wrong with templates, without a service or a cloud."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from isotherm.cli.findings import Finding, in_order, print_findings, print_summary
from isotherm.cli.linted_files import LintedFiles
from isotherm.cli.options import ENVIRONMENTS, PLUGINS, SOURCE
from isotherm.cli.report_formats import FORMATS
from isotherm.cli.sources import SourceError, templates_in
from isotherm.core.diagnostics import Severity
from isotherm.kit.plugins import load_plugins
from isotherm.sandbox import queries_apart
from isotherm.template import EXPLANATIONS, WARNINGS

_TEXT, _JSON = "text", "json"


def _explain(context: click.Context, option: click.Parameter, rule: str | None) -> None:
    if rule is not None:
        click.echo(f"{rule}: {WARNINGS[rule]}\n\n{EXPLANATIONS[rule]}")
        context.exit()


@click.command()
@click.argument("files", nargs=-1, required=True, type=SOURCE)
@ENVIRONMENTS
@click.option(
    "--format",
    "form",
    type=click.Choice([_TEXT, *FORMATS]),
    help="How to tell: for people, which is the default, or for programs.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="RULE",
    type=click.Choice(list(WARNINGS)),
    help="Leave out warnings of this rule; may be repeated.",
)
@click.option(
    "--explain",
    metavar="RULE",
    type=click.Choice(list(WARNINGS)),
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Say what a warning is about and what to do, and exit.",
)
@PLUGINS
def lint(
    files: Sequence[Path],
    environments: Sequence[Path],
    form: str | None,
    ignored: Sequence[str],
    plugin_folders: Sequence[Path],
    *,
    as_json: bool,
) -> None:
    """Check template FILES offline: every problem at once, with file, line and column.

    A folder stands for all templates below it, - for standard input. Templates that stand
    for types are read and checked as well. Warnings tell of what is legal but probably not
    meant.

    Exits with 0 when there are no errors, 1 when there are, 2 when a file cannot be read.
    """
    if as_json and form not in (None, _JSON):
        raise click.UsageError(f"--json and --format {form} are two ways to tell it: choose one")
    form = form or (_JSON if as_json else _TEXT)
    linted = LintedFiles(load_plugins(plugin_folders).registry)
    try:
        with queries_apart():
            found = in_order(_findings(linted, templates_in(files), environments))
    except SourceError as error:
        raise click.UsageError(str(error)) from None
    findings = [each for each in found if each.diagnostic.name not in ignored]
    if form == _TEXT:
        print_findings(findings)
        print_summary(findings, linted.count)
    elif told := FORMATS[form](findings):
        click.echo(told)
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
