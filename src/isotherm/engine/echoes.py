"""Secrets come back: clouds echo what they were given, and some types just pass values on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.values import Secret, Value


def seal_echoes(given: Mapping[str, Value], received: Mapping[str, Value]) -> dict[str, Value]:
    """``received`` with every text that was given as a secret wrapped as one again."""
    secrets = frozenset(_secret_texts(given))
    if not secrets:
        return dict(received)
    return {name: _sealed(value, secrets) for name, value in received.items()}


def _secret_texts(value: Value, inside: bool = False) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _secret_texts(value.reveal(), True)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _secret_texts(each, inside)
    elif isinstance(value, list):
        for each in value:
            yield from _secret_texts(each, inside)
    elif inside and value not in (None, "") and not isinstance(value, bool):
        yield str(value)


def _sealed(value: Value, secrets: frozenset[str]) -> Value:
    if isinstance(value, Mapping):
        return {key: _sealed(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_sealed(each, secrets) for each in value]
    if isinstance(value, (Secret, bool)):
        return value
    return Secret(value) if str(value) in secrets else value
