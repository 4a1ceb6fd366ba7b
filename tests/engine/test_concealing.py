"""Secrets that the cloud echoes."""

from __future__ import annotations

from isotherm.core.values import Secret
from isotherm.engine.steps.concealing import conceal, conceal_in_text, secret_texts


def test_secrets_are_found_at_any_depth_and_nothing_else_is() -> None:
    values = {"open": "plain", "deep": [{"x": Secret({"y": ["swordfish", 7]})}], "none": None}
    assert secret_texts(values, None, Secret("")) == {"swordfish"}


def test_numbers_that_are_secret_are_found_and_hidden() -> None:
    secrets = secret_texts({"pin": Secret(4711), "on": Secret(True), "few": Secret(3)})
    assert secrets == {"4711"}
    seen = conceal({"pin": 4711, "n": 3, "on": True, "said": "pin 4711"}, secrets)
    assert seen == {"pin": Secret(4711), "n": 3, "on": True, "said": Secret("pin 4711")}
    assert conceal_in_text("4711 is taken", secrets) == "****** is taken"


def test_larger_texts_that_hold_a_secret_are_hidden_as_a_whole() -> None:
    secrets = secret_texts(Secret('sword"fish'), Secret("ab"))
    metadata = '{"words": "sword\\"fish", "n": "ab"}'
    assert conceal([metadata, "about"], secrets) == [Secret(metadata), "about"]
    assert conceal({"a": "x"}, frozenset()) == {"a": "x"}


def test_echoes_are_wrapped_again() -> None:
    seen = conceal({"a": ["swordfish", "other"], "n": 1}, frozenset({"swordfish"}))
    assert seen == {"a": [Secret("swordfish"), "other"], "n": 1}


def test_longer_secrets_are_hidden_first_and_short_ones_left_alone() -> None:
    secrets = frozenset({"fish", "swordfish", "a"})
    assert conceal_in_text("a swordfish, a fish", secrets) == "a ******, a ******"
