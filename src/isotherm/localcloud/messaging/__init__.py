"""Messaging v2: queues, their messages, claims, and those who are told of them."""

from isotherm.localcloud.messaging import claims, messages, queues, subscriptions, surroundings
from isotherm.localcloud.messaging.faults import render
from isotherm.localcloud.messaging.state import Messaging, transitions
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Messaging,
    mount="/messaging",
    routes=(
        surroundings.versions,
        surroundings.routes,
        queues.routes,
        messages.routes,
        messages.former,
        claims.routes,
    ),
    kinds=(queues.QUEUES, subscriptions.SUBSCRIPTIONS),
    render=render,
    transitions=transitions,
    catalog=(CatalogEntry("messaging", "zaqar", "/messaging"),),
)

__all__ = ["registration"]
