"""Whom stacks tell of their events."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.kit.event_sinks import EVENT_SINKS, EventSink
from isotherm.testing.cloud import RecordingCloud

EVENT = {"id": "e-1", "payload": {"stack_name": "web"}}


@pytest.mark.parametrize("said", [{}, {"ttl": 60}, {"ttl": None}])
async def test_an_event_becomes_a_message_in_a_queue(said: dict[str, Any]) -> None:
    cloud = RecordingCloud()
    sink = {"type": "zaqar-queue", "target": "events", **said}
    await EVENT_SINKS["zaqar-queue"].tell(cloud.api, sink, EVENT)
    (call,) = cloud.made("call")
    message = {"body": EVENT, **({"ttl": 60} if said.get("ttl") else {})}
    assert (call.what, call.body) == ("POST /queues/events/messages", {"messages": [message]})


async def test_a_sink_says_itself_how_it_is_told() -> None:
    with pytest.raises(NotImplementedError):
        await EventSink().tell(RecordingCloud().api, {}, {})
