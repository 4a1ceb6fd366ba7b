"""Regular expressions of strangers: what they match, and how long they may take."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isotherm.core import patterns
from isotherm.core.patterns import PatternError, matches_fully, matches_start


@pytest.mark.parametrize(
    ("pattern", "text", "start", "fully"),
    [
        ("OS::Heat", "OS::Heat::None", True, False),
        ("OS::.*", "OS::Heat::None", True, True),
        ("Heat", "OS::Heat::None", False, False),
        ("a|ab", "ab", True, True),
        ("", "", True, True),
    ],
)
def test_the_whole_text_or_its_beginning(pattern: str, text: str, start: bool, fully: bool) -> None:
    assert (matches_start(pattern, text), matches_fully(pattern, text)) == (start, fully)


@pytest.mark.parametrize("matches", [matches_start, matches_fully])
def test_a_pattern_that_takes_too_long_is_given_up(
    matches: Callable[[str, str], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "MAX_SECONDS", 0.01)
    with pytest.raises(PatternError, match="takes too long"):
        matches("(a|a)+$", "a" * 60 + "b")
