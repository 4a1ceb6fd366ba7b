"""DNS: zones and their records."""

from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

DNS = declare(Service("dns", version="v2"))

ZONE = DNS.entity("", "/zones", "zones", update_method="PATCH", finder=Finder("designate.zone"))
