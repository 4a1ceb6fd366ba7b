"""Markers inside values."""

from __future__ import annotations

from isotherm.core.diagnostics import (
    Diagnostic,
    Diagnostics,
    InvalidDocument,
    Position,
    Severity,
    suggest,
)
from isotherm.core.values import (
    Secret,
    Unknown,
    first_unknown,
    holds_secret,
    redact,
    reveal,
)

VALUE = {"a": [1, Secret({"b": "x"})], "c": Unknown("r"), "d": ("t", Unknown())}


def test_redact_shows_no_secret() -> None:
    assert redact(VALUE) == {
        "a": [1, "******"],
        "c": "(known after r)",
        "d": ["t", "(unknown)"],
    }
    assert "x" not in repr(Secret("x")).replace("Secret", "")


def test_reveal_opens_all_secrets() -> None:
    assert reveal(VALUE)["a"] == [1, {"b": "x"}]
    assert reveal(Secret({"in": Secret("y")})) == {"in": "y"}
    assert Secret(Secret("y")).reveal() == "y"
    assert len({Secret("y"), Secret("y"), Secret("z")}) == 2


def test_search() -> None:
    assert first_unknown(VALUE) == Unknown("r")
    assert first_unknown(Secret([Unknown("q")])) == Unknown("q")
    assert first_unknown([1, {"a": 2}]) is None
    assert holds_secret(VALUE)
    assert not holds_secret([{"a": 1}])


def test_suggestions() -> None:
    assert suggest("my_vol", ["my_volume", "other"]) == "did you mean 'my_volume'?"
    assert suggest("NAME", ["name", "x"]) == "did you mean 'name'?"
    assert suggest("q", ["name"]) == ""


def test_diagnostics() -> None:
    warning = Diagnostic("odd", severity=Severity.WARNING)
    error = Diagnostic("bad", Position("f", 1, 2), "a.b", "do this")
    found = Diagnostics()
    found.extend([warning, error, error])
    assert len(found) == 2
    assert found.errors == [error]
    assert str(error) == "f:1:2: a.b: bad (do this)"
    assert str(InvalidDocument([error, warning])) == f"{error}\nodd"
