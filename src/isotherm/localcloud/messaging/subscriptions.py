"""Subscriptions: who is told of each message that comes."""

from typing import Any

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.kinds import Kind, Wish
from isotherm.localcloud.messaging.dialect import DIALECT, inner_path
from isotherm.localcloud.messaging.entities import Queue, Subscription
from isotherm.localcloud.messaging.queues import QUEUES
from isotherm.localcloud.messaging.state import Messaging

_ALL = "/queues/{queue_id}/subscriptions"


def change(messaging: Messaging, call: Call, subscription: Subscription, wish: Wish) -> None:
    SUBSCRIPTIONS.assign(messaging, subscription, wish)
    if "ttl" in wish:
        messaging.cancel(subscription)
        subscription.created_at = messaging.now()
        messaging.end_later("subscription.expire", subscription, subscription.ttl)


def _more(
    messaging: Messaging, call: Call, subscription: Subscription, view: str
) -> dict[str, Any]:
    queue = messaging.queues.get(subscription.queue_id)
    age = int(messaging.now() - subscription.created_at)
    return {"source": queue.name if queue else "", "age": age}


SUBSCRIPTIONS = Kind[Messaging, Subscription](
    dialect=DIALECT,
    name="subscription",
    entity=Subscription,
    path=_ALL,
    parent=QUEUES,
    verbs=("list", "show", "update"),
    options={"update": {"status": 204}},
    change=change,
    more=_more,
)


@SUBSCRIPTIONS.routes.post(_ALL, "subscription.create")
def create(messaging: Messaging, call: Call) -> object:
    name = call.params["queue_id"]
    wish = SUBSCRIPTIONS.read(call, "create")
    queue = messaging.queue_or_new(call.project_id, name)
    location = {"Location": inner_path(call)}
    if there := _same(messaging, queue, wish["subscriber"]):
        confirmed = Reply(409, None, location)
        return confirmed if there.confirmed else Reply(201, {"subscription_id": there.id}, location)
    made = SUBSCRIPTIONS.add(messaging, call.caller, wish, queue_id=queue.id)
    messaging.end_later("subscription.expire", made, made.ttl)
    return Reply(201, {"subscription_id": made.id}, location)


def _same(messaging: Messaging, queue: Queue, subscriber: str) -> Subscription | None:
    held = messaging.subscriptions.find(queue_id=queue.id)
    return next((each for each in held if each.subscriber == subscriber), None)


@SUBSCRIPTIONS.routes.delete(f"{_ALL}/{{id}}", "subscription.delete")
def delete(messaging: Messaging, call: Call) -> None:
    """What is not there is deleted."""
    found = messaging.subscriptions.get(call.params["id"])
    queue = messaging.queue(call.project_id, call.params["queue_id"])
    if found is not None and queue is not None and found.queue_id == queue.id:
        SUBSCRIPTIONS.end(messaging, call, found)


@SUBSCRIPTIONS.routes.put(f"{_ALL}/{{id}}/confirm", "subscription.confirm", status=204)
def confirm(messaging: Messaging, call: Call) -> None:
    found = SUBSCRIPTIONS.of(messaging, call)
    found.confirmed = call.json.get("confirmed") is True
    SUBSCRIPTIONS.touch(messaging, found)
