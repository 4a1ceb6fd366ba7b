"""DNS: zones and their records."""

from isotherm.kit.finder import FINDERS, Finder
from isotherm.kit.service import Service, declare

DNS = declare(Service("dns", version="v2"))

RECORD_SET = DNS.entity("", "/zones/{parent}/recordsets", "recordsets")
ZONE = DNS.entity("", "/zones", "zones", update_method="PATCH", finder=Finder("designate.zone"))

FINDERS["designate.domain"] = (ZONE, Finder("designate.domain"))
"""What templates of the time before zones call one."""
