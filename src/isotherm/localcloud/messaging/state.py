"""Messaging: what is there, how it ends by itself, and how others are told of messages."""

import itertools
import json
import secrets
import uuid
from typing import Any

from isotherm.localcloud.deliveries import Outgoing
from isotherm.localcloud.entities import Collection, Entity
from isotherm.localcloud.messaging.entities import (
    LONG,
    Claim,
    Message,
    Queue,
    SigningKey,
    Subscription,
)
from isotherm.localcloud.service import Frame, Service, Transitions

_KEY = "key"
_TRUST = "trust+"
_PLACEHOLDER = '"$zaqar_message$"'
_USUAL_TTL = 3600


class Messaging(Service):
    service_type = "messaging"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.queues = self.collection("queue", Queue, index=("project_id", "name"))
        self.messages: Collection[Message] = self.collection(
            "message", Message, index=("queue_id", "claim_id"), listed=False
        )
        self.claims = self.collection("claim", Claim, index=("queue_id",), listed=False)
        self.subscriptions = self.collection("subscription", Subscription, index=("queue_id",))
        self.keys = self.collection("signing_key", SigningKey, listed=False)
        self._numbers = itertools.count()

    def signing_key(self) -> bytes:
        key = self.keys.get(_KEY) or self.keys.add(
            SigningKey(id=_KEY, secret=secrets.token_hex(32))
        )
        return key.secret.encode()

    # Queues.

    def queue(self, project_id: str, name: str) -> Queue | None:
        return next(iter(self.queues.find(project_id=project_id, name=name)), None)

    def queue_or_new(self, project_id: str, name: str) -> Queue:
        """Queues come into being when they are first used."""
        found = self.queue(project_id, name)
        return found or self.queues.add(Queue(project_id=project_id, name=name))

    def drop(self, queue: Queue) -> None:
        self.purge(queue, self.messages, self.claims, self.subscriptions)
        self.queues.remove(queue.id)

    def purge(self, queue: Queue, *collections: Collection[Any]) -> None:
        for made in collections:
            for each in made.find(queue_id=queue.id):
                self.cancel(each)
                made.remove(each.id)

    # Messages.

    def post(self, queue: Queue, wishes: list[dict[str, Any]], client_id: str) -> list[Message]:
        """Each wish has a body, and may have `ttl` and `delay`."""
        return [self._post(queue, wish, client_id) for wish in wishes]

    def _post(self, queue: Queue, wish: dict[str, Any], client_id: str) -> Message:
        body, now = wish.get("body"), self.now()
        usual = queue.metadata.get("_default_message_ttl") or _USUAL_TTL
        message = self.messages.add(
            Message(
                id=self._next_id(),
                project_id=queue.project_id,
                queue_id=queue.id,
                body=body,
                ttl=int(wish.get("ttl") or usual),
                client_id=client_id,
                created_at=now,
                visible_at=now + int(wish.get("delay") or 0),
            )
        )
        self.end_later("message.expire", message, message.ttl)
        for subscription in self.subscriptions.find(queue_id=queue.id):
            self.tell(subscription, queue, message)
        return message

    def _next_id(self) -> str:
        """In the order of their coming."""
        order = f"{int(self.now() * 1000):012x}{next(self._numbers):06x}"
        return str(uuid.UUID(f"{order}{secrets.token_hex(7)}"))

    def post_to(self, project_id: str, queue_name: str, body: object) -> None:
        """What other services have to say to a queue."""
        self.post(self.queue_or_new(project_id, queue_name), [{"body": body}], "")

    def end_later(self, transition: str, entity: Entity, ttl: int) -> None:
        if ttl < LONG:
            self.schedule(transition, entity, after=ttl)

    def tell(self, subscription: Subscription, queue: Queue, message: Message) -> None:
        url, options = subscription.subscriber, subscription.options
        headers = {"Content-Type": "application/json", **options.get("post_headers", {})}
        if url.startswith(_TRUST):
            url = url.removeprefix(_TRUST)
            identity = self.frame.peers.identity
            headers["X-Auth-Token"] = identity.act_for(subscription.user_id, queue.project_id)
        if not url.startswith("http"):
            return  # mail goes nowhere from here
        told = json.dumps(
            {
                "body": message.body,
                "ttl": message.ttl,
                "queue_name": queue.name,
                "Message_Type": "Notification",
            }
        )
        data = str(options.get("post_data", _PLACEHOLDER)).replace(_PLACEHOLDER, told)
        self.frame.deliveries.post(Outgoing(url=url, headers=headers, body=data.encode()))

    def release(self, claim: Claim) -> None:
        """The claimed messages are anybody's again."""
        for message in self.messages.find(claim_id=claim.id):
            message.claim_id = None
            self.messages.save(message)
        self.cancel(claim)
        self.claims.remove(claim.id)


transitions = Transitions[Messaging]()


@transitions.on("message.expire")
def expire_message(messaging: Messaging, message: Message, args: dict[str, Any]) -> None:
    messaging.messages.remove(message.id)


@transitions.on("claim.expire")
def expire_claim(messaging: Messaging, claim: Claim, args: dict[str, Any]) -> None:
    messaging.release(claim)


@transitions.on("subscription.expire")
def expire_subscription(
    messaging: Messaging, subscription: Subscription, args: dict[str, Any]
) -> None:
    messaging.subscriptions.remove(subscription.id)
