"""Reservations: hosts, and leases of them."""

from isotherm.kit.service import Service, declare

RESERVATION = declare(Service("reservation", version="v1"))

HOST = RESERVATION.entity("host", "/os-hosts", bare_requests=True)
LEASE = RESERVATION.entity("lease", "/leases", bare_requests=True)
