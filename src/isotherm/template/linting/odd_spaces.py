"""Characters that look like a space, or like nothing, where YAML takes them for text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from isotherm.core.diagnostics import Diagnostic, Position, Severity

_ODD = "\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000"
_MISTAKEN = re.compile(
    rf"(?:^|[-:,?\[{{])[ \t]*(?P<behind>[{_ODD}])|(?P<before>[{_ODD}])[ \t]*(?:$|[,\]}}#])"
)
_COMMENT = re.compile(r"^\s*#")
_MOST = 20


def odd_spaces(source: str, file: str) -> Iterator[Diagnostic]:
    """A warning for each line in which one of them stands where a space belongs.

    It is found in the text, because YAML makes something else of the line, or cannot read it.
    """
    told = 0
    for number, line in enumerate(source.splitlines(), start=1):
        if line.isascii() or _COMMENT.match(line) or told == _MOST:
            continue
        if match := _MISTAKEN.search(line):
            column = match.start(match.lastgroup or 0)
            told += 1
            yield Diagnostic(
                f"U+{ord(line[column]):04X} looks like a space, but YAML reads it as text",
                Position(file, number, column + 1),
                hint="write an ordinary space",
                severity=Severity.WARNING,
                name="odd-space",
            )
