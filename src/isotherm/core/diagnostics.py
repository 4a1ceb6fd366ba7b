"""Diagnostics: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum


class Severity(Enum):
    ERROR = "error"
    SLIP = "slip"
    """Surely not meant, but stacks run with it: the service takes it, lint calls it an error."""
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source text; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Note:
    """What else belongs to a finding: where it was reached from, where something stood before."""

    text: str
    position: Position | None = None

    def __str__(self) -> str:
        return f"{self.position}: {self.text}" if self.position else self.text


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    ``path`` is the dotted way into the document (``resources.web.properties.flavor``).
    ``error`` is the error name that API clients see as the fault's type.
    ``hint`` says what to do, in words that complete the text.
    ``name`` is the stable short name of a warning (``unused-parameter``).
    """

    text: str
    position: Position | None = None
    path: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    error: str = "StackValidationFailed"
    name: str = ""
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        parts = [str(self.position)] if self.position else []
        if self.path:
            parts.append(self.path)
        text = f"{self.text} ({self.hint})" if self.hint else self.text
        return ": ".join([*parts, text])


MOST_ERRORS = 300
"""Errors after which nobody looks for more; finding out what was meant takes time for each."""


@dataclass(slots=True)
class Diagnostics:
    """Collects findings, so that all problems of a document come at once."""

    _found: dict[Diagnostic, None] = field(default_factory=dict)
    _errors: int = 0

    def add(self, diagnostic: Diagnostic) -> None:
        """Raises ``InvalidDocument`` when there are more errors than anybody reads."""
        if diagnostic in self._found:
            return
        if diagnostic.severity is Severity.SLIP and len(self._found) > MOST_ERRORS:
            return  # nobody is refused for it, nobody reads more
        if diagnostic.severity is Severity.ERROR:
            self._errors += 1
            if self._errors > MOST_ERRORS:
                rest = Diagnostic(f"there are more mistakes than these {MOST_ERRORS - 1}")
                raise InvalidDocument([*self.errors[: MOST_ERRORS - 1], rest])
        self._found[diagnostic] = None

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    @property
    def found(self) -> list[Diagnostic]:
        return list(self._found)

    @property
    def errors(self) -> list[Diagnostic]:
        return [each for each in self._found if each.severity is Severity.ERROR]

    def strict(self) -> Diagnostics:
        """The same findings with slips as errors."""
        found = Diagnostics()
        try:
            found.extend(
                replace(each, severity=Severity.ERROR) if each.severity is Severity.SLIP else each
                for each in self
            )
        except InvalidDocument as many:
            found = Diagnostics()
            found.extend(many.diagnostics)
        return found

    def raise_errors(self) -> None:
        """Raise ``InvalidDocument`` if any finding is an error."""
        if self.errors:
            raise InvalidDocument(self.errors)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class InvalidDocument(Exception):
    """A template, environment or request was refused; carries every diagnostic."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(each) for each in diagnostics))
        self.diagnostics = tuple(diagnostics)
