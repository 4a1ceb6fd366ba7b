"""Shows diagnostics on the terminal, with the source that they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from isotherm.core.diagnostics import Diagnostic, Severity
from isotherm.template import excerpt


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with the text of the file it speaks of."""

    diagnostic: Diagnostic
    source: str
    file: str


def print_findings(findings: Sequence[Finding], *, err: bool = False) -> None:
    """Print them for people; to standard error if ``err``."""
    for finding in findings:
        diagnostic = finding.diagnostic
        where = diagnostic.position or finding.file
        colour = "red" if diagnostic.severity is Severity.ERROR else "yellow"
        severity = click.style(diagnostic.severity.value, fg=colour, bold=True)
        path = f" {diagnostic.path}:" if diagnostic.path else ""
        hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
        click.echo(f"{where}: {severity}:{path} {diagnostic.text}{hint}", err=err)
        if shown := excerpt(diagnostic, finding.source):
            click.echo(shown, err=err)
