"""Reservations v1: hosts, and leases of them."""

from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.reservation.dialect import render
from isotherm.localcloud.reservation.state import Reservations
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Reservations,
    mount="/reservation",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("reservation", "blazar", "/reservation/v1"),),
)
