"""Secrets that the cloud echoes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isotherm.core.concealing import conceal, conceal_in_text, judged, secret_texts
from isotherm.core.values import Secret, Value


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


def test_rules_see_secrets_and_do_not_tell_them() -> None:
    def rules(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if values["port"] > 10:
            yield "port", f"{values['port']} of {values['host']} is too high"

    assert list(judged(rules, {"port": 80, "host": "inner"})) == [
        ("port", "80 of inner is too high")
    ]
    hidden = {"port": Secret(80), "host": Secret("inner")}
    (found,) = judged(rules, hidden)
    assert found[0] == "port"
    assert "inner" not in found[1]
    assert list(judged(rules, {"port": Secret(5), "host": "inner"})) == []


def test_a_rule_tells_no_short_secret_either() -> None:
    """Where a short text stands as a word; what contains it by chance stays legible."""

    def rules(values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        yield "pin", f"'{values['pin']}' is no good pin for a cabin: {values['pin']}."

    told = list(judged(rules, {"pin": Secret("abi")}))
    assert told == [("pin", "'******' is no good pin for a cabin: ******.")]
    told = list(judged(rules, {"pin": Secret("cab")}))
    assert told == [("pin", "'******' is no good pin for a cabin: ******.")]
