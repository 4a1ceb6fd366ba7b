"""A document as read: plain data, and where each part of it stands in the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from isotherm.core.diagnostics import Diagnostic, Diagnostics, Note, Position, Severity

Step = str | int
Path = tuple[Step, ...]


class Mark(NamedTuple):
    """Where a node starts (line and column from 1), with the marks of what it contains.

    ``children`` is a list for a list; for a map it gives for every key the
    place of the key and the mark of the value; None for a scalar.
    """

    line: int
    column: int
    children: Any = None


class Entry(NamedTuple):
    """A key of a map: its own place, and the mark of its value."""

    line: int
    column: int
    value: Mark


def dotted(path: Iterable[Step]) -> str:
    return ".".join(str(step) for step in path)


ReadMark = Callable[[], Mark | None]


def _no_mark() -> None:
    return None


@dataclass(frozen=True)
class Document:
    """``data`` is JSON-like; ``read_mark`` finds the places of its parts in the source."""

    data: dict[str, Any]
    file: str
    size: int = 0
    read_mark: ReadMark = field(default=_no_mark, repr=False, compare=False)
    moved: Mapping[Path, Path] = field(default_factory=dict, repr=False, compare=False)
    """Where parts that something made of the document stand in its text."""
    slips: tuple[Diagnostic, ...] = field(default=(), repr=False, compare=False)
    """What was surely not meant in its text, and was read nevertheless."""

    @cached_property
    def mark(self) -> Mark | None:
        """None when the document came as parsed data."""
        return self.read_mark()

    def at(self, path: Path) -> Any:
        """The data at ``path``; raises LookupError where there is none."""
        data: Any = self.data
        for step in path:
            data = data[step]
        return data

    def rename(self, path: Path, members: dict[str, Any], old: str, new: str) -> None:
        """Reads a misspelt key of ``members``, the map at ``path``, as the one that is meant.

        That is for documents that are refused anyway: what else is wrong is found then. The map
        may have been made of a part of the text, so that it is not in ``data`` itself.
        """
        mark = self.mark
        for step in self._written(path) if self.moved else path:
            child = _child(mark.children, step) if mark else None
            mark = child.value if isinstance(child, Entry) else child
        _rename(members, old, new)
        if mark:
            _rename(mark.children, old, new)

    def position(self, path: Path, *, key: bool = False) -> Position | None:
        """The place of the value at ``path`` (of its key, if asked), or of the nearest parent.

        A value that begins on a later line than its key is shown by its key: its own
        beginning is that of its first part.
        """
        mark: Mark | Entry | None = self.mark
        if mark is None:
            return None
        place: Mark | Entry = mark
        for step in self._written(path) if self.moved else path:
            node = place.value if isinstance(place, Entry) else place
            child = _child(node.children, step)
            if child is None:
                return self._at(node if not isinstance(place, Entry) else place)
            place = child
        if isinstance(place, Entry) and not key and place.value.line == place.line:
            place = place.value
        return self._at(place)

    def position_of(self, text_path: str, *, key: bool = False) -> Position | None:
        """The place of a dotted path, whose names may contain dots themselves.

        What is not there is shown by the key of the nearest parent.
        """
        path, complete = self._split(text_path)
        return self.position(path, key=key or not complete)

    def _written(self, path: Path) -> Path:
        """The way in the text to what a path leads to."""
        for length in range(len(path), 0, -1):
            if origin := self.moved.get(path[:length]):
                return self._written((*origin, *path[length:]))
        return path

    def _at(self, place: Mark | Entry) -> Position:
        return Position(self.file, place.line, place.column)

    def _split(self, text_path: str) -> tuple[Path, bool]:
        """The steps of a path as far as they exist, and whether all do."""
        words, steps, data = text_path.split("."), list[Step](), self.data
        at: Any = data
        while words:
            for length in range(len(words), 0, -1):
                name = ".".join(words[:length])
                step: Step = int(name) if isinstance(at, list) and name.isdecimal() else name
                if _has(at, step):
                    at = at[step]
                    steps.append(step)
                    del words[:length]
                    break
            else:
                break
        return tuple(steps), not words


def _rename(members: dict[str, Any], old: str, new: str) -> None:
    if old in members:  # An alias may have brought the same map before.
        members[new] = members.pop(old)


def _child(children: Any, step: Step) -> Mark | Entry | None:
    if isinstance(children, dict):
        return children.get(step)
    if isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
        mark: Mark = children[step]
        return mark
    return None


def _has(value: Any, step: Step) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


class Findings:
    """Collects diagnostics about one document and gives each its position."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.diagnostics = Diagnostics()
        self.diagnostics.extend(document.slips)

    def add(
        self,
        path: Path,
        text: str,
        *,
        hint: str = "",
        error: str = "StackValidationFailed",
        key: bool = False,
        shown: Path | None = None,
        warning: str = "",
        slip: bool = False,
        notes: tuple[Note, ...] = (),
    ) -> Diagnostic:
        """``shown`` is the path that people see, where it is not the exact one; a ``warning``
        has its short name."""
        severity = Severity.SLIP if slip else Severity.WARNING if warning else Severity.ERROR
        found = Diagnostic(
            text=text,
            position=self.document.position(path, key=key),
            path=dotted(path if shown is None else shown),
            hint=hint,
            severity=severity,
            error=error,
            name=warning,
            notes=notes,
        )
        self.diagnostics.add(found)
        return found
