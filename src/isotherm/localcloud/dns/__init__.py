"""DNS v2: zones and their record sets."""

from isotherm.localcloud.dns.dialect import MOUNT, render
from isotherm.localcloud.dns.state import Naming
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Naming,
    mount=MOUNT,
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("dns", "designate", MOUNT),),
)
