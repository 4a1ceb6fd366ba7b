"""Queues of messages, and who is told of them."""

from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, declare

MESSAGING = declare(
    Service(
        "message",
        version="v2",
        # Every client has to say who it is; here it makes no difference.
        headers={"Client-ID": "4c4d2a0e-2a0d-4cc3-9a51-6f7f6d7a6f10"},
    )
)

QUEUE = MESSAGING.entity(
    "", "/queues", "queues", id_field="name", finder=Finder("zaqar.queue", ANYTHING, by_name=False)
)
SUBSCRIPTION = MESSAGING.entity(
    "", "/queues/{parent}/subscriptions", "subscriptions", update_method="PATCH"
)
