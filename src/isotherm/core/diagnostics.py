"""Diagnostics: what is wrong, where, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Severity(Enum):
    ERROR = "error"
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


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, or an empty string."""
    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else ""


def near_or_all(word: str, known: Collection[str]) -> str:
    """The nearest of the known words; if none is near, a few of them or all."""
    if hint := suggest(word, known):
        return hint
    listed = [*known][:_MOST_LISTED]
    more = " …" if len(known) > _MOST_LISTED else ""
    return f"one of {', '.join(map(str, listed))}{more}" if listed else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that ``word`` looks most like; empty if none is near.

    Case, hyphens and underscores count for nothing: ``dependsOn`` is ``depends_on``.
    """
    candidates = list(map(str, known))
    if len(candidates) > _MANY:
        candidates = _beginning_alike(word, candidates)
    plain = _plain(word)
    spellings = {_plain(each): each for each in candidates}
    if plain in spellings:
        return spellings[plain]
    near = difflib.get_close_matches(plain, spellings, n=1, cutoff=0.6)
    return spellings[near[0]] if near else ""


def _plain(word: str) -> str:
    return word[:_LONGEST].casefold().replace("_", "").replace("-", "")


def _beginning_alike(word: str, known: list[str]) -> list[str]:
    """Some of those that share the longest beginning with ``word``: comparing them all is dear."""
    alike = [each for each in known if each.startswith(word[:_FIRST])]
    for length in range(_FIRST + 1, min(len(word), _LONGEST) + 1):
        closer = [each for each in alike if each.startswith(word[:length])]
        if len(alike) <= _FEW or not closer:
            break
        alike = closer
    return alike[:_FEW]


_MOST_LISTED = 12
_LONGEST = 100
"""Characters of a word that are compared; nobody misspells longer names."""
_MANY = 400
"""Where there are more to choose from, so many of them are compared:"""
_FEW = 30
_FIRST = 3
