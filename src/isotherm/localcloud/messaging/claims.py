"""Claims: messages that one client works on, and nobody else for a while."""

from typing import Any

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.messaging.checks import duration
from isotherm.localcloud.messaging.dialect import DIALECT, inner_path, limit_of, number
from isotherm.localcloud.messaging.entities import Claim, Message, Queue
from isotherm.localcloud.messaging.faults import no_claim
from isotherm.localcloud.messaging.messages import free, shown
from isotherm.localcloud.messaging.state import Messaging

routes = DIALECT.routes()
_ALL = "/queues/{queue_id}/claims"
_ONE = f"{_ALL}/{{id}}"
_USUAL = {"ttl": 300, "grace": 60}


def _wish(call: Call) -> dict[str, int]:
    said = {**_USUAL, **(call.json if call.body else {})}
    nouns = {"ttl": "The TTL for a claim", "grace": "The grace for a claim"}
    return {n: number(n, said[n], duration(noun, most=43200)) for n, noun in nouns.items()}


@routes.post(_ALL, "claim.create")
def create(messaging: Messaging, call: Call) -> object:
    wish, limit = _wish(call), limit_of(call, 10)
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    taken = free(messaging, queue)[:limit] if queue else []
    if queue is None or not taken:
        return Reply(204)
    claim = messaging.claims.add(
        Claim(
            project_id=queue.project_id,
            queue_id=queue.id,
            created_at=messaging.now(),
            ttl=wish["ttl"],
            grace=wish["grace"],
        )
    )
    for message in taken:
        message.claim_id, message.claim_count = claim.id, message.claim_count + 1
        _outlive(messaging, message, claim)
    messaging.schedule("claim.expire", claim, after=claim.ttl)
    told = [shown(messaging, queue, each) for each in taken]
    return Reply(201, {"messages": told}, {"Location": f"{inner_path(call)}/{claim.id}"})


def _outlive(messaging: Messaging, message: Message, claim: Claim) -> None:
    """A message stays for the time that its claim may take, and for the grace after that: where
    it would end before, it is young again."""
    now, needed = messaging.now(), claim.ttl + claim.grace
    if message.created_at + message.ttl < now + needed:
        message.created_at, message.ttl = now, needed
        messaging.cancel(message)
        messaging.schedule("message.expire", message, after=needed)
    messaging.messages.save(message)


def _of(messaging: Messaging, call: Call) -> tuple[Queue, Claim]:
    """Raises Fault 404."""
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    claim = messaging.claims.get(call.params["id"])
    if queue is None or claim is None or claim.queue_id != queue.id:
        raise no_claim(call.params["id"], call.params["queue_id"], call.project_id)
    return queue, claim


@routes.get(_ONE, "claim.show")
def show(messaging: Messaging, call: Call) -> object:
    queue, claim = _of(messaging, call)
    held = messaging.messages.find(claim_id=claim.id)
    told: dict[str, Any] = {
        "age": int(messaging.now() - claim.created_at),
        "ttl": claim.ttl,
        "href": inner_path(call),
        "messages": [shown(messaging, queue, each) for each in held],
    }
    return told


@routes.patch(_ONE, "claim.update", status=204)
def update(messaging: Messaging, call: Call) -> None:
    _, claim = _of(messaging, call)
    wish = _wish(call)
    claim.ttl, claim.grace, claim.created_at = wish["ttl"], wish["grace"], messaging.now()
    messaging.claims.save(claim)
    messaging.cancel(claim)
    messaging.schedule("claim.expire", claim, after=claim.ttl)
    for message in messaging.messages.find(claim_id=claim.id):
        _outlive(messaging, message, claim)


@routes.delete(_ONE, "claim.delete")
def delete(messaging: Messaging, call: Call) -> None:
    claim = messaging.claims.get(call.params["id"])
    if claim is not None and claim.project_id == call.project_id:
        messaging.release(claim)
