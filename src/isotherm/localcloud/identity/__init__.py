"""Identity v3: who is who, who may do what where, and where the services are."""

from isotherm.localcloud.identity import routes
from isotherm.localcloud.identity.faults import render
from isotherm.localcloud.identity.state import Identity, transitions
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Identity,
    mount="/identity",
    routes=routes.ALL,
    render=render,
    transitions=transitions,
    catalog=(CatalogEntry("identity", "keystone", "/identity"),),
)

__all__ = ["Identity", "registration"]
