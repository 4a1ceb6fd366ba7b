"""Secrets that the cloud echoes."""

from __future__ import annotations

from isotherm.core.values import Secret
from isotherm.engine.steps.concealing import conceal, conceal_in_text, secret_texts


def test_secrets_are_found_at_any_depth_and_nothing_else_is() -> None:
    values = {"open": "plain", "deep": [{"x": Secret({"y": ["swordfish", 7]})}], "none": None}
    assert secret_texts(values, None, Secret("")) == {"swordfish"}


def test_echoes_are_wrapped_again() -> None:
    seen = conceal({"a": ["swordfish", "other"], "n": 1}, frozenset({"swordfish"}))
    assert seen == {"a": [Secret("swordfish"), "other"], "n": 1}


def test_longer_secrets_are_hidden_first_and_short_ones_left_alone() -> None:
    secrets = frozenset({"fish", "swordfish", "a"})
    assert conceal_in_text("a swordfish, a fish", secrets) == "a ******, a ******"
