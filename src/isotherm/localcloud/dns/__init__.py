"""DNS v2: zones and their record sets."""

from isotherm.localcloud.dns import quotas
from isotherm.localcloud.dns.dialect import MOUNT, render
from isotherm.localcloud.dns.record_sets import RECORD_SETS
from isotherm.localcloud.dns.state import Naming
from isotherm.localcloud.dns.zones import ZONES
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Naming,
    mount=MOUNT,
    routes=(quotas.versions, quotas.routes),
    kinds=(ZONES, RECORD_SETS),
    render=render,
    catalog=(CatalogEntry("dns", "designate", MOUNT),),
)

__all__ = ["registration"]
