"""Shows a diagnostic's place in the source."""

from __future__ import annotations

from isotherm.core.diagnostics import Diagnostic

_WIDEST = 120


def excerpt(diagnostic: Diagnostic, source_text: str) -> str:
    """The source line with a caret under the place; empty where the place is not known."""
    position = diagnostic.position
    lines = source_text.splitlines()
    if position is None or not 1 <= position.line <= len(lines):
        return ""
    line, column = lines[position.line - 1], position.column - 1
    start = max(0, column - _WIDEST // 2) if len(line) > _WIDEST else 0
    shown = line[start : start + _WIDEST]
    gutter = f"{position.line} | "
    # Tabs stay tabs, so that the caret stands where the eye expects it.
    before = "".join("\t" if char == "\t" else " " for char in line[start:column])
    return f"{gutter}{shown}\n{' ' * (len(gutter) - 2)}| {before}^"
