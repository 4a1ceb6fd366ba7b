"""digest: the hash of a text."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from tests.template.support import Resources, definition, refusal, value_of


@pytest.mark.parametrize(
    ("algorithm", "text", "content"),
    [
        ("md5", "hello", b"hello"),
        ("SHA256", "hello", b"hello"),
        ("sha512", "", b""),
        ("sha1", "ü", "ü".encode("latin-1")),
        ("sha1", "€", "€".encode()),
    ],
)
def test_digests(algorithm: str, text: str, content: bytes) -> None:
    expected = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    assert value_of({"digest": [algorithm, text]}) == expected


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (["md6", "x"], "there is no digest algorithm 'md6' (did you mean 'md5'?)"),
        (["?", "x"], "(md5, sha1, sha256, sha512 …)"),
        (["shake_128", "x"], "there is no digest algorithm 'shake_128'"),
        (["md5"], "write digest: [ALGORITHM, TEXT]"),
        (["md5", 5], "write digest: [ALGORITHM, TEXT]"),
        ("md5", "write digest: [ALGORITHM, TEXT]"),
    ],
)
def test_refusals(argument: Any, words: str) -> None:
    assert words in refusal({"digest": argument})


def test_what_a_secret_did_not_decide_is_no_secret() -> None:
    secret = {"type": "string", "default": "x", "hidden": True}
    never = {"and": [{"equals": [{"get_param": "p"}, "x"]}, False]}
    chosen = {"digest": ["md5", {"if": [never, "a", "b"]}]}
    stack = definition(
        {
            "heat_template_version": "2021-04-16",
            "parameters": {"p": secret},
            "resources": {"r": {"type": "OS::Heat::Value", "properties": {"value": chosen}}},
        }
    )
    value = hashlib.md5(b"b", usedforsecurity=False).hexdigest()
    assert stack.evaluate(stack.resources["r"].properties, Resources({})) == {"value": value}
