"""digest: the hash of a text."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from tests.template.support import refusal, value_of


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
