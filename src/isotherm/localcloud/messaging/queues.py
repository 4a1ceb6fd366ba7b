"""Queues: made by their name, with metadata of any kind."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault, Reply
from isotherm.localcloud.kinds import Asked, Kind, Listing
from isotherm.localcloud.messaging.checks import MOST_TTL
from isotherm.localcloud.messaging.dialect import (
    DIALECT,
    MessagingDialect,
    MessagingLists,
    inner_path,
)
from isotherm.localcloud.messaging.entities import Message, Queue
from isotherm.localcloud.messaging.faults import invalid, no_queue, unreadable
from isotherm.localcloud.messaging.signing import share
from isotherm.localcloud.messaging.state import Messaging

_RESERVED: dict[str, Any] = {
    "_max_messages_post_size": 262144,
    "_default_message_ttl": 3600,
    "_default_message_delay": 0,
    "_dead_letter_queue": None,
    "_dead_letter_queue_messages_ttl": None,
    "_max_claim_count": None,
    "_enable_encrypt_messages": False,
}
_PATCH = "application/openstack-messaging-v2.0-json-patch"
_PURGED = {"messages", "subscriptions"}
routes = DIALECT.routes()
_ONE = "/queues/{queue_id}"


class _QueueLists(MessagingLists):
    general = (*MessagingLists.general, "detailed", "with_count")

    def place(self, entity: Any) -> str:
        return str(entity.name)

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        counted = {"count": len(found)} if asked.call.argument("with_count") == "true" else {}
        return {**super().beside(asked, found, page, more=more), **counted}


class _QueueDialect(MessagingDialect):
    lists = _QueueLists()


def by_name(messaging: Messaging, caller: Caller, name: str) -> Queue:
    """The caller's own. Raises Fault 404."""
    found = messaging.queue(caller.project_id or "", name)
    if found is None:
        raise no_queue(name, caller.project_id or "")
    return found


def _more(messaging: Messaging, call: Call, queue: Queue, view: str) -> dict[str, Any]:
    """In lists; a single queue shows its metadata and nothing else."""
    shown: dict[str, Any] = {"name": queue.name, "href": f"/v2/queues/{queue.name}"}
    if call.argument("detailed") == "true":
        shown["metadata"] = described(queue)
    return shown


QUEUES = Kind[Messaging, Queue](
    dialect=_QueueDialect(),
    name="queue",
    entity=Queue,
    also={"id": None},
    verbs=("list",),
    listing=Listing(matchers={"name": lambda messaging, queue, text: text in queue.name}),
    visible=lambda messaging, caller, queue: queue.project_id == caller.project_id,
    find_as=by_name,
    more=_more,
)


def described(queue: Queue) -> dict[str, Any]:
    return {**_RESERVED, **queue.metadata}


@routes.get(_ONE, "queue.show")
def show(messaging: Messaging, call: Call) -> object:
    """Of one that nobody used yet, as it would be."""
    found = messaging.queue(call.project_id, call.params["queue_id"])
    return {**_RESERVED, **(found.metadata if found else {})}


@routes.put(_ONE, "queue.create")
def create(messaging: Messaging, call: Call) -> object:
    name, metadata = call.params["queue_id"], call.document if call.body else {}
    _check(metadata)
    there = messaging.queue(call.project_id, name)
    if there is None:
        messaging.queue_or_new(call.project_id, name).metadata = metadata
    return Reply(201 if there is None else 204, None, {"Location": inner_path(call)})


def _check(metadata: Any) -> None:
    """Raises Fault 400."""
    if not isinstance(metadata, dict):
        raise unreadable("Document type not supported.")
    most = _RESERVED["_max_messages_post_size"]
    size = metadata.get("_max_messages_post_size")
    if size is not None and not (isinstance(size, int) and 0 < size <= most):
        bounds = f"can not exceed {most},  and must be at least greater than 0."
        raise invalid(f"_max_messages_post_size {bounds}")
    ttl = metadata.get("_default_message_ttl")
    if ttl is not None and not (isinstance(ttl, int) and 60 <= ttl <= MOST_TTL):
        bounds = f"can not exceed {MOST_TTL} seconds, and must be at least 60 seconds long."
        raise invalid(f"_default_message_ttl {bounds}")


