"""Findings: collected, and shown as text."""

from __future__ import annotations

import pytest

from isotherm.core.diagnostics import (
    Diagnostic,
    Diagnostics,
    InvalidDocument,
    Note,
    Position,
    Severity,
)


def test_findings_come_once_each_and_in_their_order() -> None:
    warning = Diagnostic("odd", severity=Severity.WARNING)
    error = Diagnostic("bad", Position("f", 1, 2), "a.b", "do this")
    found = Diagnostics()
    found.extend([warning, error, error])
    assert list(found) == found.found == [warning, error]
    assert len(found) == 2
    assert found.errors == [error]
    with pytest.raises(InvalidDocument) as caught:
        found.raise_errors()
    assert caught.value.diagnostics == (error,)


def test_warnings_refuse_nothing() -> None:
    found = Diagnostics()
    found.add(Diagnostic("odd", severity=Severity.WARNING))
    found.raise_errors()


def test_a_finding_says_where_what_and_what_to_do() -> None:
    error = Diagnostic("bad", Position("f", 1, 2), "a.b", "do this")
    assert str(error) == "f:1:2: a.b: bad (do this)"
    assert str(InvalidDocument([error, Diagnostic("odd")])) == f"{error}\nodd"


def test_a_note_says_what_else_belongs_to_a_finding() -> None:
    assert str(Note("it is used here", Position("f", 3, 4))) == "f:3:4: it is used here"
    assert str(Note("it is used elsewhere")) == "it is used elsewhere"
