"""Addresses that are told of the events of a stack: those of clients that know no environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm.core.values import Value, reveal
from isotherm.ports.records import Source, replace

_WEBHOOK = "webhook"


def sinks_of(addresses: Sequence[str]) -> list[dict[str, str]]:
    """As environments name them."""
    return [{"type": _WEBHOOK, "target": each} for each in addresses]


def notified_by(environment: Mapping[str, Value]) -> list[str]:
    """The addresses among the event sinks of an environment."""
    sinks = reveal(environment.get("event_sinks") or [])
    return [str(each["target"]) for each in sinks if each.get("type") == _WEBHOOK]


def notifying(source: Source, addresses: Sequence[str]) -> Source:
    """The source with these addresses, and no others; other sinks stay."""
    environment: dict[str, Any] = dict(source.environment)
    others = [each for each in environment.get("event_sinks") or [] if each.get("type") != _WEBHOOK]
    environment["event_sinks"] = [*others, *sinks_of(addresses)]
    return replace(source, environment=environment)