@routes.patch(_ONE, "queue.update")
def update(messaging: Messaging, call: Call) -> object:
    """A JSON patch of the metadata."""
    if call.headers.get("content-type") != _PATCH:
        accepted = f"Accepted media type for PATCH: {{'Accept-Patch': '{_PATCH}'}}."
        raise Fault(415, accepted, kind="415 Unsupported Media Type")
    queue = by_name(messaging, call.caller, call.params["queue_id"])
    if not isinstance(call.document, list):
        raise unreadable("Request body could not be parsed: it is no JSON patch.")
    metadata = dict(queue.metadata)
    for change in call.document:
        _change(metadata, change)
    _check(metadata)
    queue.metadata = metadata
    messaging.queues.save(queue)
    return described(queue)


def _change(metadata: dict[str, Any], change: Any) -> None:
    path = change.get("path") if isinstance(change, dict) else None
    if not isinstance(path, str) or not path.startswith("/metadata/"):
        raise unreadable(f"Invalid JSON pointer for this resource: '{path}, e.g /metadata/key'")
    key, usual = path.removeprefix("/metadata/").replace("~1", "/").replace("~0", "~"), _RESERVED
    match change.get("op"):
        case "add" if "value" in change:
            metadata[key] = change["value"]
        case "replace" if "value" in change and (key in metadata or key in usual):
            metadata[key] = change["value"]
        case "remove" if key in metadata or key in usual:
            metadata.pop(key, None)
        case "replace" | "remove" as op if op == "remove" or "value" in change:
            raise Fault(409, f"Can't {op} non-existent object {key}.")
        case "add" | "replace" as op:
            raise unreadable(f'Operation "{op}" requires a member named "value".')
        case op:
            known = "It must be one of the following: add, remove, replace."
            raise unreadable(f"Invalid operation: `{op}`. {known}")


@routes.delete(_ONE, "queue.delete")
def delete(messaging: Messaging, call: Call) -> None:
    if queue := messaging.queue(call.project_id, call.params["queue_id"]):
        messaging.drop(queue)


@routes.get(f"{_ONE}/stats", "queue.count")
def count(messaging: Messaging, call: Call) -> object:
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    held = messaging.messages.find(queue_id=queue.id) if queue else []
    claimed = sum(each.claim_id is not None for each in held)
    shown: dict[str, Any] = {"claimed": claimed, "free": len(held) - claimed, "total": len(held)}
    if held:
        shown["oldest"], shown["newest"] = (
            _told(messaging, call, each) for each in (held[0], held[-1])
        )
    return {"messages": shown}


def _told(messaging: Messaging, call: Call, message: Message) -> dict[str, Any]:
    href = f"{inner_path(call).removesuffix('stats')}messages/{message.id}"
    return {"href": href, "age": int(messaging.now() - message.created_at)}


@routes.post(f"{_ONE}/purge", "queue.purge", status=204)
def purge(messaging: Messaging, call: Call) -> None:
    wanted = set(call.json.get("resource_types", _PURGED)) if call.body else _PURGED
    if not wanted <= _PURGED:
        raise invalid(f"Resource types must be a sub set of {_PURGED}.")
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    if queue is None:
        return
    if "messages" in wanted:
        messaging.purge(queue, messaging.messages, messaging.claims)
    if "subscriptions" in wanted:
        messaging.purge(queue, messaging.subscriptions)


@routes.post(f"{_ONE}/share", "queue.share")
def share_queue(messaging: Messaging, call: Call) -> object:
    return share(messaging, call, call.params["queue_id"])
