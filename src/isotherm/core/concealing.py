"""Keeps secrets wrapped when somebody echoes them: in what objects show, in errors and reasons."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from isotherm.core.values import REDACTED, Secret, Value, holds_secret, reveal

_SHORTEST = 4
"""Shorter secrets are not looked for inside texts: they would be found everywhere."""
_SHORTEST_NUMBER = 2
"""Digits of a number that is a secret: a single one would be found everywhere."""


def secret_texts(*values: Value) -> frozenset[str]:
    """All texts that stand inside a ``Secret`` in ``values``, and numbers as texts."""
    holding = filter(holds_secret, values)  # hardly any does
    return frozenset(text for value in holding for text in _texts(value, False) if text)


def _texts(value: Value, secret: bool) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _texts(value.reveal(), True)
    elif isinstance(value, str):
        if secret:
            yield value
    elif _is_number(value):
        if secret and len(str(value)) >= _SHORTEST_NUMBER:
            yield str(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each, secret)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each, secret)


def conceal(value: Value, secrets: frozenset[str]) -> Value:
    """``value`` with every text and number that is one of ``secrets``, and every text that
    quotes one, wrapped again."""
    if not secrets:
        return value
    if isinstance(value, str):
        return Secret(value) if value in secrets or any(_quoted(value, secrets)) else value
    if _is_number(value):
        return Secret(value) if str(value) in secrets else value
    if isinstance(value, Mapping):
        return {key: conceal(each, secrets) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [conceal(each, secrets) for each in value]
    return value


def conceal_in_text(text: str, secrets: frozenset[str]) -> str:
    """``text`` with asterisks where it quotes one of ``secrets``."""
    for quote in sorted(_quoted(text, secrets), key=len, reverse=True):
        text = text.replace(quote, REDACTED)
    return text


def judged(
    rules: Callable[[Mapping[str, Value]], Iterable[tuple[str, str]]], values: Mapping[str, Value]
) -> Iterator[tuple[str, str]]:
    """What ``rules`` find wrong with ``values``: they see secrets, but do not tell them; a short
    one is no word of what they say."""
    if not holds_secret(values):
        yield from rules(values)
        return
    secrets = secret_texts(values)
    for where, reason in rules({name: reveal(each) for name, each in values.items()}):
        yield where, _without_words(conceal_in_text(reason, secrets), secrets)


def _without_words(text: str, secrets: frozenset[str]) -> str:
    short = [re.escape(each) for each in secrets if len(each) < _SHORTEST]
    return re.sub(rf"(?<!\w)(?:{'|'.join(short)})(?!\w)", REDACTED, text) if short else text


def _quoted(text: str, secrets: frozenset[str]) -> Iterator[str]:
    """The secrets as they stand in a text: plain, or as JSON writes them."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            for form in {secret, json.dumps(secret)[1:-1]}:
                if form in text:
                    yield form


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
