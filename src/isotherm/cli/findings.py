"""Shows diagnostics on the terminal, with the source that they speak of."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from isotherm.cli.sources import text_again
from isotherm.core.diagnostics import Diagnostic, InvalidDocument, Severity
from isotherm.template import SourceText


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with the text of the file it speaks of."""

    diagnostic: Diagnostic
    source: str
    file: str

    @property
    def place(self) -> tuple[int, int]:
        """Line and column; zeros where they are not known."""
        position = self.diagnostic.position
        return (position.line, position.column) if position else (0, 0)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """File by file as they come, each from top to bottom; what was found twice, once."""
    by_file: dict[str, list[Finding]] = {}
    told: set[tuple[str, tuple[int, int], str]] = set()
    for finding in findings:
        same = (finding.file, finding.place, finding.diagnostic.text)
        if same not in told:
            told.add(same)
            by_file.setdefault(finding.file, []).append(finding)
    return [each for found in by_file.values() for each in sorted(found, key=lambda f: f.place)]


def print_findings(findings: Sequence[Finding], *, err: bool = False) -> None:
    """Print them for people; to standard error if ``err``."""
    for index, (finding, source) in enumerate(_with_sources(findings)):
        if index:
            click.echo(err=err)
        for line in _lines(finding, source):
            click.echo(line, err=err, color=wanted_colour())


def print_mistakes(invalid: InvalidDocument, file: Path) -> None:
    """What is wrong with files, to standard error; findings without a place are about ``file``."""
    texts: dict[str, str] = {}
    found = []
    for each in invalid.diagnostics:
        name = each.position.file if each.position else str(file)
        if name not in texts:
            texts[name] = text_again(Path(name))
        found.append(Finding(each, texts[name], name))
    print_findings(in_order(found), err=True)


def print_summary(findings: Sequence[Finding], files: int) -> None:
    """One line that says what was found in so many files."""
    kinds = Counter(each.diagnostic.severity for each in findings)
    if not findings:
        click.echo(f"no problems in {_counted(files, 'file')}")
        return
    counted = [
        click.style(_counted(kinds[kind], kind.value), fg=_COLOURS[kind], bold=True)
        for kind in Severity
        if kinds[kind]
    ]
    bad = len({each.file for each in findings})
    click.echo(f"\n{', '.join(counted)} in {_counted(bad, 'file')}", color=wanted_colour())


def as_data(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The findings for programs; a place that is not known is null."""
    return [_as_data(finding, source) for finding, source in _with_sources(findings)]


def _as_data(finding: Finding, source: SourceText) -> dict[str, Any]:
    diagnostic, position = finding.diagnostic, finding.diagnostic.position
    end = source.end(position) if position else None
    return {
        "file": finding.file,
        "line": position.line if position else None,
        "column": position.column if position else None,
        "end_line": end[0] if end else None,
        "end_column": end[1] if end else None,
        "path": diagnostic.path,
        "severity": diagnostic.severity.value,
        "name": diagnostic.name,
        "error": diagnostic.error if diagnostic.severity is Severity.ERROR else "",
        "text": diagnostic.text,
        "hint": diagnostic.hint,
        "notes": [
            {
                "text": note.text,
                "file": note.position.file if note.position else None,
                "line": note.position.line if note.position else None,
                "column": note.position.column if note.position else None,
            }
            for note in diagnostic.notes
        ],
    }


def _with_sources(findings: Sequence[Finding]) -> Iterator[tuple[Finding, SourceText]]:
    sources: dict[str, SourceText] = {}
    for finding in findings:
        if finding.source not in sources:
            sources[finding.source] = SourceText(finding.source)
        yield finding, sources[finding.source]


def _lines(finding: Finding, source: SourceText) -> Iterator[str]:
    diagnostic = finding.diagnostic
    colour = _COLOURS[diagnostic.severity]
    where = click.style(str(diagnostic.position or finding.file), bold=True)
    name = f"[{diagnostic.name}]" if diagnostic.name else ""
    severity = click.style(f"{diagnostic.severity.value}{name}", fg=colour, bold=True)
    path = f" {diagnostic.path}:" if diagnostic.path else ""
    hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
    yield f"{where}: {severity}:{path} {_shortened(diagnostic.text)}{hint}"
    gutter = 1
    if shown := source.excerpt(diagnostic):
        gutter = len(str(shown.number))
        bar = click.style("|", fg="blue")
        number = click.style(str(shown.number), fg="blue")
        underline = click.style(shown.underline, fg=colour, bold=True)
        yield f"{number} {bar} {shown.line}"
        yield f"{' ' * gutter} {bar} {shown.before}{underline}"
    for note in diagnostic.notes:
        yield f"{' ' * gutter} {click.style('=', fg='blue')} {note}"


def _shortened(text: str) -> str:
    """A text that somebody can read, even if it quotes a megabyte."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


_LONGEST = 400
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def wanted_colour() -> bool | None:
    """Colours on a terminal only, and not where nobody wants them (https://no-color.org)."""
    return False if os.environ.get("NO_COLOR") else None


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
