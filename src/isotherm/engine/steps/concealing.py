"""Keeps secrets wrapped when the cloud echoes them: in what objects show, in its errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.values import REDACTED, Secret, Value

_SHORTEST = 4
"""Shorter secrets are not looked for inside texts: they would be found everywhere."""


def secret_texts(*values: Value) -> frozenset[str]:
    """All texts that stand inside a ``Secret`` in ``values``."""
    return frozenset(text for value in values for text in _texts(value, False) if text)


def _texts(value: Value, secret: bool) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _texts(value.reveal(), True)
    elif isinstance(value, str):
        if secret:
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each, secret)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each, secret)


def conceal(value: Value, secrets: frozenset[str]) -> Value:
    """``value`` with every text that is one of ``secrets`` wrapped again."""
    if isinstance(value, str):
        return Secret(value) if value in secrets else value
    if isinstance(value, Mapping):
        return {key: conceal(each, secrets) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [conceal(each, secrets) for each in value]
    return value


def conceal_in_text(text: str, secrets: frozenset[str]) -> str:
    """``text`` with asterisks where it quotes one of ``secrets``."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, REDACTED)
    return text
