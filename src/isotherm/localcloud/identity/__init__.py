"""Identity v3: who is who, who may do what where, and where the services are."""

from isotherm.localcloud.identity.faults import render
from isotherm.localcloud.identity.peering import PeeringIdentity
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=PeeringIdentity,
    mount="/identity",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("identity", "keystone", "/identity"),),
)
