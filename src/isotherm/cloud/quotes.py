"""Takes out of an error what it quotes of the request that was refused.

A service that finds a value wrong repeats it: user data may be 64 KiB of it, with passwords
inside in whatever encoding, and nobody finds the reason behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

LONGEST_QUOTE = 64
"""Characters of a value that may be repeated: names and ids are told, contents are not."""
GAP = "…"


def without_quotes(message: str, sent: bytes | None) -> str:
    """``message`` with a gap for each long text of the request's JSON body, or as much of its
    beginning as is there."""
    if not sent or len(message) <= LONGEST_QUOTE:
        return message
    try:
        body = msgspec.json.decode(sent)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return message
    for text in _long_texts(body):
        for form in dict.fromkeys((text, json.dumps(text)[1:-1], " ".join(text.split()))):
            message = _without(message, form)
    return message


def _long_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) > LONGEST_QUOTE:
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _long_texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _long_texts(each)


def _without(message: str, text: str) -> str:
    parts = []
    start, beginning = 0, text[:LONGEST_QUOTE]
    while (found := message.find(beginning, start)) >= 0:
        parts.append(message[start:found])
        start = found + _common(message, found, text)
    return GAP.join([*parts, message[start:]]) if parts else message


def _common(message: str, at: int, text: str) -> int:
    """How many characters of ``text`` stand in ``message`` from ``at`` on."""
    low, high = LONGEST_QUOTE, min(len(text), len(message) - at)
    while low < high:
        middle = (low + high + 1) // 2
        if message.startswith(text[:middle], at):
            low = middle
        else:
            high = middle - 1
    return min(low, high)
