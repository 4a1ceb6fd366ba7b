"""Reservations v1: hosts, and leases of them."""

from isotherm.localcloud.reservation.dialect import render, versions
from isotherm.localcloud.reservation.hosts import HOSTS
from isotherm.localcloud.reservation.leases import LEASES
from isotherm.localcloud.reservation.state import Reservations
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Reservations,
    mount="/reservation",
    routes=(versions,),
    kinds=(HOSTS, LEASES),
    render=render,
    catalog=(CatalogEntry("reservation", "blazar", "/reservation/v1"),),
)

__all__ = ["registration"]
