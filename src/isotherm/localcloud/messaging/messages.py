"""Messages: posted, looked at, taken, deleted."""

import uuid
from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.messaging.checks import MOST_TTL, duration
from isotherm.localcloud.messaging.dialect import (
    DIALECT,
    MessagingRoutes,
    inner_path,
    limit_of,
    next_link,
    number,
)
from isotherm.localcloud.messaging.entities import Message, Queue
from isotherm.localcloud.messaging.faults import invalid, no_message, unreadable
from isotherm.localcloud.messaging.state import Messaging

routes = DIALECT.routes()
former = MessagingRoutes("/v1.1")
"""Of the API before, only what hooks of agents in images use: they report with it."""
_ALL = "/queues/{queue_id}/messages"


def shown(messaging: Messaging, queue: Queue, message: Message) -> dict[str, Any]:
    claim = f"?claim_id={message.claim_id}" if message.claim_id else ""
    return {
        "id": message.id,
        "href": f"/v2/queues/{queue.name}/messages/{message.id}{claim}",
        "ttl": message.ttl,
        "age": int(messaging.now() - message.created_at),
        "body": message.body,
    }


def free(messaging: Messaging, queue: Queue) -> list[Message]:
    """Those that anybody may claim."""
    return [
        each
        for each in messaging.messages.find(queue_id=queue.id)
        if each.claim_id is None and each.visible_at <= messaging.now()
    ]


@former.post(_ALL, "message.create")
@routes.post(_ALL, "message.create")
def post(messaging: Messaging, call: Call) -> object:
    name = call.params["queue_id"]
    said = call.json.get("messages")
    if not isinstance(said, list):
        raise invalid("No messages were found in the request body.")
    if not said:
        raise invalid("No messages to enqueu.")
    for each in said:
        _check(each)
    queue = messaging.queue_or_new(call.project_id, name)
    if len(call.body) > int(queue.metadata.get("_max_messages_post_size") or 262144):
        raise invalid("Message collection size is too large.")
    made = messaging.post(queue, said, call.headers["client-id"])
    path, ids = inner_path(call), [each.id for each in made]
    location = {"Location": f"{path}?ids={','.join(ids)}"}
    return Reply(201, {"resources": [f"{path}/{each}" for each in ids]}, location)


def _check(said: Any) -> None:
    if not isinstance(said, dict) or "body" not in said:
        raise unreadable('Missing "body" field.')
    if said.get("ttl") is not None:
        number("ttl", said["ttl"], duration("The TTL for a message", most=MOST_TTL))
    if said.get("delay") is not None:
        number("delay", said["delay"], duration("The delay of a message", 0, 900))


@routes.get(_ALL, "message.list")
def list_all(messaging: Messaging, call: Call) -> object:
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    if call.argument("ids") is not None:
        found = _by_ids(messaging, call, queue) if queue else []
        if queue is None or not found:
            ids, name = (call.argument("ids") or "").split(","), call.params["queue_id"]
            where = f"found in the queue {name} for project {call.project_id}."
            raise Fault(404, f"No messages with IDs: {ids} {where}")
        return {"messages": [shown(messaging, queue, each) for each in found]}
    marker = call.argument("marker") or ""
    wanted = [each for each in _visible(messaging, call, queue) if each.id > marker]
    page = wanted[: limit_of(call, 10)]
    links = next_link(call, page[-1].id) if page else []
    return {"messages": [shown(messaging, queue, each) for each in page if queue], "links": links}


def _visible(messaging: Messaging, call: Call, queue: Queue | None) -> list[Message]:
    """By default without the client's own, and without those that somebody works on."""
    asked = {
        name: call.argument(name) == "true"
        for name in ("echo", "include_claimed", "include_delayed")
    }
    held = messaging.messages.find(queue_id=queue.id) if queue else []
    return [
        each
        for each in held
        if (asked["echo"] or each.client_id != call.headers["client-id"])
        and (asked["include_claimed"] or each.claim_id is None)
        and (asked["include_delayed"] or each.visible_at <= messaging.now())
    ]


def _by_ids(messaging: Messaging, call: Call, queue: Queue) -> list[Message]:
    found = (messaging.messages.get(each) for each in (call.argument("ids") or "").split(","))
    return [each for each in found if each is not None and each.queue_id == queue.id]


@routes.delete(_ALL, "message.delete_many")
def delete_many(messaging: Messaging, call: Call) -> object:
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    ids, pop = call.argument("ids"), call.argument("pop")
    if ids is None and pop is None:
        either = 'The request should have either "ids" or "pop" parameter in the request'
        raise invalid(f"{either}, to be able to delete.")
    if ids is not None and pop is not None:
        raise invalid("pop and id params cannot be present together in the delete request.")
    if ids is not None:
        for each in _by_ids(messaging, call, queue) if queue else []:
            _remove(messaging, each)
        return Reply(204)
    if not str(pop).isdigit() or not 1 <= int(str(pop)) <= 20:
        raise invalid("Pop value must be at least 1 and may not be greater than 20.")
    taken = free(messaging, queue)[: int(str(pop))] if queue else []
    popped = [_popped(messaging, each) for each in taken]
    for each in taken:
        _remove(messaging, each)
    return Reply(200, {"messages": popped})


def _popped(messaging: Messaging, message: Message) -> dict[str, Any]:
    """As it is kept, in a claim of its own."""
    return {
        "id": message.id,
        "age": int(messaging.now() - message.created_at),
        "ttl": message.ttl,
        "body": message.body,
        "claim_id": str(uuid.uuid4()),
        "claim_count": message.claim_count,
    }


def _remove(messaging: Messaging, message: Message) -> None:
    messaging.cancel(message)
    messaging.messages.remove(message.id)


@routes.get(f"{_ALL}/{{id}}", "message.show")
def show(messaging: Messaging, call: Call) -> object:
    queue, message = _of(messaging, call)
    if queue is None or message is None:
        raise no_message(call.params["id"], call.params["queue_id"], call.project_id)
    return shown(messaging, queue, message)


@routes.delete(f"{_ALL}/{{id}}", "message.delete")
def delete(messaging: Messaging, call: Call) -> None:
    _, message = _of(messaging, call)
    if message is None:
        return
    claim_id, title = call.argument("claim_id"), "Unable to delete"
    if claim_id is None and message.claim_id is not None:
        reason = "This message is claimed; it cannot be deleted without a valid claim ID."
        raise Fault(403, reason, kind=title)
    if claim_id is not None and claim_id not in messaging.claims:
        raise Fault(400, "The specified claim does not exist or has expired.", kind=title)
    if claim_id is not None and message.claim_id != claim_id:
        reason = "A claim was specified, but the message is not currently claimed."
        raise Fault(400, reason, kind=title)
    _remove(messaging, message)


def _of(messaging: Messaging, call: Call) -> tuple[Queue | None, Message | None]:
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    message = messaging.messages.get(call.params["id"])
    theirs = message is not None and queue is not None and message.queue_id == queue.id
    return queue, message if theirs else None
