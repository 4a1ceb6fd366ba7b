"""Markers inside values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from isotherm.core.values import (
    LostSecret,
    Secret,
    Unknown,
    copied,
    first_unknown,
    holds_secret,
    key_text,
    redact,
    reveal,
)

VALUE = {"a": [1, Secret({"b": "x"})], "c": Unknown("r"), "d": ("t", Unknown())}
DAY = date(2026, 2, 28)


def test_redact_shows_no_secret() -> None:
    assert redact(VALUE) == {
        "a": [1, "******"],
        "c": "(known after r)",
        "d": ["t", "(unknown)"],
    }
    assert "x" not in repr(Secret("x")).replace("Secret", "")
    assert redact({"on": DAY, "with": Secret(DAY)}) == {"on": DAY, "with": "******"}


def test_reveal_opens_all_secrets() -> None:
    assert reveal(VALUE)["a"] == [1, {"b": "x"}]
    assert reveal(Secret({"in": Secret("y")})) == {"in": "y"}
    assert Secret(Secret("y")).reveal() == "y"
    assert len({Secret("y"), Secret("y"), Secret("z")}) == 2


def test_a_copy_shares_no_map_and_no_list() -> None:
    given = {"a": [{"b": 1}], "c": Secret("x"), "d": ("t",)}
    copy = copied(given)
    assert copy == given
    copy["a"][0]["b"] = 2
    copy["a"].append(3)
    assert given["a"] == [{"b": 1}]


def test_search() -> None:
    assert first_unknown(VALUE) == Unknown("r")
    assert first_unknown(Secret([Unknown("q")])) == Unknown("q")
    assert first_unknown([1, {"a": 2}]) is None
    assert first_unknown({"on": DAY}) is None
    assert holds_secret(VALUE)
    assert not holds_secret([{"a": 1}])


@pytest.mark.parametrize(
    ("key", "text"), [(None, "null"), (True, "true"), (False, "false"), (1.5, "1.5"), ("a", "a")]
)
def test_keys_are_spelt_as_in_json(key: Any, text: str) -> None:
    assert key_text(key) == text


def test_a_lost_secret_tells_who_needs_it_why() -> None:
    lost = LostSecret(KeyError("the key is gone"))
    assert "hidden" not in repr(lost)
    with pytest.raises(KeyError, match="the key is gone"):
        lost.reveal()
    assert lost == lost
    assert lost != LostSecret(KeyError("the key is gone"))
    assert len({lost, lost}) == 1
