"""The words that are suggested where one is not known."""

from __future__ import annotations

import pytest

from isotherm.core.suggestions import suggest

MANY = [f"resource_{number}" for number in range(5000)]


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("my_vol", ["my_volume", "other"], "my_volume"),
        ("NAME", ["name", "x"], "name"),
        ("dependsOn", ["depends_on", "description"], "depends_on"),
        ("resource_49", [*MANY, "resource49"], "resource_49"),
        ("resource_4999x", MANY, "resource_4999"),
    ],
)
def test_the_nearest_known_word_is_suggested(word: str, known: list[str], near: str) -> None:
    assert suggest(word, known) == f"did you mean {near!r}?"


@pytest.mark.parametrize(("word", "known"), [("q", ["name"]), ("name", []), ("server", MANY)])
def test_nothing_is_suggested_where_nothing_is_near(word: str, known: list[str]) -> None:
    assert suggest(word, known) == ""
