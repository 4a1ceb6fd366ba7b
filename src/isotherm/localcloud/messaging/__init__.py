"""Messaging v2: queues, their messages, claims, and those who are told of them."""

from isotherm.localcloud.messaging.faults import render
from isotherm.localcloud.messaging.state import Messaging
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Messaging,
    mount="/messaging",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("messaging", "zaqar", "/messaging"),),
)
