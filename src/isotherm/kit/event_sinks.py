"""Whom stacks tell of their events: the kinds of ``event_sinks`` in environments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.services.messaging import QUEUE
from isotherm.template import offer_event_sink

S = TypeVar("S", bound=type["EventSink"])


class EventSink:
    """One kind: its name, and what an environment may say beside ``target``, which it must.

    ``tell`` sends one event, and may be called again with one whose answer got lost; who listens
    tells them apart by ``id``. It must not wait for long.
    """

    kind: str
    keys: tuple[str, ...] = ()
    by_web: bool = False
    """The target is an address, to which the service itself posts what is to be told."""

    async def tell(self, api: CloudApi, sink: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """``sink`` is what the environment says, ``event`` is JSON-like. Raises RemoteError."""
        raise NotImplementedError


EVENT_SINKS: dict[str, EventSink] = {}


def event_sink(cls: S) -> S:
    """Class decorator: environments may name this kind of sink."""
    EVENT_SINKS[cls.kind] = cls()
    offer_event_sink(cls.kind, cls.keys, by_web=cls.by_web)
    return cls


def take_back_event_sink(kind: str, former: EventSink | None) -> None:
    """The kind is again what it was before somebody else declared it."""
    del EVENT_SINKS[kind]
    if former is not None:
        EVENT_SINKS[kind] = former
        offer_event_sink(kind, former.keys, by_web=former.by_web)


@event_sink
class QueueSink(EventSink):
    """A queue of the messaging service, by the name of ``target``."""

    kind = "zaqar-queue"
    keys = ("ttl",)

    async def tell(self, api: CloudApi, sink: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        ttl = {"ttl": sink["ttl"]} if sink.get("ttl") is not None else {}
        path = f"{QUEUE.path}/{sink['target']}/messages"
        await api.call(QUEUE.service, "POST", path, {"messages": [{"body": event, **ttl}]})


@event_sink
class WebhookSink(EventSink):
    """Whoever listens at the http or https address of ``target``."""

    kind = "webhook"
    by_web = True
